import Glibc
import Measures
import Synchronization
import Timers

@testable import BenchEngine

/// A server of plain sockets with one behaviour, on a thread of its own and a free port of loopback.
final class FaultyServer: @unchecked Sendable {
  // Unchecked because of `thread`: set once, joined once.
  enum Behaviour: Sendable {
    case answers
    /// All that wait for it, as soon as none has come for 20 ms.
    case answersWhenQuiet
    case closesAfterEach, closesIdle(after: Int), closesWithoutAnswer, garbage, neverEnds, silent
    case status(Int)
    /// A whole response for a whole request.
    case responds(@Sendable (String) -> String)
    case sends([UInt8])
    case sendsThenCloses([UInt8])
    /// Two parts with a pause of so many microseconds before each.
    case pauses(UInt32, [UInt8], [UInt8])
    /// A byte at a time with such a pause before each.
    case trickles(UInt32, [UInt8])
    /// A head and a body of so many bytes.
    case sendsMuch(Int)
    /// Answers a request once so many bytes of it have come, which it is in no hurry to read.
    case swallows(Int)
    /// Ends the connection with a reset instead of an answer.
    case resets
    /// Answers and closes, and resets each so manieth connection instead.
    case resetsEach(Int)
    /// Answers so many requests, then nobody is there any more.
    case dies(after: Int)
  }

  let port: UInt16
  /// Requests that were read.
  let requests = Atomic<Int>(0)
  /// The most that have waited for an answer at one time.
  let peak = Atomic<Int>(0)
  private let listener: Int32
  private let shouldStop = Atomic<Bool>(false)
  private var thread: OwnThread?

  init(_ behaviour: Behaviour) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, length) == 0 && listen(descriptor, 512) == 0
          && getsockname(descriptor, generic, &length) == 0
      }
    }
    guard bound else { throw EngineError(.system, "no port for the test's server") }
    port = UInt16(bigEndian: address.sin_port)
    thread = try OwnThread { [self] in serve(behaviour) }
  }

  func stop() {
    shouldStop.store(true, ordering: .relaxed)
    thread?.join()
    close(listener)
  }

  private func serve(_ behaviour: Behaviour) {
    var connections: [Int32: Int] = [:]
    var accepts = 0
    var waiting: [Int32] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !shouldStop.load(ordering: .relaxed) {
      var polled = ([listener] + connections.keys).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&polled, nfds_t(polled.count), 20) > 0 else {
        for descriptor in waiting { _ = answer(descriptor, .answers, served: 0, request: "") }
        waiting = []
        continue
      }
      for entry in polled where entry.revents != 0 {
        if entry.fd == listener {
          let accepted = accept(listener, nil, nil)
          if accepted >= 0 {
            connections[accepted] = 0
            accepts += 1
            if case .resetsEach(let number) = behaviour, accepts % number == 0 { reset(accepted) }
            if case .swallows = behaviour {
              var size: Int32 = 131_072
              setsockopt(accepted, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
            }
          }
          continue
        }
        let count = recv(entry.fd, &buffer, buffer.count, 0)
        guard count > 0 else {
          close(entry.fd)
          connections[entry.fd] = nil
          continue
        }
        if case .swallows(let whole) = behaviour {
          connections[entry.fd, default: 0] += count
          guard connections[entry.fd] == whole else { continue }
          connections[entry.fd] = 0
        }
        requests.add(1, ordering: .relaxed)
        if case .answersWhenQuiet = behaviour {
          waiting.append(entry.fd)
          peak.max(waiting.count, ordering: .relaxed)
          continue
        }
        connections[entry.fd, default: 0] += 1
        if case .dies(let limit) = behaviour, requests.load(ordering: .relaxed) > limit {
          shutdown(listener, Int32(SHUT_RDWR))
          for descriptor in connections.keys { close(descriptor) }
          return
        }
        if !answer(
          entry.fd, behaviour, served: connections[entry.fd] ?? 0,
          request: String(decoding: buffer[..<count], as: UTF8.self))
        {
          close(entry.fd)
          connections[entry.fd] = nil
        }
      }
    }
    for descriptor in connections.keys { close(descriptor) }
  }

  /// Closing it will reset the connection.
  private func reset(_ descriptor: Int32) {
    var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  private func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var start = 0
    while start < bytes.count {
      let sent = bytes[start...].withUnsafeBufferPointer {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return false }
      start += sent
    }
    return true
  }

  /// False when the connection is to be closed.
  private func answer(_ descriptor: Int32, _ behaviour: Behaviour, served: Int, request: String) -> Bool {
    func send(_ text: String) { _ = text.withCString { Glibc.send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) } }
    switch behaviour {
    case .answers, .dies, .swallows: send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"count\":3}")
    case .closesAfterEach:
      send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
      return false
    case .closesIdle(let limit):
      send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      return served < limit
    case .closesWithoutAnswer: return false
    case .garbage:
      send("SSH-2.0-not_http\r\n")
      return false
    case .neverEnds: send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx")
    case .silent, .answersWhenQuiet: break
    case .responds(let respond): send(respond(request))
    case .sendsThenCloses(let bytes):
      _ = self.send(bytes, to: descriptor)
      return false
    case .pauses(let pause, let first, let second):
      for part in [first, second] {
        usleep(pause)
        _ = self.send(part, to: descriptor)
      }
    case .trickles(let pause, let bytes):
      for byte in bytes {
        usleep(pause)
        guard self.send([byte], to: descriptor) else { return false }
      }
    case .sendsMuch(let count):
      send("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n")
      let piece = [UInt8](repeating: 0x78, count: 1 << 20)
      for start in stride(from: 0, to: count, by: piece.count) {
        guard self.send(Array(piece.prefix(count - start)), to: descriptor) else { return false }
      }
    case .resets:
      reset(descriptor)
      return false
    case .resetsEach(let number):
      var linger = Glibc.linger()
      var length = socklen_t(MemoryLayout<Glibc.linger>.size)
      getsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, &length)
      if number > 0, linger.l_onoff == 0 { send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok") }
      return false
    case .sends(let bytes): _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    case .status(let status): send("HTTP/1.1 \(status) Status\r\nContent-Length: 0\r\n\r\n")
    }
    return true
  }
}
