import Evidence
import Foundation
import TestSupport
import Testing

@testable import ProvisionTraffic
@testable import Visits

@Suite struct LogTrafficTests {
  private static let build = BenchReport.Build(version: "0", commit: nil)
  private static let firefox = "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"

  /// 2026-11-02 00:00 UTC, a Monday.
  private static let start = 1_793_577_600

  static func line(
    _ seconds: Int, _ client: String = "203.0.113.9", _ agent: String = firefox, path: String = "/", status: Int = 200
  ) -> String {
    let date = Date(timeIntervalSince1970: Double(start + seconds))
    let stamp = date.formatted(.iso8601).dropLast()
    return #"\#(stamp)Z \#(client) - - "#
      + "[\(common(start + seconds))] \"GET \(path) HTTP/1.1\" \(status) 100 \"-\" \"\(agent)\""
  }

  private static func common(_ seconds: Int) -> String {
    let days = (seconds - start) / 86_400
    let rest = seconds % 86_400
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(two(2 + days))/Nov/2026:\(two(rest / 3_600)):\(two(rest % 3_600 / 60)):\(two(rest % 60)) +0000"
  }

  private func read(_ lines: [String], zone: String? = "UTC", logZone: String = "UTC") throws -> Traffic {
    try LogTraffic(
      timeZone: try zone.map { try #require(TimeZone(identifier: $0)) },
      logTimeZone: try #require(TimeZone(identifier: logZone))
    ).read(text: lines.joined(separator: "\n"), name: "access.log", build: Self.build)
  }

  private func code(_ body: () throws -> Void) -> TrafficError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? TrafficError)?.code }
  }

  @Test("a visit is a client's first request after five silent minutes")
  func visits() throws {
    let traffic = try read([
      Self.line(0), Self.line(30), Self.line(329), Self.line(629), Self.line(640, "203.0.113.10"),
      Self.line(641, "203.0.113.10", "Other/1.0"),
    ])
    let counted = try #require(traffic.counted)
    #expect(counted.visits == [0, 629, 640, 641])
    #expect(counted.activity == [[0, 30], [329, 329], [629, 641]] && counted.otherActivity.isEmpty)
    #expect(traffic.requestsPerVisit == 1.5 && counted.requests == 6)
  }

  @Test("lines in any order and files in any order tell the same")
  func order() throws {
    let lines = (0..<200).map { Self.line($0 * 997 % 90_000) }
    #expect(try read(lines).counted == read(lines.sorted()).counted)
  }

  @Test("monitors and bots are set apart by their agent; the host's checks don't even reset the clock")
  func agents() throws {
    var lines = (0..<48).map { Self.line($0 * 1_800, "203.0.113.\($0)") }
    lines += (0..<288).map { Self.line($0 * 300 + 5, "192.0.2.1", "Mozilla/5.0+(compatible; UptimeRobot/2.0; x)") }
    lines += (0..<3).map {
      Self.line($0 * 9_000 + 77, "192.0.2.2", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://g)")
    }
    lines += (0..<5_700).map { Self.line($0 * 15, "10.0.0.7", "Render/1.0") }
    let traffic = try read(lines)
    #expect(traffic.counted?.visits.count == 48)
    #expect(traffic.counted?.otherActivity.count == 288 + 3)
    let kinds = Dictionary(uniqueKeysWithValues: traffic.setApart.map { ($0.name, $0.kind) })
    #expect(kinds == ["UptimeRobot/2.0": .monitor, "Googlebot/2.1": .bot, "Render/1.0": .platform])
    #expect(traffic.warnings.contains("already kept awake by UptimeRobot/2.0, every 5 minutes"))
    #expect(traffic.pinger(idleSeconds: 900)?.name == "UptimeRobot/2.0")
  }

  @Test(
    "a pinger that began late or stopped keeps nothing awake, and is said with its days",
    arguments: [
      (8..<14, "2026-11-10 to 2026-11-15"), (0..<8, "2026-11-02 to 2026-11-09"),
    ])
  func partTime(days: Range<Int>, shown: String) throws {
    let people = (0..<14).map { Self.line($0 * 86_400 + 32_400, "203.0.113.\($0)") }
    let pings = (days.lowerBound * 288..<days.upperBound * 288).map {
      Self.line($0 * 300, "192.0.2.1", "Mozilla/5.0+(compatible; UptimeRobot/2.0; x)")
    }
    let traffic = try read(people + pings + [Self.line(14 * 86_400)])
    #expect(traffic.pinger(idleSeconds: 900) == nil)
    #expect(traffic.counted?.otherActivity.count == pings.count)
    #expect(traffic.warnings.contains { $0.hasPrefix("UptimeRobot/2.0 pinged only from \(shown)") })
    #expect(!traffic.warnings.contains { $0.hasPrefix("already kept awake") })
  }

  @Test("a job that calls from many addresses at drifting intervals is a monitor by its rhythm")
  func drifting() throws {
    var lines = (0..<40).map { Self.line($0 * 2_111, "203.0.113.\($0)") }
    lines += (0..<140).map { Self.line($0 * 600 + $0 * 37 % 90, "198.51.100.\($0)", "curl/8.5.0", path: "/health") }
    let traffic = try read(lines)
    #expect(traffic.counted?.visits.count == 40)
    #expect(traffic.setApart.map(\.kind) == [.monitor])
    #expect(abs((traffic.setApart.first?.medianIntervalSeconds ?? 0) - 600) < 60)
  }

  @Test("the host's check is told by its rhythm where agents are not logged")
  func platformWithoutAgents() throws {
    var lines = (0..<8_000).map { index in
      "\(Date(timeIntervalSince1970: Double(Self.start + index * 5)).formatted(.iso8601)) INFO: 10.1.2.3:0 - \"GET /health HTTP/1.1\" 200 OK"
    }
    lines += (0..<10).map { index in
      "\(Date(timeIntervalSince1970: Double(Self.start + index * 3_777)).formatted(.iso8601)) INFO: 203.0.113.\(index):0 - \"GET / HTTP/1.1\" 200 OK"
    }
    let traffic = try read(lines)
    #expect(traffic.counted?.visits.count == 10 && traffic.counted?.otherActivity.isEmpty == true)
    #expect(traffic.setApart.map(\.name) == ["platform health check"])
  }

  @Test("people who come by the clock, with a page left open for a day, stay people")
  func openPage() throws {
    let lines = (0..<480).map { Self.line($0 * 60, path: "/status") }
    #expect(try read(lines).setApart.isEmpty)
  }

  @Test("requests of browsers from one private address are a proxy's, those of an office's many are people's")
  func proxy() throws {
    func isWarned(_ address: (Int) -> String) throws -> Bool {
      try read((0..<60).map { Self.line($0 * 2_000, address($0), $0.isMultiple(of: 2) ? Self.firefox : "Mozilla/5.0") })
        .warnings.contains { $0.hasPrefix("the log shows a proxy's address, not visitors'") }
    }
    #expect(try isWarned { _ in "172.18.0.1" } && isWarned { "::ffff:192.168.0.\($0 % 2)" } && isWarned { _ in "::1" })
    #expect(try !isWarned { "10.0.0.\($0)" } && !isWarned { "203.0.113.\($0)" })
  }

  @Test("scanners that find nothing are no visitors")
  func scanners() throws {
    let lines =
      [Self.line(0)] + (0..<20).map { Self.line($0 * 700, "198.51.100.\($0)", path: "/wp-login.php", status: 404) }
    let traffic = try read(lines)
    #expect(traffic.counted?.visits == [0] && traffic.setApart.first?.requests == 20)
  }

  @Test("the router's lines are used where the service's own stand beside them")
  func doubled() throws {
    let time = "2026-11-02T10:00:00Z"
    let traffic = try read([
      #"\#(time) [GET] 200 a.b/ clientIP="203.0.113.9" requestID="1" responseTimeMS=1 responseBytes=9 userAgent="Mozilla/5.0""#,
      #"\#(time) INFO: 203.0.113.9:0 - "GET / HTTP/1.1" 200 OK"#,
    ])
    #expect(
      traffic.counted?.requests == 1 && traffic.warnings.contains { $0.hasPrefix("1 line of the service's own") })
  }

  @Test("a log without times is refused with the way to get them; one without requests with the forms there are")
  func refused() throws {
    let untimed = #"INFO:     127.0.0.1:5000 - "GET / HTTP/1.1" 200 OK"#
    let error = try #require(throws: TrafficError.self) { try read([untimed]) }
    #expect(error.code == .noTimes && error.message.contains("--log-config"))
    #expect(code { _ = try read(["hello", "world"]) } == .noRequests)
    let morgan = try #require(throws: TrafficError.self) { try read(["GET / 200 5.123 ms - 512"]) }
    #expect(morgan.code == .noTimes && morgan.message.contains("morgan('combined')"))
    let timeless = try #require(throws: TrafficError.self) { try read([#"{"method":"GET","path":"/"}"#]) }
    #expect(timeless.code == .noTimes && timeless.message.contains("lack a time"))
    let pathless = try #require(throws: TrafficError.self) { try read([#"{"time":1795600800,"method":"GET"}"#]) }
    #expect(pathless.code == .noRequests && pathless.message.contains("lack a path"))
    let methodless = try #require(throws: TrafficError.self) { try read([#"{"time":1795600800,"path":"/"}"#]) }
    #expect(methodless.code == .noRequests && methodless.message.contains("lack a method"))
    #expect(code { _ = try read([""]) } == .noRequests)
  }

  @Test("times without a zone are read in the log's, daylight saving included")
  func zones() throws {
    let line = #"2026-10-24 10:00:00,000 INFO: 203.0.113.9:1 - "GET / HTTP/1.1" 200 OK"#
    let later = #"2026-10-26 10:00:00,000 INFO: 203.0.113.9:1 - "GET / HTTP/1.1" 200 OK"#
    let traffic = try read([line, later], logZone: "Europe/Berlin")
    #expect(traffic.from.description == "2026-10-24T08:00:00.000Z")
    #expect(traffic.to.description == "2026-10-26T09:00:01.000Z")
    #expect(traffic.warnings.contains { $0.hasPrefix("times without a zone were read as Europe/Berlin") })
  }

  @Test("hours of the week are those of the zone")
  func hours() throws {
    // Monday 20:00 UTC is Tuesday 01:30 in India.
    let traffic = try read([Self.line(20 * 3_600), Self.line(20 * 3_600 + 8 * 86_400)], zone: "Asia/Kolkata")
    #expect(traffic.visitsByHourOfWeek[25] > 0 && traffic.visitsByHourOfWeek[20] == 0)
  }

  @Test(
    "without --time-zone hours are those of the offset in the log, and the zone is said",
    arguments: [
      ("+0530", "Asia/Kolkata"), ("+0545", "Asia/Kathmandu"), ("+0930", "Australia/Darwin"), ("+0200", "Etc/GMT-2"),
      ("-0500", "Etc/GMT+5"), ("+0000", "UTC"),
    ])
  func logOffset(offset: String, zone: String) throws {
    let lines = ["02", "09"].map { #"203.0.113.9 - - [\#($0)/Nov/2026:20:10:00 \#(offset)] "GET / HTTP/1.1" 200 1"# }
    let traffic = try read(lines, zone: nil)
    #expect(traffic.timeZone == zone && traffic.visitsByHourOfWeek[20] > 0)
    #expect(traffic.warnings.contains { $0.contains("reckoned in \(zone), as the log's") } == (zone != "UTC"))
  }

  @Test("times that name no offset are reckoned in UTC, which is said, or as --log-time-zone says")
  func noOffset() throws {
    let line = #"2026-11-02 20:10:00,000 INFO: 203.0.113.9:1 - "GET / HTTP/1.1" 200 OK"#
    let traffic = try read([line], zone: nil)
    #expect(traffic.timeZone == "UTC")
    #expect(traffic.warnings.contains("days and hours are reckoned in UTC: --time-zone says otherwise"))
    let berlin = try read([line], zone: nil, logZone: "Europe/Berlin")
    #expect(berlin.timeZone == "Europe/Berlin" && berlin.visitsByHourOfWeek[20] > 0)
  }

  @Test("a few lines dated years away don't stretch the log")
  func strays() throws {
    let stray = #"203.0.113.9 - - [01/Jan/2001:00:00:00 +0000] "GET / HTTP/1.1" 200 900000000 "-" "x""#
    let traffic = try read([stray] + (0..<400).map { Self.line($0 * 500) })
    #expect(traffic.spanSeconds < 3 * 86_400)
    #expect(try read((0..<400).map { Self.line($0 * 500) }).egressBytesPerMonth == traffic.egressBytesPerMonth)
    #expect(traffic.warnings.contains { $0.hasPrefix("1 requests dated more than two months") })
  }

  @Test("the tool's own load test is no traffic: neither peak nor bytes nor span nor clock know of it")
  func loadTest() throws {
    let people = (0..<40).map { Self.line($0 * 9_000, "203.0.113.\($0)") }
    let load = (0..<600).map {
      Self.line(500_000 + $0 / 50, "198.51.100.7", "Outgrown/0.1.0 (load test; +campus-morning)")
    }
    let plain = try read(people)
    let traffic = try read(people + load)
    #expect(traffic.counted == plain.counted && traffic.peak == plain.peak && traffic.to == plain.to)
    #expect(traffic.egressBytesPerMonth == plain.egressBytesPerMonth)
    #expect(traffic.setApart.map(\.name) == ["Outgrown's load test"] && traffic.setApart.first?.requests == 600)
    #expect(traffic.warnings.contains("600 requests of Outgrown's own load test left out"))
    #expect(code { _ = try read(load) } == .noRequests)
  }

  @Test("a dash for bytes is none; only a log without the field has unknown egress, and says so")
  func dashes() throws {
    let sized = (0..<100).map { Self.line($0 * 9_000) }
    let dashed = (0..<100).map { Self.line($0 * 9_000 + 3_000, status: 304).replacing(" 304 100 ", with: " 304 - ") }
    let traffic = try read(sized + dashed)
    #expect(abs((traffic.egressBytesPerMonth ?? 0) - 10_000.0 * 30 * 86_400 / 894_001) < 1)
    #expect(!traffic.warnings.contains { $0.contains("sizes") })
    let without = try read([#"2026-11-25T10:00:00Z INFO: 203.0.113.9:5000 - "GET / HTTP/1.1" 200"#])
    #expect(without.egressBytesPerMonth == nil)
    #expect(without.warnings.contains("the log has no sizes: egress is not known"))
  }

  @Test("peak and bytes sent")
  func peak() throws {
    let traffic = try read((0..<120).map { Self.line(1_000 + $0 / 4) } + [Self.line(86_400)])
    #expect(traffic.peak?.requestsPerSecondInBusiestMinute == 2 && traffic.peak?.requestsInBusiestSecond == 4)
    let days = traffic.spanSeconds / 86_400
    #expect(abs((traffic.egressBytesPerMonth ?? 0) - 12_100 * 30 / days) < 1)
  }

  @Test("a request whose id was seen before counts once; ids that begin anew don't hide others")
  func ids() throws {
    func line(_ second: Int, _ id: String, _ path: String = "/") -> String {
      #"{"time":\#(Self.start + second),"method":"GET","path":"\#(path)","requestID":"\#(id)","ip":"203.0.113.9"}"#
    }
    let lines = [line(0, "a"), line(9, "b"), line(9, "b", "/c"), line(4_000, "a")]
    let traffic = try read(lines + lines)
    #expect(traffic.counted?.requests == 4 && traffic.counted?.visits == [0, 4_000])
    #expect(traffic.warnings.contains("4 requests stood in the log before, by their id, and count once"))
  }

  @Test("the same log twice and logs that overlap are warned of")
  func overlap() async throws {
    try await withTemporaryDirectory { folder in
      let lines = (0..<300).map { Self.line($0 * 997) }
      func warnings(_ first: ArraySlice<String>, _ second: ArraySlice<String>) throws -> [String] {
        try first.joined(separator: "\n").write(toFile: folder + "/a.log", atomically: true, encoding: .utf8)
        try second.joined(separator: "\n").write(toFile: folder + "/b.log", atomically: true, encoding: .utf8)
        let zone = try #require(TimeZone(identifier: "UTC"))
        return try LogTraffic(timeZone: zone, logTimeZone: zone)
          .read([folder + "/a.log", folder + "/b.log"], build: Self.build).warnings.filter { $0.contains("b.log") }
      }
      let same = try warnings(lines[...], lines[...])
      #expect(same == ["b.log has the same lines as a.log: requests count twice, leave one out"])
      let overlapping = try warnings(lines[..<200], lines[180...])
      #expect(overlapping.count == 1 && overlapping[0].hasPrefix("20 lines of b.log stand in a.log too"))
      let apart = try warnings(lines[..<150], lines[150...])
      #expect(apart.isEmpty)
    }
  }

  @Test("a line of a megabyte, bytes of any kind and gzip are read as they come")
  func files() async throws {
    try await withTemporaryDirectory { folder in
      var data = Data(Self.line(0).utf8) + Data([0x0A])
      data += Data(repeating: 0x41, count: 1 << 20) + Data([0x0A, 0x00, 0xFF, 0x0A])
      data += Data(Self.line(4_000).utf8)
      let path = folder + "/access.log"
      try data.write(to: URL(filePath: path))
      let zone = try #require(TimeZone(identifier: "UTC"))
      let reader = LogTraffic(timeZone: zone, logTimeZone: zone)
      let traffic = try reader.read([path], build: Self.build)
      #expect(traffic.counted?.visits == [0, 4_000] && traffic.counted?.unreadableLines == 2)
      #expect(traffic.warnings.contains { $0.hasPrefix("1 line longer than 64 KiB was skipped") })

      let process = Process()
      process.executableURL = URL(filePath: "/bin/gzip")
      process.arguments = ["-k", path]
      try process.run()
      process.waitForEnd()
      #expect(try reader.read([path + ".gz"], build: Self.build).counted == traffic.counted)
      #expect(code { _ = try reader.read([folder + "/none"], build: Self.build) } == .unreadable)
      #expect(code { _ = try reader.read([folder], build: Self.build) } == .unreadable)
    }
  }

  @Test("a list of JSON in one line is read; where it is too long for a line, what to do is said")
  func oneLineOfJSON() async throws {
    let objects = (0..<2_000).map {
      #"{"ts":\#(1_795_600_800 + $0 * 400),"method":"GET","path":"/a","client_ip":"203.0.113.9","user_agent":"Mozilla/5.0"}"#
    }
    let zone = try #require(TimeZone(identifier: "UTC"))
    let reader = LogTraffic(timeZone: zone, logTimeZone: zone)
    try await withTemporaryDirectory { folder in
      let path = folder + "/access.json"
      try Data(("[" + objects.prefix(400).joined(separator: ",") + "]").utf8).write(to: URL(filePath: path))
      #expect(try reader.read([path], build: Self.build).counted?.requests == 400)
      try Data(("[" + objects.joined(separator: ",") + "]").utf8).write(to: URL(filePath: path))
      let error = #expect(throws: TrafficError.self) { try reader.read([path], build: Self.build) }
      #expect(error?.message.contains("jq -c '.[]'") == true, "\(String(describing: error))")
    }
  }

  // MARK: Forms

  private static let agent = "Mozilla/5.0 (X11) Firefox/130.0"

  /// AWS's load balancer: a form that has to be named.
  private static func balancer(_ index: Int) -> String {
    let time = Date(timeIntervalSince1970: Double(start + index * 4_000)).formatted(.iso8601)
    return "https \(time) app/lb/50 203.0.113.\(index % 9):2817 10.0.0.1:80 0.0 0.001 0.0 200 200 34 366 "
      + "\"GET https://e.example:443/ HTTP/1.1\" \"\(agent)\" TLS TLSv1.2 arn:x"
  }

  @Test("a form that isn't known is refused with its first line and the format to try, which reads it")
  func unknownForm() throws {
    let lines = (0..<40).map(Self.balancer)
    let error = try #require(throws: TrafficError.self) { try read(["", "# a comment"] + lines) }
    #expect(error.code == .unknownForm && error.message.contains(lines[0]))
    let notation = try #require(error.message.components(separatedBy: "--log-format '").last?.dropLast())
    let zone = try #require(TimeZone(identifier: "UTC"))
    let reader = LogTraffic(timeZone: zone, logTimeZone: zone, format: try LogForm(notation: String(notation)))
    let traffic = try reader.read(text: lines.joined(separator: "\n"), name: "alb.log", build: Self.build)
    #expect(traffic.counted?.requests == 40 && traffic.counted?.visits.count == 40)
    let misfit = try #require(throws: TrafficError.self) {
      try reader.read(text: Self.line(0) + "\n" + Self.line(9), name: "a.log", build: Self.build)
    }
    #expect(misfit.code == .unknownForm && misfit.message.contains("--log-format does not fit"))
  }

  @Test("more than one line in a hundred that isn't understood is said before anything else, with the first")
  func partly() throws {
    let known = (0..<200).map { Self.line($0 * 400, "203.0.113.\($0)") }
    let three = try read(known + (0..<3).map(Self.balancer))
    #expect(three.warnings.first?.hasPrefix("3 of 203 lines of requests (1.48 %) were not understood") == true)
    #expect(three.warnings.first?.contains(Self.balancer(0)) == true)
    let one = try read(known + [Self.balancer(0)])
    #expect(!one.warnings.contains { $0.contains("not understood") } && one.counted?.unreadableLines == 1)
    #expect(code { _ = try read(Array(known.prefix(2)) + (0..<3).map(Self.balancer)) } == .unknownForm)
  }

  @Test("where every client is the same word that is said first")
  func oneClient() throws {
    let lines = (0..<30).map {
      Self.line($0 * 4_000, "www.example.com", $0.isMultiple(of: 2) ? Self.agent : "Mozilla/5.0")
    }
    let same = try read(lines)
    #expect(same.warnings.first?.contains("“www.example.com”: is that a visitor?") == true)
    let nobody = (0..<30).map { Self.line($0 * 4_000, "-") }
    #expect(try read(nobody).warnings.first?.hasPrefix("no line names a client") == true)
    let two = try read(lines + [Self.line(99, "203.0.113.9")])
    #expect(!two.warnings.contains { $0.contains("is that a visitor?") })
  }

  @Test("a router of pairs and the service's own lines count once")
  func herokuTwice() throws {
    let lines = (0..<10).flatMap { index -> [String] in
      let time = Date(timeIntervalSince1970: Double(Self.start + index * 4_000)).formatted(.iso8601)
      return [
        #"\#(time) heroku[router]: at=info method=GET path="/" fwd="203.0.113.9" dyno=web.1 status=200 bytes=9"#,
        #"\#(time) app[web.1]: 203.0.113.9 - - "GET / HTTP/1.1" 200 9 "-" "\#(Self.agent)""#,
      ]
    }
    #expect(try read(lines).counted?.requests == 10)
  }

  // MARK: Files

  private func gzipped(_ folder: String, _ lines: [String]) throws -> Data {
    let path = folder + "/whole.log"
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/gzip")
    process.arguments = ["-f", path]
    try process.run()
    process.waitForEnd()
    return try Data(contentsOf: URL(filePath: path + ".gz"))
  }

  @Test("a gzip file that breaks off or is damaged is said, with how much was read")
  func broken() async throws {
    try await withTemporaryDirectory { folder in
      let lines = (0..<4_000).map { Self.line($0 * 97, "203.0.113.\($0 % 200)") }
      let whole = try gzipped(folder, lines)
      func reading(_ data: Data) throws -> (traffic: Traffic, doubts: [String]) {
        try data.write(to: URL(filePath: folder + "/a.log.gz"))
        let zone = try #require(TimeZone(identifier: "UTC"))
        var doubts: [String] = []
        let traffic = try LogTraffic(timeZone: zone, logTimeZone: zone)
          .read([folder + "/a.log.gz"], build: Self.build, doubt: { doubts.append($0) })
        return (traffic, doubts)
      }
      let undamaged = try reading(whole)
      #expect(undamaged.doubts.isEmpty && undamaged.traffic.counted?.requests == 4_000)
      let cut = try reading(whole.prefix(whole.count / 2))
      let read = try #require(cut.traffic.counted?.requests)
      #expect(read > 500 && read < 3_500)
      #expect(cut.doubts == ["a.log.gz: the gzip file breaks off after \(read) lines: what came after them is missing"])
      #expect(cut.traffic.warnings.first == cut.doubts.first)
      var wrong = whole
      wrong[whole.count - 6] ^= 0xFF
      #expect(try reading(wrong).doubts.first?.contains("checksum is wrong") == true)
    }
  }

  @Test(
    "what isn't plain or gzip'd text is named, with the way to read it",
    arguments: [
      ([0x28, 0xB5, 0x2F, 0xFD, 0, 0], "zstd -dc"), (Array("BZh91AY".utf8), "bzip2 -dc"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz -dc"), ([0x50, 0x4B, 0x03, 0x04, 0], "unzip -p"),
      ([0xFF, 0xFE, 0x32, 0x00], "UTF-16"),
      ("203.0.113.9 - - [02/Nov/2026:00:00:00".utf8.flatMap { [$0, 0] }, "UTF-16"),
    ] as [([UInt8], String)])
  func foreign(bytes: [UInt8], word: String) async throws {
    try await withTemporaryDirectory { folder in
      try Data(bytes).write(to: URL(filePath: folder + "/a.log"))
      let zone = try #require(TimeZone(identifier: "UTC"))
      let error = try #require(throws: TrafficError.self) {
        try LogTraffic(timeZone: zone, logTimeZone: zone).read([folder + "/a.log"], build: Self.build)
      }
      #expect(
        error.code == .unreadable && error.message.contains(word) && error.message.contains("nothing of it was read"))
    }
  }

  @Test("a pipe is read to its end")
  func pipe() async throws {
    try await withTemporaryDirectory { folder in
      let lines = (0..<3_000).map { Self.line($0 * 40, "203.0.113.\($0 % 200)") }
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      let writer = Thread {
        guard let handle = FileHandle(forWritingAtPath: path) else { return }
        for start in stride(from: 0, to: lines.count, by: 500) {
          try? handle.write(contentsOf: Data((lines[start..<(start + 500)].joined(separator: "\n") + "\n").utf8))
        }
        try? handle.close()
      }
      writer.start()
      let zone = try #require(TimeZone(identifier: "UTC"))
      let traffic = try LogTraffic(timeZone: zone, logTimeZone: zone).read([path], build: Self.build)
      #expect(traffic.counted?.requests == 3_000)
    }
  }
}
