import CLinux
import COpenSSL
import Glibc
import Measures

/// What the kernel reports of a connection, and the answer that comes.
extension Worker {
  mutating func handle(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ ready: UInt32
  ) {
    switch connection.pointee.link {
    case .open:
      if connection.pointee.crossing != .none {
        resumeCrossed(connection, place, ready)
      } else if ready & ~EPOLLOUT.rawValue != 0 {
        receive(connection, place, ready)
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

  /// A handshake within the connection has made OpenSSL wait for the other direction.
  @inline(never)
  private mutating func resumeCrossed(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ ready: UInt32
  ) {
    let generation = connection.pointee.generation
    if connection.pointee.crossing == .readWaitsForWrite { awaitWrites(connection, place, false) }
    connection.pointee.crossing = .none
    receive(connection, place, ready)
    guard connection.pointee.generation == generation, connection.pointee.link == .open,
      connection.pointee.activity == .requesting, connection.pointee.written < connection.pointee.requestCount
    else { return }
    transmit(connection, place, readClock())
  }

  /// - Parameter ready: what the kernel said of the connection.
  @inline(__always)
  private mutating func receive(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ ready: UInt32
  ) {
    while true {
      let count: Int
      var capacity = Self.readCapacity
      if let session = connection.pointee.session {
        ERR_clear_error()
        errno = 0
        let result = SSL_read(session, readBuffer, Int32(Self.readCapacity))
        if result <= 0 {
          tlsPaused(connection, place, session, result, code: errno)
          return
        }
        count = Int(result)
      } else {
        if connection.pointee.parser.unread >= Connection.leastPassed, connection.pointee.activity == .requesting,
          passesBodies
        {
          pass(connection, place, ready)
          return
        }
        if connection.pointee.expectsMuch, !connection.pointee.hasResponse { capacity = Connection.headCapacity }
        count = recv(connection.pointee.descriptor, readBuffer, capacity, 0)
        if count <= 0 {
          let code = count < 0 ? errno : 0
          if code == EAGAIN || code == EINTR { return }
          peerClosed(connection, place, code: code)
          return
        }
      }
      guard connection.pointee.activity == .requesting else {
        dropIdle(connection, count)
        return
      }
      let now = readClock()
      if !connection.pointee.hasResponse {
        if connection.pointee.written == 0 {
          failPremature(connection, place, count, now)
          return
        }
        connection.pointee.hasResponse = true
        connection.pointee.answered = now
        if snapshot.firstByte == 0 { snapshot.firstByte = now }
        if firstByteTimeout < responseTimeout {
          setDeadline(connection, place, connection.pointee.sent &+ responseTimeout)
        }
      }
      connection.pointee.received &+= count
      if parse(connection, place, count, ready, isFull: count == capacity, now) { return }
      if capacity == Connection.headCapacity { continue }
      guard let session = connection.pointee.session, SSL_has_pending(session) == 1 else { return }
    }
  }

  /// Takes a body that nobody looks at out of the kernel without copying it. One byte more than it has is asked for: who
  /// gives that says more than he was asked.
  @inline(never)
  private mutating func pass(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ ready: UInt32
  ) {
    let unread = connection.pointee.parser.unread
    let count = clinux_discard(connection.pointee.descriptor, min(unread, 1 << 30) + 1)
    if count <= 0 {
      let code = count < 0 ? errno : 0
      switch code {
      case EAGAIN, EINTR: break
      case EFAULT, EINVAL, EOPNOTSUPP:
        // An emulation of Linux that doesn't know it: nothing was taken, and the next event reads it as ever.
        passesBodies = false
      default: peerClosed(connection, place, code: code)
      }
      return
    }
    connection.pointee.received &+= count
    let now = readClock()
    guard count <= unread else {
      fail(connection, place, .protocol, now) { "bytes behind the end of the response" }
      return
    }
    guard connection.pointee.parser.pass(count) else { return }
    conclude(connection, place, end: count, of: count, ready, isFull: false, now)
  }

  /// - Parameter isFull: as many bytes were read as there was room for.
  /// - Returns: whether the response ended, well or not.
  @inline(__always)
  private mutating func parse(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ count: Int, _ ready: UInt32, isFull: Bool,
    _ now: UInt64
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
        conclude(connection, place, end: offset, of: count, ready, isFull: isFull, now)
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

  static func printable(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: bytes.map { $0 >= 0x20 && $0 < 0x7F ? $0 : 0x2E }, as: UTF8.self)
  }

  /// OpenSSL gave nothing to read.
  /// - Parameter code: what `errno` was after the call.
  @inline(never)
  private mutating func tlsPaused(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ session: OpaquePointer, _ result: Int32, code: Int32
  ) {
    switch SSL_get_error(session, result) {
    case SSL_ERROR_WANT_READ: break
    case SSL_ERROR_WANT_WRITE:
      connection.pointee.crossing = .readWaitsForWrite
      awaitWrites(connection, place, true)
    case SSL_ERROR_ZERO_RETURN: peerClosed(connection, place, code: 0)
    case SSL_ERROR_SYSCALL: peerClosed(connection, place, code: code, isWhole: false)
    case SSL_ERROR_SSL where copenssl_is_unexpected_end() == 0 && connection.pointee.activity == .requesting:
      failTLS(connection, place, "read", readClock())
    default: peerClosed(connection, place, code: 0, isWhole: false)
    }
  }

  /// By what OpenSSL has noted since it was called: the end of the connection, or something that is no TLS.
  @inline(never)
  mutating func failTLS(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ what: StaticString, _ now: UInt64
  ) {
    let isEnd = ERR_peek_error() == 0 || copenssl_is_unexpected_end() == 1
    let text = TLSContext.lastError()
    fail(connection, place, isEnd ? .reset : .tls, now) { "\(what): \(text)" }
  }

  /// The peer takes no more of the request: what it said before it went is read.
  /// - Returns: whether that ended the request, well or not.
  @inline(never)
  mutating func readLastWords(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) -> Bool {
    let generation = connection.pointee.generation
    func isOpen() -> Bool { connection.pointee.generation == generation && connection.pointee.link == .open }
    // Each turn takes a buffer's worth of what the kernel has.
    for _ in 0..<1_024 where isOpen() { receive(connection, place, EPOLLIN.rawValue) }
    return !isOpen()
  }

  @inline(never)
  private mutating func peerClosed(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, code: Int32, isWhole: Bool = true
  ) {
    guard connection.pointee.activity == .requesting else {
      snapshot.connections.closedIdle &+= 1
      closeLink(connection)
      return
    }
    if code == 0, isWhole, connection.pointee.parser.isCompleteAtClose() {
      conclude(connection, place, end: 0, of: 0, 0, isFull: false, readClock())
      return
    }
    let begun = connection.pointee.hasResponse
    let isCut = begun && !isWhole && connection.pointee.parser.isCompleteAtClose()
    fail(connection, place, .reset, readClock()) {
      if code != 0 { return "read: \(String(cString: strerror(code)))" }
      if isCut { return "the connection closed without TLS's own ending: the response may be cut off" }
      return begun ? "the connection closed in the middle of a response" : "the connection closed without a response"
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
