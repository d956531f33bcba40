import CLinux
import COpenSSL
import Glibc
import Synchronization

/// One thread's share of a run: an epoll loop over a table of plain connections.
///
/// Per request there is no class, closure, existential, `Array` or `String`, no allocation and no `epoll_ctl`: one
/// `recv`, one parse, one clock reading, and the next request is sent from the completion of the last.
struct Worker: ~Copyable {
  static let readCapacity = 65_536
  private static let eventCapacity = 512
  private static let wakeIndex = UInt64.max
  /// After a request without an answer, a place rests before it begins anew, lest a dead target be spun on.
  static let failurePause: UInt64 = 100_000_000
  /// TLS connections of a run that may keep their buffers, 34 KB each, while they are idle.
  static let connectionsWithBuffers = 2_000

  let compiled: CompiledPlan
  let link: WorkerLink
  let number: Int
  /// Where new connections go, as of `addressVersion` of the book.
  var address: SocketAddress
  var addressVersion = 0
  let book: AddressBook
  let poll: Int32
  let tls: TLSContext?
  let users: UserSchedule?
  /// Open model: the next arrival of this worker's share.
  var arrivals: ArrivalCursor?
  /// Open model: the first arrival that was not due when it was last counted, and how many before it wait.
  var dueArrivals: ArrivalCursor?
  var dueCount = 0
  let dropsOverflow: Bool
  let iterationLimit: IterationLimit?
  let keepsCookies: Bool
  let traces: Bool

  let connections: UnsafeMutablePointer<Connection>
  /// Places; the lanes of parallel groups follow them in the table.
  let connectionCount: Int
  /// Connections of a place besides its own.
  let lanesPerPlace: Int
  /// Places and lanes.
  let tableCount: Int
  /// By place; nil for plans without parallel groups.
  let groups: UnsafeMutablePointer<GroupState>?
  let readBuffer: UnsafeMutablePointer<UInt8>
  /// By place; nil for plans whose requests are always the same.
  let states: UnsafeMutablePointer<UserState>?
  private let events: UnsafeMutablePointer<epoll_event>
  /// Linux before 5.11, filters of system calls and some emulations wait in whole milliseconds only; the schedule lag
  /// shows it.
  private var waitsExactly = true
  /// Bodies that nobody looks at are not copied out of the kernel.
  var passesBodies = true
  var timers: TimerHeap
  var snapshot = WorkerSnapshot()
  var epoch = 0
  var recorders: UnsafeMutablePointer<StepRecorder>

  let connectTimeout: UInt64
  /// From the connection to the end of the handshake; nil: `connectTimeout` is for both.
  let tlsTimeout: UInt64?
  let firstByteTimeout: UInt64
  let responseTimeout: UInt64
  let totalTimeout: UInt64?
  private let tick: UInt64
  /// The last clock reading has begun a request, or other work has gone by since: the next request takes its own.
  var readingIsSpent = false
  let closesAfterIteration: Bool
  /// Connections without a user, for whoever asks next; nil where each place keeps its own.
  var parked: ParkedLinks?

  /// Nanoseconds of the monotonic clock.
  var start: UInt64 = 0
  var warmUpEnd: UInt64 = 0
  var plannedEnd: UInt64 = 0
  var hardEnd: UInt64 = 0

  /// Open model: when the next arrival is due.
  var nextDue: UInt64 = .max
  /// Open model: a queue of connections without an iteration, and the first place that was never used.
  let idlePlaces: UnsafeMutablePointer<Int32>
  var idleHead = 0
  var idleCount = 0
  var unusedPlace = 0
  /// Until then no virtual user that has started stops.
  var steadyUntil: UInt64 = 0
  /// Arrivals are being begun.
  var isReleasing = false
  /// Iterations under way.
  var iterating = 0
  /// Closed model: users whose iterations are used up.
  var retired = 0
  /// Closed model: nobody begins an iteration any more.
  var isExhausted = false
  /// By step, a bit for each failure kind that has a sample already.
  let sampledKinds: UnsafeMutablePointer<UInt16>
  /// Closed model: attempts that took long are kept one by one.
  let keepsSlow: Bool
  /// Open model: arrivals that waited when the planned time was over, and those of them that had waited for over a
  /// second; nil before.
  var waitingAtEnd: (all: UInt64, overdue: UInt64)?

  init(
    _ compiled: CompiledPlan, link: WorkerLink, book: AddressBook, number: Int
  ) throws(EngineError) {
    let plan = compiled.plan
    let tls = try plan.endpoint.tls.map { security throws(EngineError) in
      try TLSContext(
        security, host: plan.endpoint.host, sparesMemory: plan.connectionLimit > Self.connectionsWithBuffers)
    }
    let poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard poll >= 0 else {
      throw EngineError(.system, "the kernel gives no epoll descriptor: \(String(cString: strerror(errno)))")
    }
    self.tls = tls
    self.poll = poll
    let timeouts = plan.transport.timeouts
    connectTimeout = plan.connectTimeout.nanoseconds
    tlsTimeout = timeouts.tls?.nanoseconds
    responseTimeout = plan.responseTimeout.nanoseconds
    firstByteTimeout = min(timeouts.firstByte?.nanoseconds ?? .max, responseTimeout)
    totalTimeout = timeouts.total?.nanoseconds
    closesAfterIteration = plan.transport.connections == .perIteration
    tick = plan.tick.nanoseconds
    dropsOverflow = plan.overflow == .drop
    iterationLimit = plan.iterationLimit
    keepsCookies = plan.keepsCookies
    traces = plan.tracesExchanges
    self.compiled = compiled
    self.link = link
    self.book = book
    addressVersion = book.version.load(ordering: .acquiring)
    address = book.current
    self.number = number
    switch plan.workload {
    case .users(let stages):
      let schedule = UserSchedule(stages)
      users = schedule
      arrivals = nil
      connectionCount = Self.share(of: schedule.peak, worker: number, of: plan.workers)
    case .rate(let stages, let maxInFlight):
      users = nil
      arrivals = ArrivalCursor(
        ArrivalSchedule(stages), plan.arrivals, seed: plan.seed, first: number, stride: plan.workers)
      connectionCount = max(Self.share(of: maxInFlight, worker: number, of: plan.workers), 1)
    }
    keepsSlow = users != nil
    lanesPerPlace = plan.lanes - 1
    tableCount = connectionCount * plan.lanes
    connections = .allocate(capacity: max(tableCount, 1))
    connections.initialize(repeating: Connection(), count: max(tableCount, 1))
    if lanesPerPlace > 0 || compiled.hasGroups {
      let groups = UnsafeMutablePointer<GroupState>.allocate(capacity: max(connectionCount, 1))
      groups.initialize(repeating: GroupState(), count: max(connectionCount, 1))
      self.groups = groups
    } else {
      groups = nil
    }
    if compiled.isStateful {
      let states = UnsafeMutablePointer<UserState>.allocate(capacity: max(tableCount, 1))
      states.initialize(
        repeating: UserState(slots: plan.slotCount, feeds: plan.feeds.count, initial: plan.initialValues),
        count: max(connectionCount, 1))
      // Of a lane's, only the request memory is used.
      (states + connectionCount).initialize(
        repeating: UserState(slots: 0, feeds: 0), count: tableCount - connectionCount)
      self.states = states
    } else {
      states = nil
    }
    readBuffer = .allocate(capacity: Self.readCapacity)
    readBuffer.initialize(repeating: 0, count: Self.readCapacity)
    events = .allocate(capacity: Self.eventCapacity)
    timers = TimerHeap(capacity: tableCount * 2)
    // In an open model a place is nobody's, so its connection is pooled with it.
    if users != nil, plan.transport.connections == .pooled {
      parked = ParkedLinks(capacity: max(tableCount, 1))
    }
    idlePlaces = .allocate(capacity: max(connectionCount, 1))
    sampledKinds = .allocate(capacity: max(plan.steps.count, 1))
    sampledKinds.initialize(repeating: 0, count: max(plan.steps.count, 1))
    recorders = link.bank(0)
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.u64 = Self.wakeIndex
    epoll_ctl(poll, EPOLL_CTL_ADD, link.wakeDescriptor, &event)
  }

  deinit {
    for index in 0..<tableCount {
      SSL_SESSION_free(connections[index].ticket)
      connections[index].parser.deallocate()
      connections[index].body?.deallocate()
    }
    if let states {
      for index in 0..<max(tableCount, 1) { states[index].deallocate() }
      states.deinitialize(count: max(tableCount, 1))
      states.deallocate()
    }
    connections.deallocate()
    groups?.deallocate()
    readBuffer.deallocate()
    events.deallocate()
    idlePlaces.deallocate()
    sampledKinds.deallocate()
    close(poll)
  }

  /// How many of `total`, dealt round, fall to one worker.
  static func share(of total: Int, worker: Int, of workers: Int) -> Int {
    total / workers + (worker < total % workers ? 1 : 0)
  }

  // MARK: The loop

  /// Drives connections until the run is over.
  /// - Parameter start: nanoseconds of the monotonic clock, a little ahead.
  mutating func run(start: UInt64) {
    let plan = compiled.plan
    self.start = start
    warmUpEnd = start + plan.warmUp.nanoseconds
    plannedEnd = start + plan.workload.duration.nanoseconds
    hardEnd = plannedEnd + plan.gracefulStop.nanoseconds
    // The kernel may delay a timed wait by the thread's slack, 50 µs by default.
    _ = clinux_set_timer_slack(1)
    clinux_name_thread("bench-worker")
    if plan.transport.pinsWorkers { pin() }
    prepareWorkload()
    var now = readClock()
    while true {
      if link.requestedEpoch.load(ordering: .relaxed) != epoch { publish(now) }
      if nextDue <= plannedEnd, now >= plannedEnd, waitingAtEnd == nil { noteWaiting() }
      releaseTimers(now)
      releaseArrivals(now)
      if hasEnded(now) || link.shouldStop.load(ordering: .relaxed) { break }
      let count = wait(atMost: pause(now))
      if count < 0 {
        link.defect.withLock { $0 = "epoll: \(String(cString: strerror(errno)))" }
        break
      }
      var index = 0
      while index < Int(count) {
        let data = events[index].data.u64
        let ready = events[index].events
        index &+= 1
        if data == Self.wakeIndex {
          drainWake()
          continue
        }
        let place = Int(data & 0xFFFF_FFFF)
        let connection = connections + place
        if connection.pointee.generation == UInt32(truncatingIfNeeded: data >> 32) {
          handle(connection, place, ready)
        } else {
          dropParked(data)
        }
      }
      now = readClock()
    }
    now = MonotonicClock.now()
    noteOpen()
    interruptAll(now)
    publishFinally()
    // What closing thousands of connections takes is neither load nor a wait for answers.
    closeAll()
  }

  /// A reading that one request may begin with.
  @inline(__always)
  mutating func readClock() -> UInt64 {
    readingIsSpent = false
    return MonotonicClock.now()
  }

  /// - Returns: how many events there are; −1 with `errno` when the kernel refuses to wait.
  private mutating func wait(atMost nanoseconds: UInt64) -> Int32 {
    let capacity = Int32(Self.eventCapacity)
    if waitsExactly {
      var timeout = timespec(nanoseconds: nanoseconds)
      let count = epoll_pwait2(poll, events, capacity, &timeout, nil)
      if count >= 0 { return count }
      if errno == EINTR { return 0 }
      // Whatever its reason: ENOSYS, EPERM under a filter. What is wrong with the descriptor the older call says too.
      waitsExactly = false
    }
    let count = epoll_wait(poll, events, capacity, Int32(min((nanoseconds + 999_999) / 1_000_000, 60_000)))
    return count < 0 && errno == EINTR ? 0 : count
  }

  private mutating func hasEnded(_ now: UInt64) -> Bool {
    if now >= hardEnd { return true }
    guard iterating == 0 else { return false }
    if users != nil {
      // Nobody of this worker's will begin anything any more, or there never was anybody.
      if isExhausted || retired == connectionCount { return true }
      if case .shared? = iterationLimit, !compiled.hasSharedIteration { return true }
    } else if isExhausted {
      return true
    }
    return now >= plannedEnd && nextDue == .max
  }

  /// How long the loop may sleep.
  private mutating func pause(_ now: UInt64) -> UInt64 {
    var next = timers.earliest
    if nextDue != .max, idleCount > 0 || unusedPlace < connectionCount || dropsOverflow {
      next = min(next, alignedToTick(nextDue))
    }
    next = min(next, now < plannedEnd ? plannedEnd : hardEnd)
    return next > now ? next &- now : 0
  }

  mutating func alignedToTick(_ due: UInt64) -> UInt64 {
    guard tick > 0 else { return due }
    let ticks = (due &- start &+ tick &- 1) / tick
    return start &+ ticks &* tick
  }

  private func drainWake() {
    var count: UInt64 = 0
    _ = read(link.wakeDescriptor, &count, 8)
  }

  private mutating func releaseTimers(_ now: UInt64) {
    while timers.earliest <= now {
      let entry = timers.pop()
      let place = Int(entry.slot)
      let connection = connections + place
      switch entry.purpose {
      case .wake:
        wake(connection, place, due: entry.time, now)
      case .deadline:
        guard connection.pointee.deadlineTimer == entry.time else { continue }
        connection.pointee.deadlineTimer = .max
        if connection.pointee.deadline <= now {
          giveUp(connection, place, readClock())
        } else if connection.pointee.deadline != .max {
          setDeadline(connection, place, connection.pointee.deadline)
        }
      }
    }
  }

  /// Waits are given up by a timer that stays armed over many requests and looks at the deadline when it fires.
  mutating func setDeadline(_ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ time: UInt64) {
    let time = min(time, connection.pointee.cutoff)
    connection.pointee.deadline = time
    guard time < connection.pointee.deadlineTimer else { return }
    connection.pointee.deadlineTimer = time
    timers.push(.init(time: time, slot: Int32(place), purpose: .deadline))
  }

  private func pin() {
    let processor = clinux_pin_thread(Int32(number))
    guard processor < 0 else { return }
    link.defect.withLock {
      $0 = "a worker can't be kept on one processor: \(String(cString: strerror(-processor))). Leave out --pin"
    }
  }

  // MARK: Publishing

  private mutating func publish(_ now: UInt64) {
    let requested = link.requestedEpoch.load(ordering: .acquiring)
    fillSnapshot(now)
    noteOpen()
    epoch = requested
    recorders = link.bank(epoch)
    link.publish(snapshot, epoch: epoch)
  }

  /// Requests that are under way, into their steps' recorders.
  private mutating func noteOpen() {
    var index = 0
    while index < tableCount {
      if connections[index].activity == .requesting {
        let recorder = recorders + Int(connections[index].step)
        recorder.pointee.open &+= 1
        recorder.pointee.oldestOpen = min(recorder.pointee.oldestOpen, connections[index].dispatched)
      }
      index &+= 1
    }
  }

  private mutating func publishFinally() {
    fillSnapshot(MonotonicClock.now())
    link.finish(snapshot)
  }

  private mutating func fillSnapshot(_ now: UInt64) {
    snapshot.cpuNanoseconds = MonotonicClock.threadCPUTime()
    if let users {
      let elapsed = now > start ? now - start : 0
      var active = 0
      var place = 0
      while place < connectionCount {
        if connections[place].activity != .idle, now < plannedEnd || connections[place].isIterating,
          connections[place].isIterating || users.isActive(Int(connections[place].user), at: elapsed)
        {
          active += 1
        }
        place += 1
      }
      snapshot.active = active
      snapshot.waiting = 0
    } else {
      snapshot.active = iterating
      snapshot.waiting = waitingArrivals(now)
    }
  }
}
