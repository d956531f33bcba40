import Measures

/// Which iteration begins when, and what follows a request.
extension Worker {
  mutating func prepareWorkload() {
    let workers = compiled.plan.workers
    if let users {
      steadyUntil = start + users.firstDecline
      for place in 0..<connectionCount {
        let user = number + place * workers
        connections[place].user = Int32(user)
        scheduleUser(connections + place, place, users.nextStart(of: user, after: 0))
      }
    } else {
      dueArrivals = arrivals
      findNextDue()
    }
  }

  /// - Parameter elapsed: nanoseconds since the run's start; nil retires the user.
  private mutating func scheduleUser(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ elapsed: UInt64?
  ) {
    guard let elapsed, start + elapsed < plannedEnd else {
      connection.pointee.activity = .idle
      return
    }
    connection.pointee.activity = .waiting
    timers.push(.init(time: start + elapsed, slot: Int32(place), purpose: .wake))
  }

  private mutating func findNextDue() {
    guard !isExhausted else { return }
    nextDue = arrivals?.dueNanoseconds.map { start &+ $0 } ?? .max
  }

  /// Arrivals that one turn of the loop begins at most, so that a backlog leaves it time for what else there is.
  private static let arrivalsPerTurn = 1_024

  /// Starts every arrival that is due and has a place; the others keep their due time and wait.
  ///
  /// An iteration that ends at once, as where no connection can be made, gives its place back to this loop and begins
  /// nothing by itself: a backlog must not become a stack.
  mutating func releaseArrivals(_ now: UInt64) {
    if isReleasing { return }
    isReleasing = true
    defer { isReleasing = false }
    var begun = 0
    // Between ticks an answer may wake this worker: what has become due since waits for the tick.
    while nextDue <= now, alignedToTick(nextDue) <= now, begun < Self.arrivalsPerTurn {
      let place: Int
      if idleCount > 0 {
        place = Int(idlePlaces[idleHead])
        idleHead = idleHead &+ 1 == connectionCount ? 0 : idleHead &+ 1
        idleCount &-= 1
      } else if unusedPlace < connectionCount {
        place = unusedPlace
        unusedPlace &+= 1
      } else if dropsOverflow {
        snapshot.iterations.scheduled &+= 1
        snapshot.iterations.dropped &+= 1
        snapshot.iterations.droppedByOverflow &+= 1
        takeArrival()
        continue
      } else {
        return
      }
      let due = nextDue
      let arrival = arrivals?.index ?? 0
      takeArrival()
      begun &+= 1
      beginIteration(connections + place, place, ordinal: UInt64(arrival), intended: due, now)
    }
  }

  private mutating func takeArrival() {
    arrivals?.advance()
    if dueCount > 0 { dueCount &-= 1 }
    findNextDue()
  }

  /// Arrivals of this worker that are due and have not begun.
  mutating func waitingArrivals(_ now: UInt64) -> Int {
    guard !isExhausted else { return 0 }
    if nextDue > now {
      dueArrivals = arrivals
      dueCount = 0
    }
    // The count goes on from where it ended last, unless arrivals have begun that it had not reached.
    if let next = arrivals?.index, let counted = dueArrivals?.index, dueCount == 0, counted < next {
      dueArrivals = arrivals
    }
    while let due = dueArrivals?.dueNanoseconds, start &+ due <= now {
      dueArrivals?.advance()
      dueCount &+= 1
    }
    return dueCount
  }

  /// The planned time is over: no arrival becomes due any more.
  mutating func noteWaiting() {
    var all: UInt64 = 0
    var overdue: UInt64 = 0
    var cursor = arrivals
    while let due = cursor?.dueNanoseconds, start &+ due <= plannedEnd {
      all &+= 1
      if start &+ due &+ Self.overdueTime < plannedEnd { overdue &+= 1 }
      cursor?.advance()
    }
    waitingAtEnd = (all, overdue)
  }

  /// An arrival that has waited for so long for a place is not being served as it was planned.
  private static var overdueTime: UInt64 { 1_000_000_000 }

  /// A timer woke this place: a user's first iteration, its next one, or the next request of the current one.
  mutating func wake(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, due: UInt64, _ now: UInt64) {
    guard connection.pointee.activity == .waiting else { return }
    if connection.pointee.isIterating {
      beginStep(connection, place, intended: due, now)
    } else if let users {
      let user = Int(connection.pointee.user)
      if due >= plannedEnd {
        connection.pointee.activity = .idle
      } else if users.isActive(user, at: due &- start) {
        beginUserIteration(connection, place, intended: due, now)
      } else {
        // Always later than now: a wake-up that led to itself would hold the loop for ever.
        scheduleUser(connection, place, users.nextStart(of: user, after: due &- start &+ 1))
      }
    } else {
      offerPlace(place)
      releaseArrivals(now)
    }
  }

  private mutating func beginUserIteration(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, intended: UInt64, _ now: UInt64
  ) {
    if case .shared? = iterationLimit, !compiled.takeSharedIteration() {
      isExhausted = true
      connection.pointee.activity = .idle
      return
    }
    let ordinal = UInt64(connection.pointee.user) << 32 | connection.pointee.iterations
    beginIteration(connection, place, ordinal: ordinal, intended: intended, now)
  }

  /// The user has done all its iterations, or there are none left for anybody.
  private mutating func retires(_ connection: UnsafeMutablePointer<Connection>) -> Bool {
    switch iterationLimit {
    case nil: return false
    case .shared?:
      if compiled.hasSharedIteration { return false }
      isExhausted = true
      return true
    case .perUser(let count)?:
      guard connection.pointee.iterations >= UInt64(count) else { return false }
      retired &+= 1
      return true
    }
  }

  private mutating func beginIteration(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, ordinal: UInt64, intended: UInt64, _ now: UInt64
  ) {
    let journey = compiled.journey(ordinal, 0)
    if states != nil, !prepareState(place, journey: journey, ordinal: ordinal) {
      isExhausted = true
      nextDue = .max
      connection.pointee.activity = .idle
      return
    }
    snapshot.iterations.scheduled &+= 1
    snapshot.iterations.started &+= 1
    iterating &+= 1
    connection.pointee.isIterating = true
    connection.pointee.iterationStart = intended
    connection.pointee.iterationFailed = false
    connection.pointee.iterations &+= 1
    connection.pointee.position = 0
    connection.pointee.journey = Int32(journey)
    if states != nil { skipSteps(connection, place) }
    guard Int(connection.pointee.position) < compiled.journeys[journey].stepCount else {
      // No journey of the compiler's is conditional as a whole; one that were must not spin.
      endIteration(connection, place, pause: Self.failurePause, now)
      return
    }
    beginStep(connection, place, intended: intended, now)
  }

  /// The current request has ended without ending the connection's use.
  mutating func advance(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64) {
    if groups != nil, isInGroup(place) {
      endMember(connection, place, isBroken: false, now)
      return
    }
    let think = thinkTime(connection)
    if states == nil {
      connection.pointee.position &+= 1
    } else {
      nextStep(connection, place)
    }
    goOn(connection, place, after: think, now)
  }

  /// What is at the place's position follows, or the end of the iteration.
  @inline(__always)
  mutating func goOn(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, after think: UInt64, _ now: UInt64
  ) {
    let journey = compiled.journeys + Int(connection.pointee.journey)
    guard Int(connection.pointee.position) < journey.pointee.stepCount else {
      endIteration(connection, place, pause: think, now)
      return
    }
    if think == 0 {
      beginStep(connection, place, intended: now, now)
    } else {
      connection.pointee.activity = .waiting
      timers.push(.init(time: now &+ think, slot: Int32(place), purpose: .wake))
    }
  }

  @inline(__always)
  private mutating func beginStep(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, intended: UInt64, _ now: UInt64
  ) {
    let journey = compiled.journeys + Int(connection.pointee.journey)
    let position = journey.pointee.firstStep &+ Int(connection.pointee.position)
    if groups != nil {
      let group = compiled.groups[position]
      if group.count > 0 {
        beginGroup(
          connection, place, count: Int(group.count), connections: Int(group.connections), intended: intended, now)
        return
      }
    }
    connection.pointee.step = compiled.journeySteps[position]
    beginRequest(connection, place, intended: intended, now)
  }

  mutating func thinkTime(_ connection: UnsafeMutablePointer<Connection>) -> UInt64 {
    let place = UInt64(UInt32(bitPattern: connection.pointee.user)) | UInt64(number) << 32
    return compiled.thinkTime(Int(connection.pointee.step), place, connection.pointee.iterations)
  }

  /// - Parameter pause: before the same user's next iteration; it does not delay an arrival.
  mutating func endIteration(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, pause: UInt64, _ now: UInt64
  ) {
    if connection.pointee.iterationFailed {
      snapshot.iterations.failed &+= 1
    } else {
      snapshot.iterations.completed &+= 1
    }
    iterating &-= 1
    connection.pointee.isIterating = false
    if closesAfterIteration {
      closeLink(connection)
      if lanesPerPlace > 0 { closeLanes(place) }
    }
    if arrivals != nil {
      // What was due while this place was taken found none.
      if dropsOverflow { releaseArrivals(now) }
      offerPlace(place)
      connection.pointee.activity = .idle
      releaseArrivals(now)
      return
    }
    let user = Int(connection.pointee.user)
    if now >= plannedEnd || retires(connection) {
      connection.pointee.activity = .idle
      return
    }
    var next = now &+ pause
    if !compiled.pacing.isNone {
      let interval = compiled.pacing.draw(seed: pacingSeed, UInt64(user), connection.pointee.iterations)
      next = max(next, connection.pointee.iterationStart &+ interval)
    }
    if next > now {
      connection.pointee.activity = .waiting
      timers.push(.init(time: next, slot: Int32(place), purpose: .wake))
    } else if now < steadyUntil || isActive(user, now) {
      beginUserIteration(connection, place, intended: now, now)
    } else {
      scheduleUser(connection, place, users?.nextStart(of: user, after: now &- start))
    }
  }

  private var pacingSeed: UInt64 { compiled.seed ^ 0x7061_6369_6E67_0000 }

  private mutating func isActive(_ user: Int, _ now: UInt64) -> Bool {
    users?.isActive(user, at: now &- start) ?? false
  }

  /// The current request failed without an answer: its iteration ends.
  mutating func endFailedIteration(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ now: UInt64
  ) {
    if groups != nil, isInGroup(place) {
      endMember(connection, place, isBroken: true, now)
      return
    }
    connection.pointee.iterationFailed = true
    endIteration(connection, place, pause: Self.failurePause, now)
  }

  private mutating func offerPlace(_ place: Int) {
    var tail = idleHead &+ idleCount
    if tail >= connectionCount { tail &-= connectionCount }
    idlePlaces[tail] = Int32(place)
    idleCount &+= 1
  }

  /// The run is over: what is under way is counted as interrupted, what was due and never began as dropped.
  mutating func interruptAll(_ now: UInt64) {
    for place in 0..<connectionCount {
      let connection = connections + place
      if connection.pointee.isIterating {
        if connection.pointee.activity == .requesting { recordInterrupted(connection, place) }
        snapshot.iterations.interrupted &+= 1
        connection.pointee.isIterating = false
        iterating &-= 1
      }
      if lanesPerPlace > 0 { interruptLanes(place) }
      connection.pointee.activity = .idle
    }
    let waiting = UInt64(waitingArrivals(min(now, plannedEnd)))
    snapshot.iterations.scheduled &+= waiting
    snapshot.iterations.dropped &+= waiting
    if let late = waitingAtEnd {
      // The oldest begin first: those that never began are the newest of those that waited.
      snapshot.iterations.startedLate = min(late.overdue, late.all - min(waiting, late.all))
    }
  }

  mutating func closeAll() {
    for index in 0..<tableCount { closeLink(connections + index) }
  }
}
