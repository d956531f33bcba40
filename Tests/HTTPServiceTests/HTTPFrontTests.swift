import Addresses
import Foundation
import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Statistics
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import HTTPService

/// The front as clients meet it, over real sockets.
@Suite(.timeLimit(.minutes(2)))
struct HTTPFrontTests {
  /// Counts what is logged as an error.
  private final class ErrorLines: Sendable {
    let lines = Mutex<[String]>([])

    var logger: Logger { Logger(label: "front") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
      let lines: ErrorLines
      var metadata: Logger.Metadata = [:]
      var logLevel = Logger.Level.error
      subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
      }
      func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") } }
    }
  }

  private static func router() -> Router<ServiceContext> {
    let router = ServiceRouter.make()
    router.get("/text") { _, _ in "hello" }
    router.get("/long") { _, _ in String(repeating: "x", count: 200_000) }
    router.post("/body") { request, _ in String(try await request.wholeBody(upTo: 1_000).count) }
    router.post("/ignores") { _, _ in "early" }
    return router
  }

  private static let get = "GET /text HTTP/1.1\r\nHost: a\r\n\r\n"
  private static let last = "GET /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

  private static func quick() -> HTTPBounds {
    var bounds = HTTPBounds()
    bounds.request = .milliseconds(300)
    bounds.idle = .milliseconds(900)
    bounds.linger = .milliseconds(200)
    return bounds
  }

  /// What the router would say to `GET /text`, in front of it.
  private struct TextAnswers: FrontAnswers {
    func answer(to request: FrontRequest) -> FrontAnswer? {
      let body: String
      switch request.path {
      case "/text": body = "hello"
      case "/long": body = String(repeating: "x", count: 200_000)
      default: return nil
      }
      return FrontAnswer(
        status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .contentLength: String(body.utf8.count)],
        body: ByteBuffer(string: body), route: request.path)
    }
  }

  /// All that comes back, until the server closes: the same statuses, whoever gives the answers.
  private static func answer(_ request: String, bounds: HTTPBounds = HTTPBounds()) async throws -> String {
    let text = try await answer(request, bounds: bounds, front: nil)
    let other = try await answer(request, bounds: bounds, front: TextAnswers())
    #expect(statuses(other) == statuses(text))
    return text
  }

  private static func answer(
    _ request: String, bounds: HTTPBounds, front: (any FrontAnswers)?
  ) async throws -> String {
    let errors = ErrorLines()
    return try await withServer(router(), bounds: bounds, front: front, logger: errors.logger) { port in
      let text = String(decoding: try await WireClient.exchange(Array(request.utf8), port: port), as: UTF8.self)
      #expect(errors.lines.withLock { $0 } == [])
      return text
    }
  }

  private static func statuses(_ text: String) -> [String] {
    text.matches(of: /HTTP\/1\.1 (\d{3})/).map { String($0.1) }
  }

  @Test("requests in a row on one connection are each answered, in their order")
  func pipelined() async throws {
    let post = "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    let chunked = "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
    let requests = String(repeating: Self.get + post + chunked, count: 200)
    let text = try await Self.answer(requests + Self.last)
    #expect(Self.statuses(text) == Array(repeating: "200", count: 601))
    #expect(text.hasSuffix("hello") && text.lowercased().contains("connection: close"))
  }

  @Test(
    "a broken request is answered once, and ends its connection; what was whole before it is answered first",
    arguments: [
      ("GET /text HTTP/1.1\r\n\r\n", "400"), ("GET /text HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400"),
      ("POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501"),
      ("POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"),
      ("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n", "413"),
      ("nonsense\r\n\r\n", "400"),
    ])
  func broken(request: String, status: String) async throws {
    #expect(Self.statuses(try await Self.answer(Self.get + request + Self.get)) == ["200", status])
  }

  @Test("a request that takes too long is cut, in its head and in its body")
  func slow() async throws {
    for begun in ["GET /te", "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"] {
      let start = ContinuousClock.now
      #expect(Self.statuses(try await Self.answer(begun, bounds: Self.quick())) == ["408"])
      #expect(start.duration(to: .now) >= .milliseconds(290))
    }
    let early = "POST /ignores HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"
    #expect(Self.statuses(try await Self.answer(early, bounds: Self.quick())) == ["200"], "one request has one answer")
    #expect(try await Self.answer("", bounds: Self.quick()).isEmpty)
    #expect(Self.statuses(try await Self.answer(Self.get, bounds: Self.quick())) == ["200"], "an idle one is closed")
  }

  @Test("in front of the router it is counted, named and kept back as by it")
  func atTheDesk() async throws {
    let registry = MetricsRegistry()
    try await withServer(Self.router(), metrics: registry, front: TextAnswers()) { port in
      let client = try RawClient(port: port)
      client.send("GET /text HTTP/1.1\r\nHost: a\r\nX-Request-ID: n-1\r\n\r\n")
      let text = client.receive(until: "hello")
      #expect(text.contains("\r\nX-Request-ID: n-1\r\n") && text.contains("\r\nX-Content-Type-Options: nosniff\r\n"))
      #expect(text.contains(" GMT\r\n\r\nhello"))
      let line = #"http_requests_total{method="GET",route="/text",status="200"} 1"#
      #expect(registry.render().contains(line))
    }
  }

  @Test("whoever reads nothing is answered no more than the sockets take, and the rest once they read")
  func deafAtTheDesk() async throws {
    let registry = MetricsRegistry()
    let count = 150
    @Sendable func answered() -> Int? {
      registry.render().firstMatch(of: /route="\/long",status="200"} (\d+)/).flatMap { Int($0.1) }
    }
    try await withServer(Self.router(), metrics: registry, front: TextAnswers()) { port in
      let deaf = try RawClient(port: port)
      deaf.send(String(repeating: "GET /long HTTP/1.1\r\nHost: a\r\n\r\n", count: count))
      #expect(await Waiting.until { (answered() ?? 0) > 1 })
      let other = try RawClient(port: port)
      // It stands still while others are answered.
      var (before, still) = (answered(), 0)
      for _ in 0..<20_000 where still < 150 {
        other.send(Self.get)
        #expect(other.receive(until: "hello").hasSuffix("hello"))
        let now = answered()
        (before, still) = now == before ? (now, still + 1) : (now, 0)
      }
      // 200 KB each; the kernel's buffers take a few MB.
      #expect(still == 150 && (before ?? 0) < 100, "\(before ?? 0)")
      deaf.finish()
      #expect(Self.statuses(deaf.receive(until: nil)).count == count)
    }
  }

  @Test("a client that waits to be asked for its body is asked; one of HTTP/1.0 is not")
  func expectation() async throws {
    let head = "POST /body HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n"
    try await withServer(Self.router()) { port in
      let client = try RawClient(port: port)
      client.send(head)
      #expect(client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 Continue"))
      client.send("abc")
      #expect(client.receive(until: "\r\n\r\n3").contains("200 OK"))
    }
    let old = "POST /body HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"
    #expect(Self.statuses(try await Self.answer(old)) == ["200"])
  }

  @Test("clients that leave in the middle of anything are nobody's error")
  func leaving() async throws {
    let errors = ErrorLines()
    try await withServer(Self.router(), logger: errors.logger) { port in
      for request in [
        "GET /te", "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
        String(repeating: Self.get, count: 50),
        "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "GET /long HTTP/1.1\r\nHost: a\r\n\r\n",
      ] {
        for isAbrupt in [false, true] {
          let client = try RawClient(port: port)
          client.send(request)
          client.close(abruptly: isAbrupt)
        }
      }
      #expect(try await WireClient.send("GET", "/text", port: port).status == 200)
      #expect(errors.lines.withLock { $0 } == [])
    }
  }

  @Test("at the cap the connection that never asked anything is closed for the new one, then the one idle longest")
  func cap() async throws {
    var bounds = HTTPBounds()
    bounds.connections = 8
    try await withServer(Self.router(), bounds: bounds) { port in
      let regular = try RawClient(port: port)
      regular.send(Self.get)
      #expect(regular.receive(until: "hello").contains("200 OK"))
      let idle = try (0..<20).map { _ in try RawClient(port: port) }
      // Whoever comes is answered.
      for _ in 0..<5 { #expect(try await WireClient.send("GET", "/text", port: port).status == 200) }
      #expect(idle.count { $0.isClosed(within: 0.2) } >= 13)
      regular.send(Self.get)
      #expect(regular.receive(until: "hello").contains("200 OK"), "who has asked before is still there")
      let used = try (0..<12).map { _ in
        let client = try RawClient(port: port)
        client.send(Self.get)
        #expect(client.receive(until: "hello").contains("200 OK"))
        return client
      }
      #expect(idle.allSatisfy { $0.isClosed(within: 0.2) })
      #expect(used.first?.isClosed(within: 1) == true && used.last?.isClosed(within: 0) == false)
    }
  }

  /// An IPv4 address of this machine that isn't loopback.
  private static let ownAddress: String? = {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return nil }
    defer { freeifaddrs(first) }
    var entry = first
    while let interface = entry?.pointee {
      entry = interface.ifa_next
      guard let address = interface.ifa_addr, Int32(address.pointee.sa_family) == AF_INET,
        interface.ifa_flags & UInt32(IFF_UP) != 0, let parsed = IPAddress(address), !parsed.isLoopback
      else { continue }
      return parsed.description
    }
    return nil
  }()

  /// 12 connections from an address, each of which asks for something.
  /// - Returns: how many of them are there in the end.
  private static func crowd(from address: String, proxies: TrustedProxies = TrustedProxies()) async throws -> Int {
    var bounds = HTTPBounds()
    bounds.connections = 16
    return try await withServer(router(), host: "0.0.0.0", bounds: bounds, proxies: proxies) { port in
      let other = try RawClient(port: port)
      other.send(get)
      #expect(other.receive(until: "hello").contains("200 OK"))
      let own = try (0..<12).map { _ in
        let client = try RawClient(port: port, at: address, from: address)
        client.send(get)
        #expect(client.receive(until: "hello").contains("200 OK"), "whoever comes is answered")
        return client
      }
      // The close of one for another is on its way before the other is answered, or a moment later.
      let closed = own.dropLast(4).count { $0.isClosed(within: 0.1) }
      #expect(own.suffix(4).allSatisfy { !$0.isClosed(within: 0) })
      other.send(get)
      #expect(other.receive(until: "hello").contains("200 OK"), "somebody else's is none of theirs")
      return own.count - closed
    }
  }

  @Test(
    "one address has a quarter of the cap: its oldest connections are closed for its new ones; a trusted proxy has all",
    .enabled(if: ownAddress != nil, "this machine has no address but loopback"))
  func addressCap() async throws {
    let address = try #require(Self.ownAddress)
    #expect(try await Self.crowd(from: address) == 4)
    let proxy = try #require(TrustedProxies("10.99.0.0/16, \(address)/32"))
    #expect(try await Self.crowd(from: address, proxies: proxy) == 12)
  }

  @Test("whoever comes over loopback is not counted, whatever is trusted", arguments: ["127.0.0.1", "127.0.0.2"])
  func loopbackCap(address: String) async throws {
    let elsewhere = try #require(TrustedProxies("10.99.0.0/16"))
    #expect(try await Self.crowd(from: address, proxies: elsewhere) == 12)
  }

  @Test("the descriptor limit leaves a reserve, also where it is tiny")
  func limits() {
    #expect(DescriptorLimit.connections(below: 1_024) == 960 && DescriptorLimit.connections(below: 20_000) == 19_936)
    #expect(DescriptorLimit.connections(below: 64) == 8 && DescriptorLimit.connections(below: 3) == 1)
  }

  @Test("mutated requests: never a 5xx but for an unknown coding, never a hang, never an error line")
  func mutated() async throws {
    let errors = ErrorLines()
    var random = SeededBytes(seed: 7)
    let requests = (0..<1_000).map { _ in random.mutate() }
    let start = ContinuousClock.now
    let bad: [String] = try await withServer(Self.router(), bounds: Self.quick(), logger: errors.logger) { port in
      let bad: [String] = try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
          continuation.resume(
            with: Result {
              try requests.compactMap { request -> String? in
                let client = try RawClient(port: port)
                client.send(request)
                client.finish()
                let answer = client.receive(until: nil)
                let isFault = Self.statuses(answer).contains { $0.hasPrefix("5") && $0 != "501" }
                return isFault ? String(decoding: request, as: UTF8.self) : nil
              }
            })
        }
      }
      #expect(errors.lines.withLock { $0 } == [])
      return bad
    }
    #expect(bad == [])
    #expect(start.duration(to: .now) < .seconds(60))
  }

  /// Requests with a few things wrong, the same for each seed.
  private struct SeededBytes {
    private var generator: SeededGenerator
    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next(_ limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }

    private static let seeds = [
      HTTPFrontTests.get, "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
      "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
      "HEAD /text HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
    ]
    private static let words = [
      "\r\n", "\n", "\r", "\0", " ", "\t", ":", "Host: b\r\n", "Content-Length: 7\r\n",
      "Transfer-Encoding: chunked\r\n",
      "Transfer-Encoding: gzip\r\n", "HTTP/1.0", "HTTP/2", "%00", "0\r\n\r\n", "99999999999999999999",
      "Connection: close\r\n",
    ]

    mutating func mutate() -> [UInt8] {
      var bytes = Array(Self.seeds[next(Self.seeds.count)].utf8)
      for _ in 0...next(4) {
        let place = next(bytes.count + 1)
        switch next(5) {
        case 0 where place < bytes.count: bytes[place] = UInt8(next(256))
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + next(10)))
        case 2: bytes.insert(contentsOf: Self.words[next(Self.words.count)].utf8, at: place)
        case 3: bytes.removeSubrange(place...)
        default: bytes += Array(Self.seeds[next(Self.seeds.count)].utf8)
        }
      }
      return bytes
    }
  }
}

/// A client's socket, byte by byte.
final class RawClient {
  struct CannotConnect: Error {
    var code: Int32
  }

  private let descriptor: Int32
  private var isOpen = true

  /// - Parameters:
  ///   - host: the server's address.
  ///   - own: the address to come from; nil: any.
  init(port: Int, at host: String = "127.0.0.1", from own: String? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, host, &address.sin_addr)
    if let own {
      var source = sockaddr_in()
      source.sin_family = sa_family_t(AF_INET)
      inet_pton(AF_INET, own, &source.sin_addr)
      let bound = withUnsafePointer(to: &source) { [descriptor] pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard bound == 0 else { throw CannotConnect(code: errno) }
    }
    let connected = withUnsafePointer(to: &address) { [descriptor] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw CannotConnect(code: errno) }
  }

  deinit { if isOpen { Glibc.close(descriptor) } }

  func send(_ text: String) { send(Array(text.utf8)) }
  func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  /// No more is sent.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// What comes until it ends so, or the server closes (nil: only then).
  func receive(until end: String?) -> String {
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      if let end, String(decoding: received, as: UTF8.self).contains(end) { break }
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { break }
      received += chunk[..<count]
    }
    return String(decoding: received, as: UTF8.self)
  }

  func isClosed(within seconds: Double) -> Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&polled, 1, Int32(seconds * 1_000)) > 0 else { return false }
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) <= 0
  }

  func close(abruptly: Bool) {
    var abort = linger(l_onoff: abruptly ? 1 : 0, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
    Glibc.close(descriptor)
    isOpen = false
  }
}
