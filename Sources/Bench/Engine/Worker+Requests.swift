import CLinux
import COpenSSL
import Glibc
import Histograms

/// One request from its beginning to its record.
///
/// What is on the way of every request is `mutating` even where it changes nothing: calling a method that borrows this
/// non-copyable value from one that mutates it copies its 760 bytes first (Swift 6.3).
extension Worker {
  mutating func beginRequest(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, intended: UInt64, _ now: UInt64
  ) {
    connection.pointee.hops = 0
    prepareRequest(connection, place)
    sendRequest(connection, place, intended: intended, now)
  }

  /// - Parameter intended: when the request that the connection has should have started.
  mutating func sendRequest(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, intended: UInt64, _ now: UInt64
  ) {
    connection.pointee.activity = .requesting
    connection.pointee.intended = intended
    connection.pointee.dispatched = now
    connection.pointee.written = 0
    connection.pointee.received = 0
    connection.pointee.hasResponse = false
    connection.pointee.wasRetried = false
    prepareParser(connection)
    if connection.pointee.link == .open {
      transmit(connection, place, now)
    } else {
      openLink(connection, place, now)
    }
  }

  @inline(__always)
  private mutating func prepareRequest(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    let step = compiled.steps + Int(connection.pointee.step)
    if step.pointee.isDynamic {
      fillRequest(connection, place)
    } else {
      connection.pointee.request = step.pointee.request
      connection.pointee.requestCount = step.pointee.requestCount
    }
  }

  @inline(__always)
  private mutating func prepareParser(_ connection: UnsafeMutablePointer<Connection>) {
    let step = compiled.steps + Int(connection.pointee.step)
    connection.pointee.parser.reset()
    connection.pointee.parser.isHead = step.pointee.isHead
    connection.pointee.parser.reportsBody = step.pointee.needsBody
    connection.pointee.parser.keepsHead = step.pointee.needsHead
    connection.pointee.bodyCount = 0
    connection.pointee.bodyIsComplete = true
  }

  // MARK: Connecting

  private mutating func openLink(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64) {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.family, type, 0)
    guard descriptor >= 0 else {
      failConnect(connection, place, code: errno, now)
      return
    }
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
    connection.pointee.isReused = false
    connection.pointee.wantsWrite = true
    connection.pointee.generation &+= 1
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue
    event.data.u64 = Self.eventData(connection, place)
    epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event)
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

  private static func eventData(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) -> UInt64 {
    UInt64(connection.pointee.generation) << 32 | UInt64(place)
  }

  private func awaitWrites(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ wanted: Bool) {
    guard connection.pointee.wantsWrite != wanted else { return }
    connection.pointee.wantsWrite = wanted
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | (wanted ? EPOLLOUT.rawValue : 0)
    event.data.u64 = Self.eventData(connection, place)
    epoll_ctl(poll, EPOLL_CTL_MOD, connection.pointee.descriptor, &event)
  }

  func closeLink(_ connection: UnsafeMutablePointer<Connection>) {
    if let session = connection.pointee.session { SSL_free(session) }
    connection.pointee.session = nil
    if connection.pointee.descriptor >= 0 { close(connection.pointee.descriptor) }
    connection.pointee.descriptor = -1
    connection.pointee.link = .none
    connection.pointee.deadline = .max
  }

  private mutating func finishConnect(
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
    guard tls != nil else {
      connection.pointee.link = .open
      transmit(connection, place, now)
      return
    }
    guard let session = tls?.makeSession(on: connection.pointee.descriptor) else {
      fail(connection, place, .tls, now) { "OpenSSL gave no session: memory is short" }
      return
    }
    connection.pointee.session = session
    connection.pointee.link = .handshaking
    continueHandshake(connection, place, now)
  }

  private mutating func continueHandshake(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64
  ) {
    guard let session = connection.pointee.session else { return }
    ERR_clear_error()
    let result = SSL_do_handshake(session)
    if result == 1 {
      connection.pointee.link = .open
      transmit(connection, place, now)
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

  // MARK: Sending

  private mutating func transmit(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64) {
    guard let request = connection.pointee.request else { return }
    let start = request + connection.pointee.written
    let count = connection.pointee.requestCount &- connection.pointee.written
    if connection.pointee.written == 0 {
      if traces { connection.pointee.sent = MonotonicClock.now() }
      setDeadline(connection, place, now &+ responseTimeout)
    }
    let sent: Int
    var blocked = false
    if let session = connection.pointee.session {
      let result = SSL_write(session, start, Int32(truncatingIfNeeded: min(count, 1 << 30)))
      sent = Int(result)
      if result <= 0 {
        let reason = SSL_get_error(session, result)
        blocked = reason == SSL_ERROR_WANT_WRITE || reason == SSL_ERROR_WANT_READ
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
      let code = errno
      fail(connection, place, .write, now) { "write: \(String(cString: strerror(code)))" }
    }
  }

  // MARK: Events

  mutating func handle(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ ready: UInt32, _ now: UInt64
  ) {
    switch connection.pointee.link {
    case .open:
      if ready & ~EPOLLOUT.rawValue != 0 {
        receive(connection, place)
      } else if connection.pointee.activity == .requesting {
        transmit(connection, place, now)
      }
    case .connecting:
      if connection.pointee.activity == .requesting { finishConnect(connection, place, now) }
    case .handshaking:
      continueHandshake(connection, place, now)
    case .none:
      break
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
      if traces, !connection.pointee.hasResponse { connection.pointee.answered = MonotonicClock.now() }
      connection.pointee.hasResponse = true
      connection.pointee.received &+= count
      if parse(connection, place, count) { return }
      guard let session = connection.pointee.session, SSL_has_pending(session) == 1 else { return }
    }
  }

  /// - Returns: whether the response ended, well or not.
  @inline(__always)
  private mutating func parse(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ count: Int
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
        complete(connection, place, hasSurplus: hasSurplus)
        return true
      case .malformed:
        failProtocol(connection, place, count)
        return true
      }
    }
  }

  @inline(never)
  private mutating func keepPiece(_ connection: UnsafeMutablePointer<Connection>) {
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
    fail(connection, place, .protocol, MonotonicClock.now()) { "\(defect.description), got “\(seen)”" }
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
      complete(connection, place, hasSurplus: false)
      return
    }
    let begun = connection.pointee.hasResponse
    fail(connection, place, .reset, MonotonicClock.now()) {
      code != 0
        ? "read: \(String(cString: strerror(code)))"
        : begun ? "the connection closed in the middle of a response" : "the connection closed without a response"
    }
  }

  /// The current wait has taken too long.
  mutating func giveUp(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64) {
    guard connection.pointee.activity == .requesting else { return }
    let plan = compiled.plan
    switch connection.pointee.link {
    case .connecting:
      fail(connection, place, .connect, now) { "no connection within \(plan.connectTimeout)" }
    case .handshaking:
      fail(connection, place, .tls, now) { "no TLS handshake within \(plan.connectTimeout)" }
    case .open, .none:
      let begun = connection.pointee.hasResponse
      fail(connection, place, .timeout, now) {
        begun
          ? "the response did not end within \(plan.responseTimeout)" : "no response within \(plan.responseTimeout)"
      }
    }
  }

  // MARK: Records

  /// The recorder for the current request: by step, the warm-up's apart.
  @inline(__always)
  private mutating func recorder(of connection: UnsafeMutablePointer<Connection>) -> UnsafeMutablePointer<StepRecorder>
  {
    let step = Int(connection.pointee.step)
    return recorders + (connection.pointee.intended < warmUpEnd ? step &+ link.stepCount : step)
  }

  @inline(__always)
  private mutating func complete(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, hasSurplus: Bool
  ) {
    let now = MonotonicClock.now()
    let recorder = recorder(of: connection)
    let step = compiled.steps + Int(connection.pointee.step)
    let status = Int(connection.pointee.parser.status)
    recorder.pointee.attempts &+= 1
    recorder.pointee.answered &+= 1
    recorder.pointee.bytesSent &+= UInt64(connection.pointee.requestCount)
    recorder.pointee.bytesReceived &+= UInt64(connection.pointee.received)
    recorder.pointee.statuses[status] &+= 1
    recorder.pointee.response.record(now &- connection.pointee.intended)
    recorder.pointee.service.record(now &- connection.pointee.dispatched)
    recorder.pointee.lag.record(connection.pointee.dispatched &- connection.pointee.intended)
    connection.pointee.deadline = .max
    if step.pointee.failing[status] { countStatusFailure(connection, recorder, status) }
    let isCutShort = connection.pointee.written < connection.pointee.requestCount
    var goesOn = true
    var isRedirected = false
    if status >= 300, status < 400, connection.pointee.hops < step.pointee.redirectLimit {
      isRedirected = prepareRedirect(connection, place, status, now)
    }
    if isRedirected {
      // The checks are for the last answer.
    } else if step.pointee.checkCount > 0 || traces {
      goesOn = judge(connection, place, recorder, now)
    }
    connection.pointee.isReused = true
    if keepsCookies, !isRedirected { keepCookies(connection, place) }
    // A request that is not written in full yet would run into the next one.
    if !connection.pointee.parser.keepsAlive || hasSurplus || isCutShort {
      closeLink(connection)
    }
    if isRedirected {
      sendRequest(connection, place, intended: now, now)
    } else if goesOn {
      advance(connection, place, now)
    } else {
      endFailedIteration(connection, place, now)
    }
  }

  @inline(never)
  private mutating func countStatusFailure(
    _ connection: UnsafeMutablePointer<Connection>, _ recorder: UnsafeMutablePointer<StepRecorder>, _ status: Int
  ) {
    recorder.pointee.countFailure(.status)
    connection.pointee.iterationFailed = true
    keepSample(connection, .status) { "HTTP status \(status)" }
  }

  /// - Returns: false when a value wasn't found that later requests need.
  @inline(never)
  private mutating func judge(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ recorder: UnsafeMutablePointer<StepRecorder>,
    _ now: UInt64
  ) -> Bool {
    let parser = connection.pointee.parser
    var body: UnsafeBufferPointer<UInt8>?
    if connection.pointee.bodyIsComplete {
      if connection.pointee.bodyCount == 0 {
        // The usual case: the whole body lies in the read buffer still.
        body = UnsafeBufferPointer(start: readBuffer + parser.pieceStart, count: parser.pieceCount)
      } else {
        keepPiece(connection)
        if connection.pointee.bodyIsComplete {
          body = UnsafeBufferPointer(start: connection.pointee.body, count: connection.pointee.bodyCount)
        }
      }
    }
    var decoded: [UInt8]?
    if let whole = body, parser.bodyBytes > 0 {
      switch ContentCoding.decoded(whole, ResponseHead(bytes: parser.head), limit: Connection.maximumKeptBody) {
      case .asItCame: break
      case .decoded(let bytes): decoded = bytes
      case nil: body = nil
      }
    }
    return (decoded ?? []).withUnsafeBufferPointer { bytes in
      judge(connection, place, recorder, now, body: decoded == nil ? body : bytes)
    }
  }

  private mutating func judge(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ recorder: UnsafeMutablePointer<StepRecorder>,
    _ now: UInt64, body: UnsafeBufferPointer<UInt8>?
  ) -> Bool {
    let parser = connection.pointee.parser
    let view = ResponseView(
      status: Int(parser.status), body: body, head: ResponseHead(bytes: parser.head), bodyBytes: parser.bodyBytes,
      duration: now &- connection.pointee.intended)
    let checks = compiled.plan.steps[Int(connection.pointee.step)].checks
    var goesOn = true
    var passes: [Bool] = []
    for index in checks.indices {
      let passed: Bool
      if case .captured(let capture) = checks[index].subject {
        passed = keep(capture, of: view, place)
        goesOn = goesOn && passed
      } else {
        passed = checks[index].holds(view)
      }
      recorder.pointee.checks[2 * index + (passed ? 0 : 1)] &+= 1
      if traces { passes.append(passed) }
    }
    if traces { trace(connection, view, passes, now) }
    return goesOn
  }

  /// The request got no usable answer. A request on a kept-alive connection that the peer closed before its first byte
  /// came is sent anew once, its clock running on; anything else is a failure and ends the iteration.
  @inline(never)
  private mutating func fail(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ kind: FailureKind, _ now: UInt64,
    _ sample: () -> String
  ) {
    let canRetry =
      (kind == .reset || kind == .write) && connection.pointee.isReused && !connection.pointee.hasResponse
      && !connection.pointee.wasRetried
    let isReused = connection.pointee.isReused
    closeLink(connection)
    if canRetry {
      snapshot.connections.retried &+= 1
      connection.pointee.wasRetried = true
      connection.pointee.written = 0
      prepareParser(connection)
      openLink(connection, place, now)
      return
    }
    let recorder = recorder(of: connection)
    recorder.pointee.attempts &+= 1
    recorder.pointee.bytesSent &+= UInt64(connection.pointee.written)
    recorder.pointee.bytesReceived &+= UInt64(connection.pointee.received)
    recorder.pointee.countFailure(kind)
    recorder.pointee.lag.record(connection.pointee.dispatched &- connection.pointee.intended)
    if kind.hasNoAnswer {
      recorder.pointee.response.recordUnanswered()
      recorder.pointee.service.recordUnanswered()
    } else {
      recorder.pointee.response.record(now &- connection.pointee.intended)
      recorder.pointee.service.record(now &- connection.pointee.dispatched)
    }
    keepSample(connection, kind, sample)
    if traces { traceFailure(connection, kind, sample(), isReused: isReused, now) }
    endFailedIteration(connection, place, now)
  }

  mutating func recordInterrupted(_ connection: UnsafeMutablePointer<Connection>) {
    let recorder = recorder(of: connection)
    recorder.pointee.attempts &+= 1
    recorder.pointee.interrupted &+= 1
    recorder.pointee.bytesSent &+= UInt64(connection.pointee.written)
    recorder.pointee.bytesReceived &+= UInt64(connection.pointee.received)
  }

  private func keepSample(
    _ connection: UnsafeMutablePointer<Connection>, _ kind: FailureKind, _ text: () -> String
  ) {
    let step = Int(connection.pointee.step)
    let bit: UInt8 = 1 << UInt8(kind.index)
    guard sampledKinds[step] & bit == 0 else { return }
    sampledKinds[step] |= bit
    link.keepSample(step: step, kind: kind, text())
  }
}
