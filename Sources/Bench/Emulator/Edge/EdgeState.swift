/// The edge and the platform around one service, in virtual time: what happens to each request, and when the process is
/// started and stopped. Pure: somebody else does what the actions say, and reports what came of it.
///
/// The idle clock runs from the end of the last inbound request that reached the service, whatever asked: it is never ahead
/// of the service's own, and of who reads the service's log.
/// - Source: the edge's answers as in public captures from 2026-07-16 to 2026-09-30; not documented by the host.
package struct EdgeState: Sendable {
  package enum Input: Sendable, Equatable {
    /// The service has been deployed.
    case begin
    case request(EdgeRequest)
    /// A held or forwarded request has ended, or its client has gone.
    case finished(UInt64)
    /// The process that was started has given its first answer.
    case answered
    /// The process has ended, or could not be started.
    case exited(cause: String)
    case memoryKill(cause: String)
    /// Time has passed, to `nextDeadline` or not.
    case tick
    case stop
  }

  package enum Action: Sendable, Equatable {
    case startProcess
    /// SIGTERM.
    case terminateProcess
    /// SIGKILL.
    case killProcess
    /// Nothing is to be said to the client yet.
    case hold(UInt64)
    case forward(UInt64)
    case answer(UInt64, EdgeAnswer)
    case log(EdgeEvent)
    /// Once: the service has answered first, or its first start has failed.
    case ready
  }

  package enum Phase: Sendable, Equatable {
    case new, starting, awake, asleep
    /// The process is started at this time.
    case waking(startAt: Double)
    case wakeFailed(retryAt: Double)
    /// The process is started again at this time.
    case restarting(at: Double)
    /// It has been started again, and has not answered.
    case recovering
    case suspended, stopped
  }

  private enum Process: Sendable, Equatable {
    case none
    case starting(deadline: Double)
    case running
    /// Told to end; killed at this time.
    case stopping(killAt: Double)
  }

  private let rule: EdgeRule
  package private(set) var phase = Phase.new
  private var process = Process.none
  private var held: [UInt64] = []
  private var forwarded: Set<UInt64> = []
  private var lastInbound = 0.0
  private var readyAt = 0.0
  private var runningSince: Double?
  private var closedSeconds = 0.0
  private var deaths = 0
  private var saidReady = false
  private var now = 0.0
  private var actions: [Action] = []

  package init(_ rule: EdgeRule) { self.rule = rule }

  private var isPaid: Bool { rule.idle == nil }

  /// Running time until `seconds`.
  package func awakeSeconds(at seconds: Double) -> Double {
    closedSeconds + (runningSince.map { max(0, seconds - $0) } ?? 0)
  }

  /// - Parameter seconds: since the emulation began; never before the last input's.
  package mutating func handle(_ input: Input, at seconds: Double) -> [Action] {
    now = max(now, seconds)
    actions = []
    passTime()
    switch input {
    case .begin: begin()
    case .request(let request): receive(request)
    case .finished(let id): finish(id)
    case .answered: answered()
    case .exited(let cause): exited(cause)
    case .memoryKill(let cause): log(.memoryKill, cause)
    case .tick: break
    case .stop: stop()
    }
    // What has just become due, such as a spin-down that a request under way had put off.
    passTime()
    return actions
  }

  /// When something is to happen if nothing else does.
  package var nextDeadline: Double? {
    var deadlines: [Double] = []
    switch process {
    case .starting(let deadline): deadlines.append(deadline)
    case .stopping(let killAt): deadlines.append(killAt)
    case .none, .running: break
    }
    switch phase {
    case .awake: if let sleepsAt, forwarded.isEmpty { deadlines.append(sleepsAt) }
    case .waking(let startAt) where process == .none: deadlines.append(startAt)
    case .restarting(let at) where process == .none: deadlines.append(at)
    default: break
    }
    if let suspendsAt { deadlines.append(suspendsAt) }
    return deadlines.min()
  }

  // MARK: Time

  private var sleepsAt: Double? { rule.idle.map { max(lastInbound + $0, readyAt) } }

  private var suspendsAt: Double? {
    guard let pooled = rule.pooledSeconds, let runningSince else { return nil }
    return runningSince + max(0, pooled - closedSeconds)
  }

  private mutating func passTime() {
    if let suspendsAt, now >= suspendsAt { suspend() }
    switch process {
    case .starting(let deadline) where now >= deadline:
      actions.append(.killProcess)
      process = .stopping(killAt: .infinity)
      startFailed("no answer within \(Self.text(rule.startTimeout))")
    case .stopping(let killAt) where now >= killAt:
      actions.append(.killProcess)
      process = .stopping(killAt: .infinity)
    default: break
    }
    switch phase {
    case .awake:
      if let idle = rule.idle, let sleepsAt, now >= sleepsAt, forwarded.isEmpty { spinDown("idle \(Self.text(idle))") }
    case .waking(let startAt) where process == .none && now >= startAt: start("wake")
    case .restarting(let at) where process == .none && now >= at:
      phase = .recovering
      start("restart")
    default: break
    }
  }

  // MARK: Requests

  private mutating func receive(_ request: EdgeRequest) {
    switch phase {
    case .suspended: actions.append(.answer(request.id, .suspended))
    case .new, .stopped: actions.append(.answer(request.id, .unreachable(isPaid: isPaid)))
    case .starting: hold(request)
    case .awake:
      lastInbound = now
      forward(request.id)
    case .asleep, .waking:
      guard !request.isRobots else { return actions.append(.answer(request.id, .robots)) }
      if phase == .asleep { wake(request) }
      wait(request)
    case .wakeFailed(let retryAt):
      // A sleeping service's robots.txt says "asleep"; this one's must not.
      guard !request.isRobots, now >= retryAt else { return actions.append(.answer(request.id, .wakeError)) }
      wake(request)
      wait(request)
    case .restarting, .recovering:
      lastInbound = now
      actions.append(.answer(request.id, .unreachable(isPaid: isPaid)))
    }
  }

  private mutating func wake(_ request: EdgeRequest) {
    runningSince = now
    phase = .waking(startAt: now + rule.platformWake)
    log(.waking, request.label)
  }

  private mutating func wait(_ request: EdgeRequest) {
    lastInbound = now
    if request.wantsPage { actions.append(.answer(request.id, .pendingWake)) } else { hold(request) }
  }

  private mutating func hold(_ request: EdgeRequest) {
    guard held.count < rule.heldLimit else { return actions.append(.answer(request.id, .pendingWake)) }
    held.append(request.id)
    actions.append(.hold(request.id))
  }

  private mutating func forward(_ id: UInt64) {
    forwarded.insert(id)
    actions.append(.forward(id))
  }

  private mutating func finish(_ id: UInt64) {
    guard forwarded.remove(id) != nil else { return held.removeAll { $0 == id } }
    // The service noted it while it was under way: its clock is never behind the edge's.
    lastInbound = now
  }

  private mutating func answerHeld(_ answer: EdgeAnswer) {
    actions += held.map { .answer($0, answer) }
    held = []
  }

  // MARK: The process

  private mutating func begin() {
    guard phase == .new else { return }
    phase = .starting
    runningSince = now
    start("deploy")
  }

  private mutating func start(_ cause: String) {
    process = .starting(deadline: now + rule.startTimeout)
    actions.append(.startProcess)
    log(.started, cause)
  }

  private mutating func answered() {
    guard case .starting = process else { return }
    process = .running
    readyAt = now
    switch phase {
    case .waking:
      // Who was held reaches the service now: it, the edge and a monitor start the idle clock at the same moment.
      lastInbound = now
      log(.woken, "first answer")
    case .starting:
      // The idle clock of a deploy begins with the service.
      lastInbound = now
      log(.awake, "first answer")
    default: log(.awake, "answers again")
    }
    phase = .awake
    sayReady()
    for id in held { forward(id) }
    held = []
  }

  private mutating func exited(_ cause: String) {
    let was = process
    process = .none
    switch was {
    case .none, .stopping: break
    case .starting: startFailed(cause)
    case .running: died(cause)
    }
  }

  private mutating func startFailed(_ cause: String) {
    switch phase {
    case .starting where !isPaid, .waking:
      stopRunning()
      phase = .wakeFailed(retryAt: now + rule.wakeRetryBackoff)
      log(.wakeFailed, cause)
      answerHeld(.wakeError)
    default:
      answerHeld(.unreachable(isPaid: isPaid))
      died(cause)
    }
    sayReady()
  }

  private mutating func died(_ cause: String) {
    guard phase == .awake || phase == .recovering || phase == .starting else { return }
    deaths = phase == .awake && now - readyAt >= rule.stableAfter ? 1 : deaths + 1
    let backoff = min(rule.restartBackoffLimit, rule.restartBackoff * Double(1 << min(deaths - 1, 30)))
    phase = .restarting(at: now + backoff)
    log(.died, cause)
    if deaths == rule.crashLoopDeaths { log(.crashLoop, "died \(deaths) times") }
    log(.restarting, "in \(Self.text(backoff))")
  }

  private mutating func spinDown(_ cause: String) {
    stopRunning()
    phase = .asleep
    deaths = 0
    log(.asleep, cause)
    endProcess()
  }

  private mutating func suspend() {
    stopRunning()
    phase = .suspended
    log(.suspended, "\(Self.text(rule.pooledSeconds ?? 0)) of running time are spent")
    answerHeld(.suspended)
    endProcess()
  }

  private mutating func stop() {
    guard phase != .stopped else { return }
    stopRunning()
    phase = .stopped
    answerHeld(.unreachable(isPaid: isPaid))
    endProcess()
    log(.stopped, "end of the emulation")
  }

  private mutating func endProcess() {
    switch process {
    case .none, .stopping: break
    case .starting, .running:
      process = .stopping(killAt: now + rule.stopGrace)
      actions.append(.terminateProcess)
    }
  }

  // MARK: Saying

  private mutating func stopRunning() {
    closedSeconds = awakeSeconds(at: now)
    runningSince = nil
  }

  private mutating func sayReady() {
    guard !saidReady else { return }
    saidReady = true
    actions.append(.ready)
  }

  private mutating func log(_ kind: EdgeEvent.Kind, _ cause: String) {
    actions.append(
      .log(EdgeEvent(kind, cause: cause, elapsedSeconds: now, awakeSeconds: awakeSeconds(at: now))))
  }

  private static func text(_ seconds: Double) -> String {
    let tenths = (seconds * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths)) s" : "\(tenths) s"
  }
}
