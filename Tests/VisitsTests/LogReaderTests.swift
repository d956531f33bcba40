import Testing

@testable import Visits

@Suite struct LogReaderTests {
  /// Requests of a log, and what was refused.
  private func read(_ text: String) -> (entries: [LogEntry], refused: [String]) {
    var reader = LogReader()
    var (entries, refused): ([LogEntry], [String]) = ([], [])
    for line in Array(text.utf8).split(separator: 0x0A) {
      switch reader.read(line) {
      case .request(let entry): entries.append(entry)
      case .refused: refused.append(line.text())
      case .nothing: break
      case .objects(let objects):
        entries += objects.compactMap(\.entry)
        refused += objects.filter { $0.entry == nil }.map { $0.text.text() }
      }
    }
    if let rest = reader.finish() { refused.append(rest.text()) }
    return (entries, refused)
  }

  private func expectAll(_ entries: [LogEntry], _ comment: Comment) {
    let told = entries.map {
      "\($0.seconds ?? 0) \($0.client.text()) \($0.agent.text()) \($0.path.text()) \($0.hasZone)"
    }
    #expect(told == LoggedRequest.all.map { "\($0.seconds) \($0.client) \($0.agent) \($0.path) true" }, comment)
  }

  private static let iis = """
    #Software: Microsoft Internet Information Services 10.0
    #Version: 1.0
    #Date: 2026-11-16 00:00:00
    #Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status \
    sc-substatus sc-win32-status time-taken
    """
  private static let cloudFront = """
    #Version: 1.0
    #Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) \
    cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for
    """

  /// The path's query as IIS and CloudFront write it: apart.
  private static func parts(_ path: String) -> (stem: String, query: String) {
    let parts = path.split(separator: "?")
    return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "-")
  }

  private static func iis(_ request: LoggedRequest) -> String {
    let (stem, query) = parts(request.path)
    let agent = request.agent.replacing(" ", with: "+")
    return
      "\(request.isoDay) \(request.clock) 10.0.0.1 GET \(stem) \(query) 443 - \(request.client) \(agent) - 200 0 0 12"
  }

  private static func cloudFront(_ request: LoggedRequest, forwarded: String) -> String {
    let (stem, query) = parts(request.path)
    let isForwarded = forwarded != "-"
    return [
      request.isoDay, request.clock, "IAD89-C1", "512", isForwarded ? "198.18.0.7" : request.client, "GET",
      "d111.cloudfront.net", stem, "200", "-", request.agent.replacing(" ", with: "%20"), query, "-", "Hit",
      "id\(request.number)", "www.example.com", "https", "23", "0.001", forwarded,
    ].joined(separator: "\t")
  }

  @Test("logs that name their fields are read by these names, in UTC")
  func namedFields() {
    let iis = read(([Self.iis] + LoggedRequest.all.map(Self.iis)).joined(separator: "\r\n"))
    expectAll(iis.entries, "IIS")
    #expect(iis.refused == [] && iis.entries.allSatisfy { $0.status == 200 && $0.bytes == nil })
    let plain = read(
      ([Self.cloudFront] + LoggedRequest.all.map { Self.cloudFront($0, forwarded: "-") }).joined(separator: "\n"))
    expectAll(plain.entries, "CloudFront")
    #expect(plain.refused == [] && plain.entries.allSatisfy { $0.status == 200 && $0.bytes == 512 })
    let forwarded = read(
      ([Self.cloudFront] + LoggedRequest.all.map { Self.cloudFront($0, forwarded: "\($0.client),%2010.0.0.4") })
        .joined(separator: "\n"))
    expectAll(forwarded.entries, "CloudFront behind a proxy")
  }

  @Test("a later line of names holds for what comes after it; a line that doesn't fit is refused")
  func renamed() {
    let text = """
      #Fields: time c-ip cs-method cs-uri-stem date
      10:00:00 203.0.113.9 GET /a 2026-11-25
      10:00:00 203.0.113.9 GET /a 2026-11-25 200
      10:00:00 203.0.113.900 GET /a 2026-11-25
      10:00:00 203.0.113.9 GIT /a 2026-11-25
      10:00:61 203.0.113.9 GET /a 2026-11-25
      #Fields: date time cs-method cs-uri-stem c-ip
      2026-11-25 10:00:01 GET /b 203.0.113.8
      """
    let (entries, refused) = read(text)
    #expect(entries.map { $0.client.text() } == ["203.0.113.9", "203.0.113.8"])
    #expect(entries.map(\.seconds) == [1_795_600_800, 1_795_600_801] && refused.count == 4, "\(refused)")
    #expect(read("2026-11-25 10:00:01 GET /b 203.0.113.8").refused.count == 1, "nobody named its fields")
    #expect(read("#Fields: date time\n2026-11-25 10:00:01").refused.count == 1, "no request")
  }

  private static func object(_ request: LoggedRequest, _ end: String) -> String {
    """
    {\(end)  "ts": "\(request.iso)Z",\(end)  "req": { "method": "GET",\(end)    "url": "\(request.path)" },\(end)  \
    "x_forwarded_for": [\(end)    "\(request.client)",\(end)    "10.0.0.4"\(end)  ],\(end)  "note": "}\\"]{",\(end)  \
    "ua": "\(request.agent)"\(end)}
    """
  }

  @Test(
    "objects are read however they are broken into lines",
    arguments: [
      (["", "\n", "", ""], "an object a line"), (["", "\n", "", "\n"], "objects over several lines"),
      (["[", ",", "]", ""], "a list in one line"), (["[\n", ",\n", "\n]", "\n"], "a list over several lines"),
      (["[", ", ", "]", "\n"], "a list whose objects meet in a line"), (["", "", "", ""], "nothing between them"),
      (["[\n ", ",\n ", "]\n", ""], "a list, an object a line"),
    ])
  func objects(marks: [String], name: String) {
    let objects = LoggedRequest.all.map { Self.object($0, marks[3]) }
    let (entries, refused) = read(marks[0] + objects.joined(separator: marks[1]) + marks[2])
    expectAll(entries, "\(name)")
    #expect(refused == [], "\(name)")
  }

  @Test("what breaks off, or isn't JSON, is refused as a whole, and hides nothing that comes after it")
  func broken() {
    let whole = LoggedRequest.all[0]
    let object = Self.object(whole, "\n")
    for cut in stride(from: 1, to: object.utf8.count - 1, by: 7) {
      let half = String(decoding: object.utf8.prefix(cut), as: UTF8.self)
      let ending = read(half)
      #expect(ending.entries.isEmpty && !ending.refused.isEmpty, "\(half)")
      let followed = read(half + "\n" + whole.combined + "\n" + whole.combined)
      #expect(
        followed.entries.count == 2 && followed.entries.allSatisfy { $0.client.text() == whole.client }, "\(half)")
    }
    let noise = read("[1, 2]\n[error] 12#0: *3 connect() failed\n{not json}\n" + whole.combined)
    #expect(noise.entries.count == 1 && noise.refused.count == 3, "\(noise.refused)")
    let long = "{\n" + String(repeating: "\"a\": 1,\n", count: 20_000) + whole.combined
    #expect(read(long).entries.count == 1)
    // Without times, as uvicorn writes them behind something that was dumped and never closed.
    let untimed = (1...3).map { "INFO:     203.0.113.\($0):5000 - \"GET /\($0) HTTP/1.1\" 200 OK" }
    #expect(read("{\n  \"a\": [1,\n" + untimed.joined(separator: "\n")).entries.count == 3)
  }
}
