import CLinux
import COpenSSL
import Glibc

/// What the kernel reports of a connection, and the answer that comes.
extension Worker {
  mutating func handle(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ ready: UInt32
  ) {
    switch connection.pointee.link {
    case .open:
      if ready & ~EPOLLOUT.rawValue != 0 {
        receive(connection, place)
      } else if connection.pointee.activity == .requesting {
        transmit(connection, place, readClock())
      }
    case .connecting:
      if connection.pointee.activity == .requesting { finishConnect(connection, place, readClock()) }
    case .handshaking:
      continueHandshake(connection, place, readClock())
    case .none:
      dropParked(Self.eventData(connection, place))
    }
  }

  @inline(__always)
  private mutating func receive(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    while true {
      let count: Int
      if let session = connection.pointee.session {
        let result = SSL_read(session, readBuffer, Int32(Self.readCapacity))
        if result <= 0 {
          let reason = SSL_get_error(session, result)
          if reason == SSL_ERROR_WANT_READ { return }
          if reason == SSL_ERROR_WANT_WRITE { return awaitWrites(connection, place, true) }
          ERR_clear_error()
        }
        count = Int(result)
      } else {
        count = recv(connection.pointee.descriptor, readBuffer, Self.readCapacity, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
      }
      guard count > 0 else {
        peerClosed(connection, place, code: count < 0 ? errno : 0)
        return
      }
      guard connection.pointee.activity == .requesting else {
        // Nothing was asked: some servers say 408 before they close an idle connection.
        snapshot.connections.closedIdle &+= 1
        closeLink(connection)
        return
      }
      let now = readClock()
      if !connection.pointee.hasResponse {
        connection.pointee.hasResponse = true
        connection.pointee.answered = now
        if snapshot.firstByte == 0 { snapshot.firstByte = now }
        if firstByteTimeout < responseTimeout {
          setDeadline(connection, place, connection.pointee.sent &+ responseTimeout)
        }
      }
      connection.pointee.received &+= count
      if parse(connection, place, count, now) { return }
      guard let session = connection.pointee.session, SSL_has_pending(session) == 1 else { return }
    }
  }

  /// - Returns: whether the response ended, well or not.
  @inline(__always)
  private mutating func parse(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ count: Int, _ now: UInt64
  ) -> Bool {
    let bytes = UnsafeBufferPointer(start: readBuffer, count: count)
    var offset = 0
    while true {
      let (outcome, next) = connection.pointee.parser.advance(bytes.span, from: offset)
      offset = next
      switch outcome {
      case .needsMore:
        return false
      case .bodyPiece:
        keepPiece(connection)
      case .complete:
        let hasSurplus = offset < count
        complete(connection, place, hasSurplus: hasSurplus, now)
        return true
      case .malformed:
        failProtocol(connection, place, count)
        return true
      }
    }
  }

  @inline(never)
  mutating func keepPiece(_ connection: UnsafeMutablePointer<Connection>) {
    let start = connection.pointee.parser.pieceStart
    let count = connection.pointee.parser.pieceCount
    guard connection.pointee.bodyIsComplete, count > 0 else { return }
    let piece = UnsafeBufferPointer(start: readBuffer + start, count: count)
    if !connection.pointee.keepBody(piece) { connection.pointee.bodyIsComplete = false }
  }

  @inline(never)
  private mutating func failProtocol(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ count: Int
  ) {
    let defect = connection.pointee.parser.defect
    let seen = Self.printable(UnsafeBufferPointer(start: readBuffer, count: min(count, 40)))
    fail(connection, place, .protocol, readClock()) { "\(defect.description), got “\(seen)”" }
  }

  private static func printable(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: bytes.map { $0 >= 0x20 && $0 < 0x7F ? $0 : 0x2E }, as: UTF8.self)
  }

  @inline(never)
  private mutating func peerClosed(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, code: Int32
  ) {
    guard connection.pointee.activity == .requesting else {
      snapshot.connections.closedIdle &+= 1
      closeLink(connection)
      return
    }
    if code == 0, connection.pointee.parser.isCompleteAtClose() {
      complete(connection, place, hasSurplus: false, readClock())
      return
    }
    let begun = connection.pointee.hasResponse
    fail(connection, place, .reset, readClock()) {
      code != 0
        ? "read: \(String(cString: strerror(code)))"
        : begun ? "the connection closed in the middle of a response" : "the connection closed without a response"
    }
  }

  /// The current wait has taken too long.
  mutating func giveUp(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64) {
    guard connection.pointee.activity == .requesting else { return }
    let plan = compiled.plan
    let timeouts = plan.transport.timeouts
    let whole = connection.pointee.cutoff <= now ? timeouts.total : nil
    switch connection.pointee.link {
    case .connecting:
      fail(connection, place, .connect, now) { "no connection within \(whole ?? plan.connectTimeout)" }
    case .handshaking:
      fail(connection, place, .tls, now) {
        "no TLS handshake within \(whole ?? timeouts.tls ?? plan.connectTimeout)"
      }
    case .open, .none:
      let begun = connection.pointee.hasResponse
      fail(connection, place, .timeout, now) {
        begun
          ? "the response did not end within \(whole ?? plan.responseTimeout)"
          : "no response within \(whole ?? min(timeouts.firstByte ?? plan.responseTimeout, plan.responseTimeout))"
      }
    }
  }
}
