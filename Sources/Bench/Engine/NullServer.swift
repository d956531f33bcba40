import CLinux
import Glibc
import Synchronization
import Timers

/// A server on loopback that does nothing: whatever comes is answered with the same few bytes, unparsed. What the
/// generator measures against it is its own time and the kernel's.
///
/// It counts on one request being one read, as the engine's small requests are on loopback.
package final class NullServer: @unchecked Sendable {
  // Unchecked because of `thread`: set once, joined once.
  package static let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

  package let port: UInt16
  private let listener: Int32
  private let poll: Int32
  private let shouldStop = Atomic<Bool>(false)
  private var thread: OwnThread?

  /// - Throws: `EngineError` code `.system` when there is no port or thread.
  package init() throws(EngineError) {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let listener = socket(AF_INET, type, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 4_096) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    let poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard isListening, poll >= 0 else {
      let reason = String(cString: strerror(errno))
      close(listener)
      close(poll)
      throw EngineError(.system, "the null server gets no port of loopback: \(reason)")
    }
    self.listener = listener
    self.poll = poll
    port = UInt16(bigEndian: address.sin_port)
    Self.watch(listener, poll)
    thread = try OwnThread.started { [self] in serve() }
  }

  /// Closes all connections. To be called once.
  package func stop() {
    shouldStop.store(true, ordering: .relaxed)
    thread?.join()
    close(listener)
    close(poll)
  }

  private static func watch(_ descriptor: Int32, _ poll: Int32) {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.fd = descriptor
    epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event)
  }

  private func serve() {
    clinux_name_thread("null-server")
    let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)
    var events = [epoll_event](repeating: epoll_event(), count: 512)
    var buffer = [UInt8](repeating: 0, count: 4_096)
    var open: Set<Int32> = []
    while !shouldStop.load(ordering: .relaxed) {
      let count = epoll_wait(poll, &events, Int32(events.count), 50)
      for index in 0..<Int(max(count, 0)) {
        let descriptor = events[index].data.fd
        if descriptor == listener {
          accept(into: &open)
        } else if recv(descriptor, &buffer, buffer.count, 0) > 0 {
          _ = send(descriptor, answer, answer.count, Int32(MSG_NOSIGNAL))
        } else {
          close(descriptor)
          open.remove(descriptor)
        }
      }
    }
    for descriptor in open { close(descriptor) }
  }

  private func accept(into open: inout Set<Int32>) {
    while true {
      let descriptor = Glibc.accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      var one: Int32 = 1
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
      Self.watch(descriptor, poll)
      open.insert(descriptor)
    }
  }
}
