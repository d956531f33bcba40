import AppDomain
import Curl
import Synchronization
import TestSupport
import Testing
import Timers

@testable import AppScrape

/// The source against a real server: conditional requests, redirects, bounds and faults.
@Suite(.timeLimit(.minutes(1)))
struct FetchingTests {
  private static let header = "<table class=waffle><tr><td>DOCTOR'S NAME<td>TIMING<td>SHIFT"

  private static func sheet(_ name: String, gid: Int) -> String {
    #"items.push({name: "\#(name)", pageUrl: "\/sheet?headers\x3dfalse&gid\x3d\#(gid)", gid: "\#(gid)"});"#
  }

  /// A site of two worksheets; `answers` overrides paths.
  private final class Site: Sendable {
    let heads = Mutex<[String]>([])
    let overrides: Mutex<[String: @Sendable (String) -> LoopbackServer.Answer]>

    init(_ overrides: [String: @Sendable (String) -> LoopbackServer.Answer] = [:]) {
      self.overrides = Mutex(overrides)
    }

    func answer(_ head: String) -> LoopbackServer.Answer {
      heads.withLock { $0.append(head) }
      let target = String(head.split(separator: " ").dropFirst().first ?? "")
      if let override = overrides.withLock({ $0[target] }) { return override(head) }
      let body: String
      switch target {
      case "/": body = "<iframe src='/list?gid=1&amp;widget=true'></iframe>"
      case "/list?gid=1": body = sheet("23/11/2026 MONDAY", gid: 1) + sheet("24/11/2026 TUESDAY", gid: 2)
      case "/sheet?headers=false&gid=1": body = header + "<tr><td>Dr. A<td>08:00-14:00<td>I</table>"
      case "/sheet?headers=false&gid=2": body = header + "<tr><td>Dr. B<td>08:00-14:00<td>I</table>"
      default: return .init(status: "404 Not Found")
      }
      return .init(body: Array(body.utf8))
    }

    func count(_ path: String) -> Int { heads.withLock { $0.count { $0.hasPrefix("GET \(path) ") } } }
  }

  private static func read(
    _ site: Site, options: PortalScheduleSource.Options = .init()
  ) async throws -> Result<ScheduleReading, ScrapeError> {
    let server = try LoopbackServer { site.answer($0) }
    defer { server.stop() }
    return await read(server.url + "/", options)
  }

  private static func read(_ url: String, _ options: PortalScheduleSource.Options) async -> Result<
    ScheduleReading, ScrapeError
  > {
    do throws(ScrapeError) {
      var options = options
      options.retry.backoff.base = .milliseconds(5)
      options.retry.backoff.cap = .milliseconds(10)
      guard let client = try? CurlClient() else { return .failure(ScrapeError(.cancelled, "no libcurl")) }
      return .success(try await PortalScheduleSource(url: url, client: client, options: options, wait: { _ in }).read())
    } catch { return .failure(error) }
  }

  private static let second = "/sheet?headers=false&gid=2"

  @Test(
    "a page that has not changed is asked for conditionally, and read from memory",
    arguments: [
      ("ETag: \"v1\"", "If-None-Match: \"v1\""),
      ("Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"),
    ])
  func conditional(validator: String, condition: String) async throws {
    let page = Array((Self.header + "<tr><td>Dr. B<td>08:00-14:00<td>I</table>").utf8)
    let site = Site([
      Self.second: { head in
        head.contains(condition)
          ? .init(status: "304 Not Modified", headers: [validator]) : .init(headers: [validator], body: page)
      }
    ])
    let server = try LoopbackServer { site.answer($0) }
    defer { server.stop() }
    let source = PortalScheduleSource(url: server.url + "/", client: try CurlClient(), wait: { _ in })
    let first = try await source.read()
    let again = try await source.read()
    #expect(first == again && first.rowCount == 2)
    let asked = site.heads.withLock { $0.filter { $0.contains(Self.second) } }
    #expect(asked.map { $0.contains(condition) } == [false, true])
    // Pages without a validator are fetched anew.
    #expect(site.heads.withLock { $0.count { $0.contains("If-") } } == 1)
  }

  @Test("a 304 that nobody asked for is a fault of the server")
  func unasked() async throws {
    let site = Site([Self.second: { _ in .init(status: "304 Not Modified") }])
    let reading = try await Self.read(site).get()
    #expect(reading.days.map(\.date.day) == [23])
    #expect(reading.warnings.first?.message.contains("status 304") == true)
  }

  @Test(
    "a worksheet that fails in any way is a warning; the other stays",
    arguments: [
      "500", "garbage", "truncated", "ten times larger", "endless", "silent", "cut off", "redirect to http",
      "redirect loop",
    ])
  func faults(fault: String) async throws {
    let other = try LoopbackServer { _ in .init(body: Array("x".utf8)) }
    defer { other.stop() }
    let garbage = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 131) }
    let answer: LoopbackServer.Answer =
      switch fault {
      case "500": .init(status: "500 Internal Server Error")
      case "garbage": .init(body: garbage)
      case "truncated": .init(body: Array((Self.header + "<tr><td>Dr. B<td").utf8))
      case "ten times larger": .init(body: [UInt8](repeating: 0x20, count: 50_000_000))
      case "endless": .init(bytes: Array("HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n".utf8), hangs: true)
      case "silent": .init(bytes: [], hangs: true)
      case "cut off": .init(bytes: Array("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n<table class=waffle>".utf8))
      case "redirect to http": .init(status: "302 Found", headers: ["Location: http://example.invalid/"])
      default: .init(status: "302 Found", headers: ["Location: \(Self.second)"])
      }
    var options = PortalScheduleSource.Options()
    options.pageTimeout = .milliseconds(500)
    let reading = try await Self.read(Site([Self.second: { _ in answer }]), options: options).get()
    #expect(reading.days.first?.duties.map(\.name) == ["Dr. A"])
    #expect(reading.days.dropFirst().allSatisfy { $0.duties.isEmpty })
    #expect(fault == "truncated" || reading.warnings.contains { $0.place == "24/11/2026 TUESDAY" }, "\(reading)")
  }

  @Test(
    "a source that fails in any way is an error that says so",
    arguments: [
      ("/", "500", ScrapeError.Code.unreachable), ("/", "garbage", .notASchedule), ("/", "large", .outOfBounds),
      ("/list?gid=1", "500", .unreachable), ("/list?gid=1", "garbage", .notASchedule),
      ("/list?gid=1", "large", .outOfBounds),
      ("/list?gid=1", "silent", .unreachable),
    ])
  func sourceFaults(path: String, fault: String, code: ScrapeError.Code) async throws {
    let answer: LoopbackServer.Answer =
      switch fault {
      case "500": .init(status: "500 Internal Server Error")
      case "large": .init(body: [UInt8](repeating: 0x20, count: 6_000_000))
      case "silent": .init(bytes: [], hangs: true)
      default: .init(body: Array("\u{0}PK\u{3}garbage <iframe".utf8))
      }
    let site = Site([path: { _ in answer }])
    var options = PortalScheduleSource.Options()
    options.pageTimeout = .milliseconds(500)
    let result = try await Self.read(site, options: options)
    #expect(throws: ScrapeError.self) { try result.get() }
    if case .failure(let error) = result { #expect(error.code == code, "\(error)") }
    // What may pass is tried again, what won't is not.
    #expect(site.count(path) == (["500", "silent"].contains(fault) ? 3 : 1))
  }

  @Test("a redirect within this machine is followed from an http source on this machine")
  func redirect() async throws {
    let site = Site(["/": { _ in .init(status: "301 Moved", headers: ["Location: /portal"]) }])
    site.overrides.withLock {
      $0["/portal"] = { _ in .init(body: Array("<iframe src='list?gid=1'></iframe>".utf8)) }
    }
    #expect(try await Self.read(site).get().rowCount == 2)
  }

  @Test("the list itself may be the source")
  func listAsSource() async throws {
    let site = Site()
    let server = try LoopbackServer { site.answer($0) }
    defer { server.stop() }
    #expect(try await Self.read(server.url + "/list?gid=1", .init()).get().rowCount == 2)
  }

  @Test("a plain peer where TLS was expected is no source")
  func tls() async throws {
    let server = try LoopbackServer(greeting: Array("220 hello\r\n".utf8)) { _ in .init() }
    defer { server.stop() }
    let result = await Self.read("https://127.0.0.1:\(server.port)/", .init())
    #expect(throws: ScrapeError.self) { try result.get() }
  }
}
