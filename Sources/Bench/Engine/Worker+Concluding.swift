import CLinux
import COpenSSL
import Glibc
import Measures

/// Whether an answer that has come whole is one, and what is said on a connection without having been asked for.
extension Worker {
  /// A response is complete.
  /// - Parameters:
  ///   - end: of the response, within the `count` bytes that were read.
  ///   - ready: what the kernel said of the connection.
  ///   - isFull: as many bytes were read as there was room for, so that more may have come.
  @inline(__always)
  mutating func conclude(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, end: Int, of count: Int, _ ready: UInt32,
    isFull: Bool, _ now: UInt64
  ) {
    let isPlain =
      end == count && ready & ~EPOLLIN.rawValue == 0 && connection.pointee.parser.status < 300
      && connection.pointee.written == connection.pointee.requestCount && connection.pointee.session == nil
      && !isFull
    if isPlain {
      complete(connection, place, closes: false, now)
    } else {
      settle(connection, place, end: end, of: count, ready, isFull: isFull, now)
    }
  }

  @inline(never)
  private mutating func settle(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, end: Int, of count: Int, _ ready: UInt32,
    isFull: Bool, _ now: UInt64
  ) {
    let status = Int(connection.pointee.parser.status)
    let isLast = ready & ~(EPOLLIN.rawValue | EPOLLOUT.rawValue) != 0
    if end < count {
      let seen = Self.printable(UnsafeBufferPointer(start: readBuffer + end, count: min(count - end, 40)))
      fail(connection, place, .protocol, now) { "bytes behind the end of the response, “\(seen)”" }
      return
    }
    // What is in OpenSSL's hands, and what the kernel has of a peer that is through or of a full buffer.
    let mayHaveMore =
      connection.pointee.session.map { SSL_has_pending($0) == 1 } ?? (isLast || isFull)
    if count > 0, mayHaveMore, hasMore(connection) {
      fail(connection, place, .protocol, now) { "bytes behind the end of the response" }
      return
    }
    if status < 300, connection.pointee.written < connection.pointee.requestCount {
      // Errors may be said early, and redirects (RFC 9112 §9.3); that a thing is done, not before it was asked for.
      fail(connection, place, .protocol, now) { "status \(status) before the request was sent whole" }
      return
    }
    if status == 408, canBeIdleClose(connection, now) {
      sendAnew(connection, place, now)
      return
    }
    if status < 400, let defect = redirectDefect(connection, status) {
      fail(connection, place, .protocol, now) { defect }
      return
    }
    complete(connection, place, closes: isLast, now)
  }

  // MARK: The idle close of a kept connection

  /// The least time that a close may take to reach us after the first byte was written.
  private static let shortestClose: UInt64 = 5_000_000

  /// Whether the end of the connection, noticed now, can have been on its way before the request was: then the request
  /// was never looked at. A peer that dies later may have acted on it.
  ///
  /// Source: RFC 9110 §9.2.2 for who may be asked again; a load generator asks less often than it allows.
  mutating func canBeIdleClose(_ connection: UnsafeMutablePointer<Connection>, _ now: UInt64) -> Bool {
    connection.pointee.isReused && !connection.pointee.wasRetried && connection.pointee.isIdempotent
      && Self.isIdleClose(after: now &- connection.pointee.sent, connectTime: connection.pointee.connectTime)
  }

  /// - Parameter time: from the request's first byte to the end of the connection.
  static func isIdleClose(after time: UInt64, connectTime: UInt64) -> Bool {
    time <= max(shortestClose, 2 &* connectTime)
  }

  /// The same request on a new connection.
  mutating func sendAnew(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64) {
    closeLink(connection)
    snapshot.connections.retried &+= 1
    connection.pointee.wasRetried = true
    connection.pointee.hasResponse = false
    connection.pointee.received = 0
    connection.pointee.written = 0
    prepareParser(connection)
    openLink(connection, place, now)
  }

  // MARK: What nobody asked for

  enum Heard {
    case nothing
    case closed
    /// So many bytes, in the read buffer.
    case said(Int)
  }

  /// Writes the first byte of a request on a connection that has been open for a while, or is new.
  @inline(never)
  mutating func begin(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64) {
    switch listen(connection.pointee.descriptor, connection.pointee.session) {
    case .nothing: transmit(connection, place, now)
    case .closed where !connection.pointee.isReused:
      if connection.pointee.session == nil {
        transmit(connection, place, now)
      } else {
        failTLS(connection, place, "read", now)
      }
    case .said(let count) where !connection.pointee.isReused || !isFarewell(count):
      failPremature(connection, place, count, now)
    case .closed, .said:
      snapshot.connections.closedIdle &+= 1
      closeLink(connection)
      openLink(connection, place, now)
    }
  }

  /// Looks at what has come on a connection, and leaves it there.
  mutating func listen(_ descriptor: Int32, _ session: OpaquePointer?) -> Heard {
    if let session {
      ERR_clear_error()
      let result = SSL_peek(session, readBuffer, 64)
      if result > 0 { return .said(Int(result)) }
      let reason = SSL_get_error(session, result)
      return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE ? .nothing : .closed
    }
    let count = recv(descriptor, readBuffer, 64, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    if count > 0 { return .said(count) }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .closed
  }

  private mutating func hasMore(_ connection: UnsafeMutablePointer<Connection>) -> Bool {
    if case .said = listen(connection.pointee.descriptor, connection.pointee.session) { true } else { false }
  }

  /// Some servers say 408 before they close an idle connection.
  /// - Parameter count: of the bytes in the read buffer.
  mutating func isFarewell(_ count: Int) -> Bool {
    let line = UnsafeBufferPointer(start: readBuffer, count: count).prefix(12)
    return line.count == 12 && line.starts(with: "HTTP/1.".utf8) && line.suffix(4).elementsEqual(" 408".utf8)
  }

  /// Bytes have come on a connection that waits for nothing: whoever asks on it next finds no order any more.
  @inline(never)
  mutating func dropIdle(_ connection: UnsafeMutablePointer<Connection>, _ count: Int) {
    if !isFarewell(count) { connection.pointee.hasStray = true }
    snapshot.connections.closedIdle &+= 1
    closeLink(connection)
  }

  /// An answer came before the first byte of its request.
  @inline(never)
  mutating func failPremature(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ count: Int, _ now: UInt64
  ) {
    let seen = Self.printable(UnsafeBufferPointer(start: readBuffer, count: min(count, 40)))
    fail(connection, place, .protocol, now) { "a response before its request, “\(seen)”" }
  }

  /// The place's last connection had bytes on it behind its last answer: that is found out when it is used again.
  @inline(never)
  mutating func failForStray(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64) {
    connection.pointee.hasStray = false
    fail(connection, place, .protocol, now) { "a response before its request, after the end of the last one" }
  }
}
