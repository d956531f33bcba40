import AppDomain
import Synchronization
import Testing

@testable import AppScrape
@testable import Curl

/// The source against pages that are answered in memory.
struct PortalScheduleSourceTests {
  private static let origin = "https://portal.example/schedule"
  private static let list = "https://docs.example/pubhtml?gid=1"
  private static let rows =
    "<table class=waffle><tr><td>DOCTOR'S NAME<td>TIMING<td>SHIFT<tr><td>Dr. A<td>08:00-14:00<td>Morning</table>"
  private static let duty = Duty(category: .regular, name: "Dr. A", timing: "08:00-14:00", shift: "Morning")

  private static func sheet(_ name: String, _ path: String) -> String {
    "items.push({name: \"\(name)\", pageUrl: \"\(path)\", gid: \"1\"});"
  }

  /// What a URL answers, per try; the last answer repeats. Unknown URLs are not resolved.
  private final class Pages: Sendable {
    typealias Answer = Result<CurlResponse, CurlError>
    private let answers: Mutex<[String: [Answer]]>
    let requests = Mutex<[CurlRequest]>([])
    let waits = Mutex<[Duration]>([])

    init(_ answers: [String: [Answer]]) { self.answers = Mutex(answers) }

    /// The usual portal page, and a list with `sheets`.
    convenience init(sheets: String, _ answers: [String: [Answer]] = [:]) {
      let usual: [String: [Answer]] = [
        origin: [.page("<iframe src='https://docs.example/pubhtml?gid=1&amp;widget=true'></iframe>")],
        list: [.page(sheets)],
      ]
      self.init(usual.merging(answers) { $1 })
    }

    /// - Parameter rest: what is asked where there is no answer in memory.
    func source(
      _ url: String = origin, options: PortalScheduleSource.Options = .init(),
      rest: (@Sendable (CurlRequest) async throws(CurlError) -> CurlResponse)? = nil
    ) -> PortalScheduleSource {
      PortalScheduleSource(
        url: url, options: options, wait: { [self] wait in waits.withLock { $0.append(wait) } }, random: { 0.5 },
        send: { [self] request throws(CurlError) in
          requests.withLock { $0.append(request) }
          let answer = answers.withLock { answers in
            let first = answers[request.url]?.first
            if let count = answers[request.url]?.count, count > 1 { answers[request.url]?.removeFirst() }
            return first
          }
          if answer == nil, let rest { return try await rest(request) }
          var response = try (answer ?? .failure(CurlError(.resolve, "\(request.url): no such host"))).get()
          if response.effectiveURL.isEmpty { response.effectiveURL = request.url }
          return response
        })
    }

    func tries(_ url: String) -> Int { requests.withLock { $0.count { $0.url == url } } }
  }

  private func failure(_ source: PortalScheduleSource) async throws -> ScrapeError {
    do throws(ScrapeError) {
      let reading = try await source.read()
      Issue.record("read \(reading.days.count) days")
      throw ScrapeError(.cancelled, "unexpected reading")
    } catch { return error }
  }

  @Test("one bad worksheet, one without a date, one without a header do not lose the others")
  func partial() async throws {
    let pages = Pages(
      sheets: Self.sheet("23/11/2026 MONDAY", "/a") + Self.sheet("24/11/2026 TUESDAY", "/broken")
        + Self.sheet("Notes", "/notes") + Self.sheet("25/11/2026 SUNDAY", "/c") + Self.sheet("26/11/2026", "/empty"),
      [
        "https://docs.example/a": [.page(Self.rows)], "https://docs.example/c": [.page(Self.rows)],
        "https://docs.example/broken": [.page("no", status: 404)],
        "https://docs.example/empty": [.page("<table class=waffle><tr><td>under construction</table>")],
      ])
    let reading = try await pages.source().read()
    #expect(reading.days.map(\.date.iso8601) == ["2026-11-23", "2026-11-25"])
    #expect(reading.days.allSatisfy { $0.duties == [Self.duty] })
    #expect(reading.warnings.map(\.place) == ["24/11/2026 TUESDAY", "Notes", "25/11/2026 SUNDAY", "26/11/2026"])
    #expect(reading.warnings.last?.message.contains("under construction") == true)
    #expect(pages.tries("https://docs.example/notes") == 0)
    #expect(pages.tries("https://docs.example/broken") == 1)
  }

  @Test("of two worksheets for a date the first with duties counts")
  func sameDate() async throws {
    let pages = Pages(
      sheets: Self.sheet("23/11/2026 MONDAY", "/a") + Self.sheet("Copy of 23/11/2026", "/b"),
      [
        "https://docs.example/a": [.page("<table class=waffle><tr><td>DOCTOR'S NAME<td>TIMING<td>SHIFT</table>")],
        "https://docs.example/b": [.page(Self.rows)],
      ])
    let reading = try await pages.source().read()
    #expect(reading.days.map(\.sheet) == ["Copy of 23/11/2026"])
    #expect(reading.warnings.map(\.place) == ["23/11/2026 MONDAY"])
  }

  @Test("429, 5xx and broken connections are tried again with growing, jittered waits, then given up")
  func retries() async throws {
    let pages = Pages(
      sheets: Self.sheet("23/11/2026", "/a") + Self.sheet("24/11/2026", "/b"),
      [
        "https://docs.example/a": [
          .page("", status: 503), .failure(CurlError(.reset, "reset")), .page(Self.rows),
        ],
        "https://docs.example/b": [.page("", status: 429)],
      ])
    var options = PortalScheduleSource.Options()
    options.maxWorksheetsAtOnce = 1
    let reading = try await pages.source(options: options).read()
    #expect(reading.days.count == 1 && reading.warnings.count == 1)
    #expect(pages.tries("https://docs.example/b") == 3)
    #expect(pages.waits.withLock { $0 } == [250, 500, 250, 500].map(Duration.milliseconds))
  }

  @Test("a server's Retry-After is kept to, unless it asks for too long", arguments: [(2, 2), (3_600, nil)])
  func retryAfter(seconds: Int, wait: Int?) async throws {
    let pages = Pages(
      sheets: "",
      [Self.origin: [.page("", status: 503, headers: [("retry-after", "\(seconds)")]), .page("<p>no frame</p>")]])
    let error = try await failure(pages.source())
    #expect(pages.waits.withLock { $0 } == (wait.map { [.seconds($0)] } ?? []))
    #expect(error.code == (wait == nil ? .unreachable : .notASchedule))
  }

  @Test(
    "errors that a second try can't mend are not tried again", arguments: [CurlError.Code.tls, .tooLarge, .protocol])
  func permanent(code: CurlError.Code) async throws {
    let pages = Pages(sheets: "", [Self.origin: [.failure(CurlError(code, "no"))]])
    let error = try await failure(pages.source())
    #expect(error.code == (code == .tooLarge ? .outOfBounds : .unreachable))
    #expect(pages.tries(Self.origin) == 1)
  }

  @Test("no frame, no worksheets, no duty anywhere: an error that says which page")
  func nothing() async throws {
    #expect(try await failure(Pages(sheets: "").source()).code == .notASchedule)
    let noFrame = try await failure(Pages(sheets: "", [Self.origin: [.page("<p>x</p>")]]).source())
    #expect(noFrame.code == .notASchedule && noFrame.message.contains(Self.origin))
    let noDuty = Pages(
      sheets: Self.sheet("23/11/2026", "/a") + Self.sheet("24/11/2026", "/b"),
      ["https://docs.example/a": [.page("<p>sign in</p>")]])
    #expect(try await failure(noDuty.source()).code == .notASchedule)
    let noPage = Pages(sheets: Self.sheet("23/11/2026", "/a") + Self.sheet("24/11/2026", "/b"))
    #expect(try await failure(noPage.source()).code == .unreachable)
  }

  @Test(
    "links from a page lead to https only; to plain http only from a source on this machine, on this machine",
    arguments: [
      (PortalScheduleSourceTests.origin, "http://docs.example/pubhtml", false),
      (PortalScheduleSourceTests.origin, "http://127.0.0.1/pubhtml", false),
      (PortalScheduleSourceTests.origin, "file:///pubhtml", false),
      ("http://127.0.0.1:1/", "http://docs.example/pubhtml", false),
      ("http://portal.example/", "http://portal.example/pubhtml", false),
      ("http://127.0.0.1:1/", "http://127.0.0.1:2/pubhtml", true), ("http://localhost:1/", "/pubhtml", true),
      ("http://127.0.0.1:1/", "https://docs.example/pubhtml", true),
    ])
  func links(source: String, frame: String, isFetched: Bool) async throws {
    let pages = Pages([source: [.page("<iframe src=\"\(frame)\"></iframe>")]])
    let error = try await failure(pages.source(source))
    #expect(error.code == (isFetched ? .unreachable : .refusedURL))
    #expect(pages.requests.withLock { $0.allSatisfy { $0.maxRedirects == 0 } }, "each hop is judged before it is made")
  }

  @Test(
    "a redirect is judged before it is followed",
    arguments: [
      ("https://docs.example/next", true), ("/next", true), ("http://docs.example/next", false),
      ("http://127.0.0.1:9/", false), ("https://127.0.0.1/", false), ("https://[::1]/", false),
      ("https://169.254.169.254/latest", false), ("https://10.0.0.1/", false), ("https://[::ffff:10.0.0.1]/", false),
      ("https://2130706433/", false), ("https://0x7f.1/", false), ("https://[fd00::1]/", false), ("gopher://x/", false),
    ])
  func redirects(location: String, isFollowed: Bool) async throws {
    let pages = Pages([Self.origin: [.page("", status: 302, headers: [("Location", location)])]])
    let error = try await failure(pages.source())
    #expect(error.code == (isFollowed ? .unreachable : .refusedURL), "\(error)")
    #expect(pages.requests.withLock { $0.contains { $0.url != Self.origin } } == isFollowed)
    #expect(pages.tries(Self.origin) == 1)
  }

  @Test("what pages lead to is connected to on the public internet only; the named source anywhere")
  func addressRules() async throws {
    let pages = Pages(
      sheets: Self.sheet("23/11/2026", "/a"), ["https://docs.example/a": [.page(Self.rows)]])
    _ = try await pages.source().read()
    #expect(pages.requests.withLock { $0.map(\.addresses) } == [.any, .publicOnly, .publicOnly])
    let inside = Pages(["https://10.0.0.5/": [.page("<iframe src='https://10.0.0.6/pubhtml'></iframe>")]])
    #expect(try await failure(inside.source("https://10.0.0.5/")).code == .refusedURL)
    #expect(inside.requests.withLock { $0.map(\.addresses) } == [.any])
  }

  @Test(
    "a host that led to the internet, and then leads into this network, is not asked there", arguments: [true, false])
  func rebinding(isRedirect: Bool) async throws {
    let pages = Pages(
      sheets: Self.sheet("23/11/2026", "/a"),
      isRedirect ? ["https://docs.example/a": [.page("", status: 302, headers: [("Location", "/b")])]] : [:])
    let client = try CurlClient()
    let source = pages.source { request throws(CurlError) in
      var request = request
      request.resolved = ["docs.example:443:127.0.0.1"]
      return try await client.send(request)
    }
    let error = try await failure(source)
    #expect(error.code == .refusedURL && error.message.contains("leads to 127.0.0.1"), "\(error)")
    #expect(pages.tries("https://docs.example/\(isRedirect ? "b" : "a")") == 1, "it is not tried again")
  }

  @Test("redirects end somewhere")
  func redirectLoop() async throws {
    let pages = Pages([Self.origin: [.page("", status: 301, headers: [("Location", Self.origin)])]])
    #expect(try await failure(pages.source()).code == .unreachable)
    #expect(pages.tries(Self.origin) == 6)
  }

  @Test(
    "of the frame's query only gid stays; relative and escaped addresses resolve",
    arguments: [
      ("https://d.example/pubhtml?widget=true&amp;gid=7&amp;single=false#x", "https://d.example/pubhtml?gid=7"),
      ("https://d.example/pubhtml?widget=true", "https://d.example/pubhtml"),
      ("//d.example/pubhtml?gid=7", "https://d.example/pubhtml?gid=7"),
      ("  https://d.example/pubhtml \n", "https://d.example/pubhtml"),
    ])
  func frames(source: String, expected: String) throws {
    let page = "<iframe src='https://video.example/x'></iframe><p><iframe class=w src='\(source)'></iframe>"
    #expect(try PortalPage.worksheetList(in: Array(page.utf8), at: Self.origin) == expected)
    let lazy = page.replacing("class=w src=", with: "src='about:blank' data-src=")
    #expect(try PortalPage.worksheetList(in: Array(lazy.utf8), at: Self.origin) == expected)
  }

  @Test("no more than four worksheets are fetched at once, and all of them are")
  func concurrency() async throws {
    let counts = Mutex<(now: Int, most: Int)>((0, 0))
    let sheets = (1...20).map { Self.sheet("\($0)/11/2026", "/s\($0)") }.joined()
    let source = PortalScheduleSource(
      url: Self.origin, options: .init(), wait: { _ in }, random: { 0 },
      send: { request throws(CurlError) in
        var body = Self.rows
        if request.url == Self.origin { body = "<iframe src='\(Self.list)'></iframe>" }
        if request.url == Self.list { body = sheets }
        counts.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        for _ in 0..<20 { await Task.yield() }
        counts.withLock { $0.now -= 1 }
        return CurlResponse(status: 200, body: Array(body.utf8), effectiveURL: request.url)
      })
    let reading = try await source.read()
    #expect(reading.days.map(\.date.day) == Array(1...20))
    #expect((2...4).contains(counts.withLock { $0.most }))
  }
}

extension Result where Success == CurlResponse, Failure == CurlError {
  /// `effectiveURL` is left empty: the URL that was asked for.
  fileprivate static func page(
    _ body: String, status: Int = 200, headers: [(name: String, value: String)] = []
  ) -> Self {
    .success(CurlResponse(status: status, headers: CurlHeaders(headers), body: Array(body.utf8), effectiveURL: ""))
  }
}
