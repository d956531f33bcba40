import CLinux
import COpenSSL
import Glibc
import Histograms
import Measures
import Synchronization

/// A connection from its socket to the end of its handshake, and its end.
extension Worker {
  mutating func openLink(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64) {
    let version = book.version.load(ordering: .acquiring)
    if version != addressVersion {
      address = book.current
      addressVersion = version
    }
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.family, type, 0)
    guard descriptor >= 0 else {
      failConnect(connection, place, code: errno, now)
      return
    }
    connection.pointee.crossing = .none
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    let result = address.withPointer { Glibc.connect(descriptor, $0, address.length) }
    let code = errno
    guard result == 0 || code == EINPROGRESS else {
      close(descriptor)
      failConnect(connection, place, code: code, now)
      return
    }
    connection.pointee.descriptor = descriptor
    connection.pointee.link = .connecting
    connection.pointee.phaseStart = now
    connection.pointee.isReused = false
    connection.pointee.wantsWrite = true
    connection.pointee.generation &+= 1
    var event = epoll_event()
    event.events = Self.readEvents | EPOLLOUT.rawValue
    event.data.u64 = Self.eventData(connection, place)
    guard epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
      failConnect(connection, place, code: errno, now)
      return
    }
    setDeadline(connection, place, now &+ connectTimeout)
  }

  private mutating func failConnect(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, code: Int32, _ now: UInt64
  ) {
    if code == EMFILE || code == ENFILE || code == EADDRNOTAVAIL || code == ENOBUFS {
      snapshot.resourceFailures &+= 1
    }
    fail(connection, place, .connect, now) { "connect: \(String(cString: strerror(code)))" }
  }

  /// With what tells that the peer will send no more, be there something left to read or not.
  static var readEvents: UInt32 { EPOLLIN.rawValue | EPOLLRDHUP.rawValue }

  static func eventData(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) -> UInt64 {
    UInt64(connection.pointee.generation) << 32 | UInt64(place)
  }

  func awaitWrites(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ wanted: Bool) {
    guard connection.pointee.wantsWrite != wanted else { return }
    connection.pointee.wantsWrite = wanted
    var event = epoll_event()
    event.events = Self.readEvents | (wanted ? EPOLLOUT.rawValue : 0)
    event.data.u64 = Self.eventData(connection, place)
    epoll_ctl(poll, EPOLL_CTL_MOD, connection.pointee.descriptor, &event)
  }

  func closeLink(_ connection: UnsafeMutablePointer<Connection>) {
    if let session = connection.pointee.session { tls?.end(session, keeping: &connection.pointee.ticket) }
    connection.pointee.session = nil
    if connection.pointee.descriptor >= 0 { close(connection.pointee.descriptor) }
    connection.pointee.descriptor = -1
    connection.pointee.link = .none
    connection.pointee.deadline = .max
  }

  mutating func finishConnect(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64
  ) {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(connection.pointee.descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
    guard code == 0 else {
      failConnect(connection, place, code: code, now)
      return
    }
    snapshot.connections.opened &+= 1
    connection.pointee.connectTime = now &- connection.pointee.phaseStart
    recorder(of: connection).pointee.phases.connect.record(now &- connection.pointee.phaseStart)
    connection.pointee.phaseStart = now
    guard tls != nil else {
      connection.pointee.link = .open
      begin(connection, place, now)
      return
    }
    guard let session = makeSession(connection, place) else {
      let text = TLSContext.lastError(otherwise: "memory is short")
      fail(connection, place, .tls, now) { "OpenSSL gave no session that checks the peer: \(text)" }
      return
    }
    connection.pointee.session = session
    connection.pointee.link = .handshaking
    if let tlsTimeout { setDeadline(connection, place, now &+ tlsTimeout) }
    continueHandshake(connection, place, now)
  }

  mutating func continueHandshake(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64
  ) {
    guard let session = connection.pointee.session else { return }
    ERR_clear_error()
    let result = SSL_do_handshake(session)
    if result == 1 {
      connection.pointee.link = .open
      // The last steps of a handshake are computing, which takes about as long as a short round trip.
      let done = readClock()
      recorder(of: connection).pointee.phases.tls.record(done &- connection.pointee.phaseStart)
      if SSL_session_reused(session) == 1 { snapshot.connections.resumed &+= 1 }
      begin(connection, place, done)
      return
    }
    switch SSL_get_error(session, result) {
    case SSL_ERROR_WANT_READ: awaitWrites(connection, place, false)
    case SSL_ERROR_WANT_WRITE: awaitWrites(connection, place, true)
    default:
      let text = tls?.failure(of: session) ?? ""
      fail(connection, place, .tls, now) { text }
    }
  }
}
