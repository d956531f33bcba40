import COpenSSL
import Glibc
import Measures

/// Writing a request, in as many parts as the socket takes.
extension Worker {
  mutating func transmit(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64) {
    guard let request = connection.pointee.request else { return }
    let start = request + connection.pointee.written
    let count = connection.pointee.requestCount &- connection.pointee.written
    connection.pointee.wrote = now
    if connection.pointee.written == 0 {
      connection.pointee.sent = now
      setDeadline(connection, place, now &+ firstByteTimeout)
    }
    let sent: Int
    var blocked = false
    if let session = connection.pointee.session {
      ERR_clear_error()
      errno = 0
      let result = SSL_write(session, start, Int32(truncatingIfNeeded: min(count, 1 << 30)))
      sent = Int(result)
      if result <= 0 {
        let code = errno
        let reason = SSL_get_error(session, result)
        if reason == SSL_ERROR_WANT_READ {
          // Writable it is: only what comes lets it go on.
          connection.pointee.crossing = .writeWaitsForRead
          if connection.pointee.wantsWrite { awaitWrites(connection, place, false) }
          return
        }
        blocked = reason == SSL_ERROR_WANT_WRITE
        errno = reason == SSL_ERROR_SYSCALL ? code : 0
      }
    } else {
      sent = send(connection.pointee.descriptor, start, count, Int32(MSG_NOSIGNAL))
      if sent < 0 { blocked = errno == EAGAIN || errno == EINTR }
    }
    if sent == count {
      connection.pointee.written &+= sent
      if connection.pointee.wantsWrite { awaitWrites(connection, place, false) }
    } else if sent > 0 || blocked {
      connection.pointee.written &+= max(sent, 0)
      awaitWrites(connection, place, true)
    } else {
      failWrite(connection, place, code: errno, now)
    }
  }

  /// - Parameter code: 0 where OpenSSL knows better.
  @inline(never)
  private mutating func failWrite(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, code: Int32, _ now: UInt64
  ) {
    let isTLS = connection.pointee.session != nil
    let isGone = code == EPIPE || code == ECONNRESET
    if isGone, !isTLS, connection.pointee.written > 0, readLastWords(connection, place) { return }
    if isTLS, code == 0 {
      failTLS(connection, place, "write", now)
    } else {
      fail(connection, place, isGone ? .reset : .write, now) { "write: \(String(cString: strerror(code)))" }
    }
  }
}
