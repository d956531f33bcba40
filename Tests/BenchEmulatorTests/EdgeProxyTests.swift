import Foundation
import Synchronization
import TestSupport
import Testing

@testable import BenchEmulator

/// The edge over sockets, in front of a service in this process whose life the test decides.
@Suite struct EdgeProxyTests {
  /// A service that starts and ends by word.
  private final class FakeProcess: EmulatedProcess {
    let port: UInt16
    private let state = Mutex<(report: (@Sendable (ServiceProcess.Event) -> Void)?, starts: Int)>((nil, 0))
    private let answersAtOnce: Bool
    let started: AsyncStream<Int>
    private let counter: AsyncStream<Int>.Continuation

    init(port: UInt16, answersAtOnce: Bool = true) {
      self.port = port
      self.answersAtOnce = answersAtOnce
      (started, counter) = AsyncStream.makeStream()
    }

    var isRunning: Bool { state.withLock { $0.report != nil } }

    func start(_ report: @escaping @Sendable (ServiceProcess.Event) -> Void) {
      let number = state.withLock { state in
        state = (report, state.starts + 1)
        return state.starts
      }
      counter.yield(number)
      if answersAtOnce { report(.answered(afterSeconds: 0)) }
    }

    func answer() { state.withLock { $0.report }?(.answered(afterSeconds: 0)) }
    func terminate() { exit(.signal(15)) }
    func kill() { exit(.signal(9)) }

    func exit(_ reason: ProcessExit.Reason) {
      let report = state.withLock { state in
        defer { state.report = nil }
        return state.report
      }
      report?(.exited(ProcessExit(reason: reason)))
    }
  }

  /// What happens while `body` runs, with the edge's events in order.
  private func withEdge(
    _ rule: EdgeRule, process: FakeProcess,
    _ body: (_ port: Int, _ events: inout AsyncStream<EdgeEvent>.Iterator) async throws -> Void
  ) async throws {
    let (events, continuation) = AsyncStream<EdgeEvent>.makeStream()
    let edge = EdgeProxy(rule, service: process, observe: { continuation.yield($0) }, whenReady: {})
    let port = try edge.start(host: "127.0.0.1", port: 0)
    var iterator = events.makeAsyncIterator()
    do {
      try await body(port, &iterator)
    } catch {
      await Self.blocking { edge.stop() }
      throw error
    }
    await Self.blocking { edge.stop() }
  }

  /// On a thread that may block.
  private static func blocking(_ work: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        work()
        continuation.resume()
      }
    }
  }

  private func wait(
    for kind: EdgeEvent.Kind, _ events: inout AsyncStream<EdgeEvent>.Iterator
  ) async -> EdgeEvent? {
    while let event = await events.next() { if event.kind == kind { return event } }
    return nil
  }

  private var quick: EdgeRule {
    var rule = EdgeRule(idle: 0.2)
    rule.platformWake = 0.02
    rule.wakeRetryBackoff = 0
    rule.restartBackoff = 0.05
    return rule
  }

  /// Answers with the request's head as its body.
  private func mirror() throws -> LoopbackServer {
    try LoopbackServer { head in .init(headers: ["Server: mirror"], body: Array(head.utf8)) }
  }

  @Test("an awake service is forwarded to, with hop-by-hop fields taken off and the client's address added")
  func forwards() async throws {
    let server = try mirror()
    defer { server.stop() }
    try await withEdge(EdgeRule(idle: nil), process: FakeProcess(port: server.port)) { port, events in
      _ = await wait(for: .awake, &events)
      let response = try await WireClient.send(
        "GET", "/a?b=c", port: port,
        headers: ["X-Forwarded-For": "203.0.113.9", "Keep-Alive": "timeout=5", "TE": "trailers", "X-Own": "1"])
      #expect(response.status == 200)
      #expect(response.headers["x-render-origin-server"] == "mirror")
      #expect(response.headers["rndr-id"]?.count == 18)
      #expect(response.headers["x-render-routing"] == nil)
      let lines = response.body.lowercased().components(separatedBy: "\r\n")
      #expect(lines.first == "get /a?b=c http/1.1")
      #expect(lines.contains("x-forwarded-for: 203.0.113.9, 127.0.0.1"))
      #expect(lines.contains("x-own: 1") && lines.contains("host: 127.0.0.1:\(port)"))
      #expect(!lines.contains { $0.hasPrefix("keep-alive") || $0.hasPrefix("te:") })
    }
  }

  @Test("asleep: a browser gets the page at once, a program waits for the answer, robots.txt is the edge's")
  func sleeps() async throws {
    let server = try mirror()
    defer { server.stop() }
    let process = FakeProcess(port: server.port, answersAtOnce: false)
    try await withEdge(quick, process: process) { port, events in
      var starts = process.started.makeAsyncIterator()
      _ = await starts.next()
      process.answer()
      let asleep = await wait(for: .asleep, &events)
      #expect(asleep?.cause == "idle 0.2 s")
      let robots = try await WireClient.send("GET", "/robots.txt", port: port)
      #expect(robots.status == 200 && robots.body == "User-agent: *\nDisallow: /")
      #expect(robots.headers["x-render-routing"] == nil && robots.headers["x-render-origin-server"] == nil)

      let page = try await WireClient.send("GET", "/", port: port, headers: ["Accept": "text/html"])
      #expect(page.status == 503 && page.headers["x-render-routing"] == "hibernate-pending-wake")
      #expect(page.headers["retry-after"] == "5" && page.body.contains("<title>"))
      #expect(page.headers["x-render-origin-server"] == nil)
      let head = try await WireClient.send("HEAD", "/", port: port, headers: ["Accept": "text/html"])
      #expect(head.status == 503 && head.body.isEmpty && head.headers["content-length"] == "\(page.body.utf8.count)")

      async let held = WireClient.send("GET", "/held", port: port, headers: ["Accept": "*/*"])
      _ = await starts.next()
      process.answer()
      let answer = try await held
      #expect(answer.status == 200 && answer.body.contains("/held"))
      let woken = await wait(for: .woken, &events)
      #expect(woken != nil)
    }
  }

  @Test("a wake that crashes is a 503 without a body, and the next request tries again")
  func wakeFails() async throws {
    let server = try mirror()
    defer { server.stop() }
    let process = FakeProcess(port: server.port, answersAtOnce: false)
    try await withEdge(quick, process: process) { port, events in
      var starts = process.started.makeAsyncIterator()
      _ = await starts.next()
      process.exit(.code(1))
      let failed = await wait(for: .wakeFailed, &events)
      #expect(failed?.cause == "exit code 1")
      async let held = WireClient.send("GET", "/", port: port)
      _ = await starts.next()
      process.exit(.code(1))
      let answer = try await held
      #expect(answer.status == 503 && answer.headers["x-render-routing"] == "hibernate-wake-error")
      #expect(answer.body.isEmpty)
    }
  }

  @Test("a death while awake is a 502 for everything until it answers again")
  func dies() async throws {
    let server = try mirror()
    defer { server.stop() }
    var rule = quick
    rule.idle = 60
    let process = FakeProcess(port: server.port, answersAtOnce: false)
    try await withEdge(rule, process: process) { port, events in
      var starts = process.started.makeAsyncIterator()
      _ = await starts.next()
      process.answer()
      _ = await wait(for: .awake, &events)
      process.exit(.signal(9))
      _ = await wait(for: .died, &events)
      for path in ["/", "/robots.txt"] {
        let answer = try await WireClient.send("GET", path, port: port)
        #expect(answer.status == 502 && answer.headers["x-render-routing"] == "dynamic-free-error")
      }
      _ = await starts.next()
      process.answer()
      let awake = await wait(for: .awake, &events)
      #expect(awake?.cause == "answers again")
      #expect(try await WireClient.send("GET", "/", port: port).status == 200)
    }
  }

  @Test("a service that closes without an answer is a 502; one that stops half-way is a truncated answer")
  func truncated() async throws {
    let server = try LoopbackServer { head in
      // The head of a close in the request makes the server end the connection after its bytes.
      head.contains("/half")
        ? .init(bytes: Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8)) : .init(bytes: [])
    }
    defer { server.stop() }
    try await withEdge(EdgeRule(idle: nil), process: FakeProcess(port: server.port)) { port, events in
      _ = await wait(for: .awake, &events)
      let none = try await WireClient.send("POST", "/none", port: port, headers: ["Content-Length": "0"])
      #expect(none.status == 502 && none.headers["x-render-routing"] == "dynamic-paid-error")
      let half = try await WireClient.send("POST", "/half", port: port, headers: ["Content-Length": "0"])
      #expect(half.headers["content-length"] == "100" && half.body == "half")
    }
  }

  @Test("requests on one connection are answered in order, HEAD without a body, chunks and interim answers intact")
  func keepAlive() async throws {
    let server = try LoopbackServer { head in
      if head.contains("/chunked") {
        return .init(
          bytes: Array(
            ("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
              + "Keep-Alive: timeout=1\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").utf8))
      }
      if head.hasPrefix("HEAD") { return .init(bytes: Array("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n".utf8)) }
      return .init(body: Array("plain".utf8))
    }
    defer { server.stop() }
    try await withEdge(EdgeRule(idle: nil), process: FakeProcess(port: server.port)) { port, events in
      _ = await wait(for: .awake, &events)
      let requests =
        "HEAD /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /chunked HTTP/1.1\r\nHost: x\r\n\r\n"
        + "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      let text = String(decoding: try await WireClient.exchange(Array(requests.utf8), port: port), as: UTF8.self)
      let parts = text.components(separatedBy: "HTTP/1.1 ").dropFirst()
      #expect(parts.map { String($0.prefix(3)) } == ["200", "103", "200", "200"])
      let list = Array(parts)
      #expect(list[0].contains("Content-Length: 7") && list[0].hasSuffix("\r\n\r\n"))
      #expect(list[2].lowercased().contains("transfer-encoding: chunked") && !list[2].contains("Keep-Alive"))
      #expect(list[2].hasSuffix("0\r\n\r\n") && list[2].contains("abc"))
      #expect(list[3].hasSuffix("plain") && list[3].contains("connection: close"))
      // HTTP/1.0 knows no chunks: the connection's end is the body's.
      let old = "GET /chunked HTTP/1.0\r\n\r\n"
      let answer = String(decoding: try await WireClient.exchange(Array(old.utf8), port: port), as: UTF8.self)
      #expect(answer.hasPrefix("HTTP/1.0 200") && answer.hasSuffix("\r\n\r\nabcde"))
      #expect(!answer.lowercased().contains("chunked"))
    }
  }

  @Test("a large body comes through whole")
  func largeBody() async throws {
    let body = [UInt8](repeating: 120, count: 8 << 20)
    let server = try LoopbackServer { _ in .init(body: body) }
    defer { server.stop() }
    try await withEdge(EdgeRule(idle: nil), process: FakeProcess(port: server.port)) { port, events in
      _ = await wait(for: .awake, &events)
      let response = try await WireClient.send("GET", "/", port: port)
      #expect(response.body.utf8.count == body.count)
    }
  }

  @Test("garbage on the wire is refused and harms nobody else")
  func garbage() async throws {
    let server = try mirror()
    defer { server.stop() }
    try await withEdge(EdgeRule(idle: nil), process: FakeProcess(port: server.port)) { port, events in
      _ = await wait(for: .awake, &events)
      let answer = try await WireClient.exchange(Array("\u{1}\u{2} nonsense\r\n\r\n".utf8), port: port)
      #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 400"))
      #expect(try await WireClient.send("GET", "/", port: port).status == 200)
    }
  }

  @Test("suspended: everything gets 503 and its text")
  func suspended() async throws {
    let server = try mirror()
    defer { server.stop() }
    var rule = quick
    rule.idle = 60
    rule.pooledSeconds = 0.1
    try await withEdge(rule, process: FakeProcess(port: server.port)) { port, events in
      _ = await wait(for: .suspended, &events)
      for path in ["/", "/robots.txt"] {
        let answer = try await WireClient.send("GET", path, port: port, headers: ["Accept": "text/html"])
        #expect(answer.status == 503 && answer.headers["x-render-routing"] == "suspend")
        #expect(answer.body == "Service Suspended")
      }
    }
  }
}
