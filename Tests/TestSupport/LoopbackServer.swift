import Glibc
import Synchronization

/// A tiny HTTP server on 127.0.0.1 and a port of the system's choice: a thread that accepts, a thread per connection.
package final class LoopbackServer: Sendable {
  /// What one request gets.
  package struct Answer: Sendable {
    /// Written as they are.
    package var bytes: [UInt8]
    /// Keeps the connection open and silent until the server stops.
    package var hangs = false

    package init(bytes: [UInt8], hangs: Bool = false) {
      self.bytes = bytes
      self.hangs = hangs
    }

    package init(status: String = "200 OK", headers: [String] = [], body: [UInt8] = []) {
      let head = (["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + headers).joined(separator: "\r\n")
      bytes = Array((head + "\r\n\r\n").utf8) + body
    }
  }

  package let port: UInt16
  package var url: String { "http://127.0.0.1:\(port)" }

  private let listener: Int32
  private let greeting: [UInt8]
  private let answer: @Sendable (_ head: String, _ body: [UInt8]) -> Answer
  private let readsBodies: Bool
  private let connections = Mutex<(open: Set<Int32>, isStopped: Bool)>(([], false))

  /// - Parameters:
  ///   - greeting: sent before anything is read.
  ///   - answer: from a request's head (start line and fields; bodies are not read) to what is sent back.
  package convenience init(greeting: [UInt8] = [], answer: @escaping @Sendable (_ head: String) -> Answer) throws {
    try self.init(greeting: greeting, readsBodies: false) { head, _ in answer(head) }
  }

  /// The same with bodies, of requests that say how long theirs is.
  package convenience init(answeringBodies answer: @escaping @Sendable (_ head: String, _ body: [UInt8]) -> Answer)
    throws
  {
    try self.init(greeting: [], readsBodies: true, answer: answer)
  }

  private init(
    greeting: [UInt8], readsBodies: Bool, answer: @escaping @Sendable (_ head: String, _ body: [UInt8]) -> Answer
  ) throws {
    self.answer = answer
    self.readsBodies = readsBodies
    self.greeting = greeting
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { [listener] address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isListening else { throw Failure.cannotListen }
    LoopbackServer.thread { [self] in accept() }
  }

  package enum Failure: Error { case cannotListen }

  /// Ends all connections; threads end by themselves.
  package func stop() {
    connections.withLock {
      $0.isStopped = true
      for connection in $0.open { shutdown(connection, Int32(SHUT_RDWR)) }
    }
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else { break }
      let isTaken = connections.withLock { state in
        guard !state.isStopped else { return false }
        state.open.insert(connection)
        return true
      }
      guard isTaken else {
        close(connection)
        break
      }
      LoopbackServer.thread { [self] in serve(connection) }
    }
    close(listener)
  }

  private func serve(_ connection: Int32) {
    defer {
      connections.withLock {
        $0.open.remove(connection)
        close(connection)
      }
    }
    guard write(greeting, to: connection) else { return }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      while let end = received.firstRange(of: [13, 10, 13, 10]) {
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        received.removeSubrange(..<end.upperBound)
        var body: [UInt8] = []
        if readsBodies {
          let length = Self.length(head)
          while received.count < length {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            received += buffer[..<count]
          }
          body = Array(received.prefix(length))
          received.removeFirst(length)
        }
        let answer = answer(head, body)
        guard write(answer.bytes, to: connection) else { return }
        if answer.hangs {
          while recv(connection, &buffer, buffer.count, 0) > 0 {}
          return
        }
        if !readsBodies, head.lowercased().contains("content-length:") { return }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      received += buffer[..<count]
    }
  }

  private static func length(_ head: String) -> Int {
    let field = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
    return field.flatMap { Int($0.dropFirst("content-length:".count).filter { $0 != " " }) } ?? 0
  }

  private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        send(connection, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private final class Job {
    let work: () -> Void
    init(_ work: @escaping () -> Void) { self.work = work }
  }

  static func thread(_ work: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let job = Unmanaged.passRetained(Job(work))
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Job>.fromOpaque(context).takeRetainedValue().work()
        return nil
      }, job.toOpaque())
    if failure == 0 { pthread_detach(thread) } else { job.release() }
  }
}
