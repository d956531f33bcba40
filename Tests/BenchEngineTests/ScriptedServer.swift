import Glibc
import Synchronization
import Testing
import Timers

@testable import BenchEngine

/// A server on loopback that does with each connection what the test says, on a thread of the connection's own.
final class ScriptedServer: @unchecked Sendable {
  // Unchecked because of `thread`: set once, joined once.

  /// One connection, blocking; every wait ends after 5 s.
  struct Peer: Sendable {
    let descriptor: Int32
    /// Counted from 0.
    let number: Int
    fileprivate let server: ScriptedServer

    /// A request's head and body; nil when the client has gone.
    func readRequest() -> String? {
      var text: [UInt8] = []
      let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
      while true {
        if let head = text.firstRange(of: end) {
          let lines = String(decoding: text[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
          let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != " " }.dropFirst()) }
          if text.count - head.upperBound >= length ?? 0 {
            server.requests.withLock { $0.append(String(decoding: text, as: UTF8.self)) }
            return String(decoding: text, as: UTF8.self)
          }
        }
        guard let more = readSome() else { return nil }
        text += more
      }
    }

    /// Whatever comes; nil at the end.
    func readSome() -> [UInt8]? {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      return count > 0 ? Array(buffer[..<count]) : nil
    }

    func send(_ text: String) {
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let sent = bytes.withUnsafeBufferPointer {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard sent > 0 else { return }
        bytes = bytes.dropFirst(sent)
      }
    }

    func answer(_ status: Int = 200, _ headers: String = "", body: String = "ok") {
      send("HTTP/1.1 \(status) Status\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// No more is sent; what comes can still be read.
    func halfClose() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// As a slow handler takes its time; what is tested doesn't depend on how long.
    func work(milliseconds: UInt32) { usleep(milliseconds * 1_000) }
  }

  let port: UInt16
  /// All that were read whole, in order.
  let requests = Mutex<[String]>([])
  var requestCount: UInt64 { UInt64(requests.withLock { $0.count }) }
  private let listener: Int32
  private let open = Mutex<(descriptors: Set<Int32>, isStopping: Bool)>(([], false))
  private let peers = Mutex<[OwnThread]>([])
  private var thread: OwnThread?

  init(_ serve: @escaping @Sendable (Peer) -> Void) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { [listener] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 512) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isListening else { throw EngineError(.system, "no port for the test's server") }
    port = UInt16(bigEndian: address.sin_port)
    thread = try OwnThread { [self] in accept(serve) }
  }

  func stop() {
    open.withLock { open in
      open.isStopping = true
      for descriptor in open.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
    shutdown(listener, Int32(SHUT_RDWR))
    thread?.join()
    for thread in peers.withLock({ $0 }) { thread.join() }
    close(listener)
  }

  private func accept(_ serve: @escaping @Sendable (Peer) -> Void) {
    var number = 0
    while true {
      let descriptor = Glibc.accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      var limit = timeval(tv_sec: 5, tv_usec: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      var one: Int32 = 1
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
      let isServed = open.withLock { open in
        if !open.isStopping { open.descriptors.insert(descriptor) }
        return !open.isStopping
      }
      let peer = Peer(descriptor: descriptor, number: number, server: self)
      number += 1
      let run: @Sendable () -> Void = { [self] in
        serve(peer)
        _ = open.withLock { $0.descriptors.remove(descriptor) }
        close(descriptor)
      }
      guard isServed, let thread = try? OwnThread(run) else {
        close(descriptor)
        continue
      }
      peers.withLock { $0.append(thread) }
    }
  }

  /// One step against this server.
  func run(
    _ request: String = "GET / HTTP/1.1\r\nHost: test\r\n\r\n", users: Double = 2,
    milliseconds: Int64 = 400, adjust: (inout LoadPlan) -> Void = { _ in }
  ) throws -> LoadResult {
    var run = EngineRun(port: port, request: request, users: users)
    run.plan.workload = .users([.init(duration: .milliseconds(milliseconds), target: users, isStep: true)])
    // Without a preflight, whose connection says nothing.
    run.address = try SocketAddress.resolve(host: "127.0.0.1", port: port)[0]
    adjust(&run.plan)
    return try run()
  }

}
