import Glibc
import Synchronization

@testable import BenchEngine

/// A server of plain sockets with one behaviour, on a thread of its own and a free port of loopback.
final class FaultyServer: @unchecked Sendable {
  // Unchecked because of `thread`: set once, joined once.
  enum Behaviour: Sendable {
    case answers, closesAfterEach, closesIdle(after: Int), closesWithoutAnswer, garbage, neverEnds, silent
    case status(Int)
    /// So many whole answers by all connections, then nobody listens any more.
    case dies(after: Int)
    /// Each connection carries one request; each so-manieth is reset instead of answered.
    case resetsEach(Int)
    /// A byte a second, of an answer that would take minutes.
    case trickles
    /// One answer with so many bytes of body.
    case sendsZeros(Int)
    /// A whole response for a whole request.
    case responds(@Sendable (String) -> String)
    case sends([UInt8])
  }

  let port: UInt16
  /// Requests that were read.
  let requests = Atomic<Int>(0)
  private let listener: Int32
  private let shouldStop = Atomic<Bool>(false)
  private var thread: OwnThread?
  /// Of the server's thread.
  private var accepted = 0
  /// Of each connection, from 1.
  private var ordinals: [Int32: Int] = [:]
  private var isDead = false
  /// What connections are still to be sent: the next byte's time, or bytes left.
  private var trickling: [Int32: (sent: Int, next: UInt64)] = [:]
  private var sending: [Int32: Int] = [:]
  private static let zeros = [UInt8](repeating: 0, count: 1 << 20)
  private static let slowAnswer = Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".utf8)

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
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !shouldStop.load(ordering: .relaxed) {
      if isDead {
        for descriptor in connections.keys { close(descriptor) }
        connections = [:]
        shutdown(listener, Int32(SHUT_RDWR))
        usleep(5_000)
        continue
      }
      trickle()
      var polled = ([listener] + connections.keys).map { descriptor in
        let events = sending[descriptor] != nil ? POLLIN | POLLOUT : POLLIN
        return pollfd(fd: descriptor, events: Int16(events), revents: 0)
      }
      guard poll(&polled, nfds_t(polled.count), 20) > 0 else { continue }
      for entry in polled where entry.revents != 0 && !isDead {
        if entry.fd == listener {
          let accepted = accept(listener, nil, nil)
          if accepted >= 0 {
            connections[accepted] = 0
            self.accepted += 1
            ordinals[accepted] = self.accepted
          }
          continue
        }
        if entry.revents & Int16(POLLOUT) != 0, let left = sending[entry.fd] {
          let count = Glibc.send(
            entry.fd, Self.zeros, min(left, Self.zeros.count), Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
          if count > 0 { sending[entry.fd] = left > count ? left - count : nil }
          if entry.revents & Int16(POLLIN) == 0 { continue }
        }
        let count = recv(entry.fd, &buffer, buffer.count, 0)
        guard count > 0 else {
          trickling[entry.fd] = nil
          sending[entry.fd] = nil
          close(entry.fd)
          connections[entry.fd] = nil
          continue
        }
        requests.add(1, ordering: .relaxed)
        connections[entry.fd, default: 0] += 1
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

  private func trickle() {
    let now = MonotonicClock.now()
    for (descriptor, state) in trickling where state.next <= now && state.sent < Self.slowAnswer.count {
      let byte = [Self.slowAnswer[state.sent]]
      _ = Glibc.send(descriptor, byte, 1, Int32(MSG_NOSIGNAL))
      trickling[descriptor] = (state.sent + 1, state.next + 1_000_000_000)
    }
  }

  /// False when the connection is to be closed.
  private func answer(_ descriptor: Int32, _ behaviour: Behaviour, served: Int, request: String) -> Bool {
    func send(_ text: String) { _ = text.withCString { Glibc.send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) } }
    switch behaviour {
    case .answers: send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"count\":3}")
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
    case .silent: break
    case .responds(let respond): send(respond(request))
    case .sends(let bytes): _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    case .dies(let limit):
      send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      isDead = requests.load(ordering: .relaxed) >= limit
    case .resetsEach(let number):
      if ordinals[descriptor, default: 1] % number == 0 {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
      } else {
        send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
      }
      return false
    case .trickles: trickling[descriptor] = (0, MonotonicClock.now())
    case .sendsZeros(let count):
      send("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n")
      sending[descriptor] = count
    case .status(let status): send("HTTP/1.1 \(status) Status\r\nContent-Length: 0\r\n\r\n")
    }
    return true
  }
}
