/// The beginning of a request; connecting, writing, receiving and recording follow in files of their own.
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

  /// - Parameters:
  ///   - intended: when the request that the connection has should have started.
  ///   - now: the last clock reading. The first request after it begins with it; those that one wake-up begins after
  ///     that read the clock anew, so that the time of the requests before them is schedule lag, never service time.
  mutating func sendRequest(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, intended: UInt64, _ now: UInt64
  ) {
    // Straight behind the last answer nothing can have come that the reading of it didn't see.
    let follows = connection.pointee.activity == .requesting && connection.pointee.link == .open
    let now = readingIsSpent ? MonotonicClock.now() : now
    readingIsSpent = true
    connection.pointee.activity = .requesting
    connection.pointee.intended = intended
    connection.pointee.dispatched = now
    connection.pointee.written = 0
    connection.pointee.received = 0
    connection.pointee.hasResponse = false
    connection.pointee.wasRetried = false
    prepareParser(connection)
    if let totalTimeout { connection.pointee.cutoff = now &+ totalTimeout }
    if connection.pointee.hasStray {
      failForStray(connection, place, now)
      return
    }
    if parked != nil { adopt(connection, place) }
    if connection.pointee.link == .open {
      if follows { transmit(connection, place, now) } else { begin(connection, place, now) }
    } else {
      openLink(connection, place, now)
    }
  }

  @inline(__always)
  private mutating func prepareRequest(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    let step = compiled.steps + Int(connection.pointee.step)
    connection.pointee.isIdempotent = step.pointee.isIdempotent
    if step.pointee.isDynamic {
      fillRequest(connection, place)
    } else {
      connection.pointee.request = step.pointee.request
      connection.pointee.requestCount = step.pointee.requestCount
    }
  }

  @inline(__always)
  mutating func prepareParser(_ connection: UnsafeMutablePointer<Connection>) {
    let step = compiled.steps + Int(connection.pointee.step)
    connection.pointee.expectsMuch =
      connection.pointee.parser.fixedBody >= 2 &* Connection.leastPassed && !step.pointee.needsBody
    connection.pointee.parser.reset()
    connection.pointee.parser.isHead = step.pointee.isHead
    connection.pointee.parser.reportsBody = step.pointee.needsBody
    connection.pointee.parser.keepsHead = step.pointee.needsHead
    connection.pointee.bodyCount = 0
    connection.pointee.bodyIsComplete = true
  }
}
