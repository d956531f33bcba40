package import Evidence
import Visits
import Wording

/// Tells sleep from death by what is seen of a service, in the time that the caller gives.
///
/// Pure: `handle` takes an observation and its moment and returns the changes of state; `nextProbeAt` and
/// `nextDeadline` say when the caller should probe or call again. Codable, so that a monitor that starts again goes on.
package struct SleepInference: Sendable, Codable, Equatable {
  package enum Sensor: String, Sendable, Codable { case heartbeats, accessLog, robots, health }
  package typealias State = MonitorReport.State

  package var rules: SleepRules
  package private(set) var sensor: Sensor
  package private(set) var state: State = .unknown
  package private(set) var since: Double
  /// When the caller should ask `/robots.txt` (or `/health`, where that is the sensor); nil: no need.
  package private(set) var nextProbeAt: Double?

  /// A run of the service's process, in the monitor's time.
  struct Boot: Sendable, Codable, Equatable {
    var id: String
    var sequence: Int
    var startedAt: Double
    var readyAt: Double?
    var lastHeartbeat: Double
    /// From when the idle clock runs.
    var clockStart: Double
    var running = 0
    var hasStopped = false
  }

  private(set) var boot: Boot?
  /// The run before, while it is open whether it was replaced or died.
  private(set) var replaced: Boot?
  /// Runs in a row that ended without a word.
  private var deaths = 0
  private var doubt: Doubt?
  private var failureCount = 0
  private var successCount = 0
  private var firstSuccessAt: Double?
  private var sleepSigns = 0
  /// When the app was last seen alive by a probe or a log line.
  private var lastAlive: Double?
  private var lastSleepSign: Double?
  private var listeningSince: Double
  private var now: Double
  private var changes: [StateChange] = []

  /// Why silence is being looked into.
  struct Doubt: Sendable, Codable, Equatable {
    var since: Double
    var cause: String
    /// The silence fits the idle clock.
    var fitsSleep: Bool
    /// When it was asleep, if it is.
    var asleepAt: Double
  }

  package init(rules: SleepRules, sensor: Sensor, at now: Double) {
    self.rules = rules
    self.sensor = sensor
    since = now
    listeningSince = now
    self.now = now
    if sensor == .robots || sensor == .health { nextProbeAt = now }
  }

  private enum CodingKeys: String, CodingKey {
    case rules, sensor, state, since, nextProbeAt, boot, replaced, deaths, doubt, failureCount, successCount
    case firstSuccessAt, sleepSigns, lastAlive, lastSleepSign, listeningSince, now
  }

  /// When `handle(.tick)` has something to decide; nil: nothing is due.
  package var nextDeadline: Double? {
    var deadlines: [Double] = []
    if let silenceDeadline { deadlines.append(silenceDeadline) }
    if let replaced { deadlines.append(replaced.lastHeartbeat + rules.heartbeat + rules.grace) }
    if sensor == .accessLog, state == .up, let lastAlive, let idle = rules.idle {
      deadlines.append(lastAlive + idle + rules.slack)
    }
    return deadlines.min()
  }

  /// From when the service's idle clock runs, as far as is known.
  package var clockStart: Double? { [boot?.clockStart, lastAlive].compactMap(\.self).max() }

  /// Takes what was seen; observations come in the order of their moments.
  package mutating func handle(_ observation: SleepObservation, at moment: Double) -> [StateChange] {
    now = max(now, moment)
    defer { changes = [] }
    switch observation {
    case .heartbeat(let heartbeat): take(heartbeat)
    case .probe(let sign, let cause): take(sign, because: cause)
    case .request: takeRequest()
    case .tick: break
    case .listening(let last): resume(from: last)
    }
    judgeReplaced()
    judgeSilence()
    judgeLog()
    return changes
  }

  private mutating func change(to new: State, at moment: Double, _ cause: String) {
    guard new != state else { return }
    let at = min(max(moment, since), now)
    changes.append(StateChange(at: at, seenAt: now, from: state, to: new, cause: cause))
    state = new
    since = at
    clearDoubt()
    schedulePoll()
  }

  private mutating func clearDoubt() {
    doubt = nil
    failureCount = 0
    successCount = 0
    firstSuccessAt = nil
    sleepSigns = 0
  }

  /// The next look at a service of which nothing is in doubt.
  private mutating func schedulePoll() {
    guard rules.canProbe else { return }
    switch (sensor, state) {
    case (.robots, _), (.health, _): nextProbeAt = now + rules.poll
    case (_, .asleep), (_, .down), (_, .suspended), (_, .misrouted): nextProbeAt = now + rules.poll
    case (_, .up), (_, .waking), (_, .unknown): nextProbeAt = nil
    }
  }

  // MARK: Heartbeats

  private mutating func take(_ heartbeat: Heartbeat) {
    let clock = Clock(heartbeat, receivedAt: now)
    if let known = boot, known.id == heartbeat.bootID {
      guard heartbeat.sequence > known.sequence else { return }
    } else if let old = replaced, old.id == heartbeat.bootID {
      // The run that is being replaced: it lives on for a while, or says goodbye.
      if heartbeat.state == .stopping { replaced = nil } else { replaced?.lastHeartbeat = now }
      return
    } else {
      let startedAt = clock.startedAt ?? now
      if let known = boot, startedAt < known.startedAt { return }
      begin(heartbeat, startedAt: startedAt)
    }
    if var current = boot {
      current.sequence = heartbeat.sequence
      current.lastHeartbeat = now
      current.readyAt = clock.readyAt ?? current.readyAt
      current.clockStart =
        [clock.lastInboundAt, clock.lastProbeAt, current.readyAt].compactMap(\.self)
        .reduce(current.clockStart) { max($0, $1) }
      boot = current
    }
    switch heartbeat.state {
    case .starting: takeStarting()
    case .running: takeRunning()
    case .stopping: takeStopping()
    }
  }

  private mutating func begin(_ heartbeat: Heartbeat, startedAt: Double) {
    if let old = boot, !old.hasStopped, state == .up || state == .waking || state == .down {
      if old.running == 0, old.sequence >= 0, state != .up {
        // It never got as far as running.
        deaths += 1
        if state == .waking, deaths >= 2 {
          change(to: .down, at: old.startedAt, "crashes at its start, \(deaths) times")
        }
      } else if state == .up, let idle = rules.idle, old.clockStart + idle <= startedAt + rules.slack {
        // It fell asleep and was woken before its silence was long enough to be noticed.
        change(
          to: .asleep, at: max(old.lastHeartbeat, old.clockStart + idle), "silent since its idle clock ran out")
      } else if state == .up {
        replaced = old
      }
    }
    boot = Boot(
      id: heartbeat.bootID, sequence: -1, startedAt: startedAt, lastHeartbeat: now, clockStart: startedAt)
  }

  private mutating func takeStarting() {
    guard let boot else { return }
    switch state {
    case .asleep: change(to: .waking, at: boot.startedAt, "its process started")
    case .unknown: change(to: .waking, at: now, "its process started")
    default: break
    }
  }

  private mutating func takeRunning() {
    guard let current = boot else { return }
    boot?.running += 1
    if current.running + 1 >= 3 { deaths = 0 }
    let readyAt = current.readyAt ?? now
    let isFirst = current.running == 0
    switch state {
    case .up:
      clearDoubt()
      schedulePoll()
    case .asleep where isFirst && current.startedAt >= since - rules.slack:
      change(to: .waking, at: current.startedAt, "its process started")
      change(to: .up, at: readyAt, "its first heartbeat")
    case .asleep: change(to: .up, at: now, "its heartbeats are back")
    case .waking: change(to: .up, at: readyAt, "its first heartbeat")
    case .unknown: change(to: .up, at: now, "a heartbeat")
    case .suspended, .misrouted: change(to: .up, at: isFirst ? readyAt : now, "a heartbeat")
    case .down:
      successCount = isFirst ? 1 : successCount + 1
      if successCount == 1 { firstSuccessAt = isFirst ? readyAt : now }
      if successCount >= rules.successes {
        change(to: .up, at: firstSuccessAt ?? now, "\(rules.successes) heartbeats in a row")
      }
    }
  }

  private mutating func takeStopping() {
    guard let current = boot else { return }
    boot?.hasStopped = true
    guard state == .up || state == .waking || state == .unknown else { return }
    let idleFor = now - current.clockStart
    if let idle = rules.idle, idleFor >= idle - rules.slack {
      change(to: .asleep, at: now, "stopped after \(seconds(idleFor)) without a request")
      return
    }
    doubt = Doubt(
      since: now, cause: "stopped \(seconds(idleFor)) after a request, before its time", fitsSleep: false,
      asleepAt: now)
    failureCount = 1
    nextProbeAt = rules.canProbe ? now + rules.confirm : nil
  }

  /// When silence begins to mean something; nil while nothing is expected.
  private var silenceDeadline: Double? {
    guard sensor == .heartbeats else { return nil }
    let patience = rules.heartbeat + rules.grace
    switch state {
    case .unknown:
      guard doubt == nil else { return nil }
      return max(listeningSince, boot?.lastHeartbeat ?? listeningSince) + patience
    case .up, .waking:
      if doubt != nil, rules.canProbe { return nil }
      let heartbeatAt = boot?.lastHeartbeat ?? since
      // It answers although its heartbeats don't come: as seldom as where they are not sent at all.
      if let lastAlive, lastAlive > heartbeatAt { return max(listeningSince, lastAlive) + rules.poll }
      let heard = max(listeningSince, heartbeatAt)
      if state == .waking { return max(heard + patience, (boot?.startedAt ?? since) + rules.start) }
      // Without a probe each further missed heartbeat is a failure.
      return heard + patience + rules.heartbeat * Double(doubt == nil ? 0 : failureCount)
    case .asleep, .down, .suspended, .misrouted: return nil
    }
  }

  private mutating func judgeSilence() {
    while let deadline = silenceDeadline, now >= deadline {
      switch state {
      case .unknown:
        doubt = Doubt(since: listeningSince, cause: "no heartbeat", fitsSleep: true, asleepAt: now)
        nextProbeAt = rules.canProbe ? now : nil
        return
      case .waking where !rules.canProbe:
        change(to: .down, at: boot?.startedAt ?? now, "started, and was not heard of again")
      case .up, .waking:
        guard doubt == nil else {
          failureCount += 1
          if failureCount >= rules.failures { change(to: .down, at: doubt?.since ?? now, doubt?.cause ?? "silence") }
          continue
        }
        doubtSilence(deadline)
        if state == .asleep || rules.canProbe { return }
      default: return
      }
    }
  }

  private mutating func doubtSilence(_ deadline: Double) {
    let heard = max(boot?.lastHeartbeat ?? since, lastAlive ?? 0)
    let asleepAt = max(heard, max(boot?.clockStart ?? since, lastAlive ?? 0) + (rules.idle ?? 0))
    let fits = rules.idle != nil && state == .up && asleepAt <= deadline + rules.slack
    if fits, !rules.canProbe {
      change(to: .asleep, at: asleepAt, "silent since its idle clock ran out")
      return
    }
    doubt = Doubt(
      since: state == .waking ? boot?.startedAt ?? heard : heard,
      cause: state == .waking
        ? "started, and was not heard of again" : "silent for \(seconds(now - heard)), before its time",
      fitsSleep: fits, asleepAt: asleepAt)
    if !fits { failureCount = 1 }
    nextProbeAt = rules.canProbe ? now : nil
  }

  /// A run that was followed by another without a word: a deployment's, or a crash's.
  private mutating func judgeReplaced() {
    guard let old = replaced, now >= old.lastHeartbeat + rules.heartbeat + rules.grace, let new = boot else { return }
    replaced = nil
    guard state == .up else { return }
    deaths += 1
    change(to: .down, at: old.lastHeartbeat, "died without a word, and was started again")
    guard new.running > 0, deaths < 2 else { return }
    change(to: .up, at: new.readyAt ?? new.startedAt, "started again")
  }

  // MARK: Probes

  private mutating func take(_ sign: ProbeSign, because cause: String?) {
    nextProbeAt = nil
    defer { if nextProbeAt == nil { schedulePoll() } }
    switch sign {
    case .alive: takeAlive()
    case .asleep: takeAsleep()
    case .waking:
      if state == .asleep || state == .unknown { change(to: .waking, at: now, "the edge wakes it") }
      nextProbeAt = now + rules.confirm
    case .down: takeFailure(cause ?? "it can't be reached")
    case .suspended: change(to: .suspended, at: doubt?.since ?? now, "the edge says that it is suspended")
    case .misrouted: change(to: .misrouted, at: doubt?.since ?? now, "the edge knows no such service")
    case .undecided:
      // Less and less often: nothing is learnt by hurry.
      if let doubt { nextProbeAt = now + min(rules.poll, max(rules.confirm, now - doubt.since)) }
    }
  }

  private mutating func takeAlive() {
    lastAlive = now
    let lastSleep = lastSleepSign
    lastSleepSign = nil
    switch state {
    case .up: clearDoubt()
    case .asleep where sensor != .heartbeats:
      change(to: .up, at: lastSleep.map { ($0 + now) / 2 } ?? now, "it answers")
    case .down:
      successCount += 1
      if successCount == 1 { firstSuccessAt = now }
      failureCount = 0
      if successCount >= rules.successes {
        change(to: .up, at: firstSuccessAt ?? now, "it answers again")
      } else {
        nextProbeAt = now + rules.confirm
      }
    default: change(to: .up, at: now, sensor == .heartbeats ? "it answers, though no heartbeat came" : "it answers")
    }
  }

  private mutating func takeAsleep() {
    sleepSigns += 1
    lastSleepSign = now
    successCount = 0
    switch state {
    case .asleep: clearDoubt()
    case .up where sensor == .robots || sensor == .health:
      // The last answer of its own reset the idle clock: it fell asleep between then and now.
      let earliest = (lastAlive ?? since) + (rules.idle ?? 0)
      change(to: .asleep, at: earliest < now ? (earliest + now) / 2 : now, "the edge answers for it")
    default:
      // The edge speaks likewise for a service that is being started, so that one sign is not enough against the clock.
      let needed = doubt?.fitsSleep == true ? 1 : state == .down ? rules.successes : rules.failures
      if sleepSigns >= needed {
        change(to: .asleep, at: doubt?.asleepAt ?? now, "silent, and the edge answers for it")
      } else {
        nextProbeAt = now + rules.confirm
      }
    }
  }

  private mutating func takeFailure(_ reason: String) {
    sleepSigns = 0
    successCount = 0
    guard state != .down else { return }
    if doubt == nil {
      doubt = Doubt(since: now, cause: reason, fitsSleep: false, asleepAt: now)
    }
    failureCount += 1
    if failureCount >= rules.failures {
      let cause = state == .asleep ? "its wake failed" : doubt?.cause ?? reason
      change(to: .down, at: doubt?.since ?? now, cause)
    } else {
      nextProbeAt = now + rules.confirm
    }
  }

  // MARK: Access log

  private mutating func takeRequest() {
    lastAlive = now
    guard sensor == .accessLog else { return }
    switch state {
    case .asleep:
      change(to: .waking, at: now, "a request")
      change(to: .up, at: now, "it answered a request")
    case .up: clearDoubt()
    default: change(to: .up, at: now, "it answered a request")
    }
  }

  private mutating func judgeLog() {
    guard sensor == .accessLog, state == .up, let lastAlive, let idle = rules.idle,
      now >= lastAlive + idle + rules.slack
    else { return }
    change(to: .asleep, at: lastAlive + idle, "no request for \(seconds(idle))")
    if rules.canProbe { nextProbeAt = now }
  }

  // MARK: The monitor itself

  private mutating func resume(from last: Double?) {
    listeningSince = now
    replaced = nil
    guard let last, now - last > rules.absence(sensor) || state == .unknown else {
      if sensor != .heartbeats { nextProbeAt = nextProbeAt ?? now }
      return
    }
    deaths = 0
    let wasDown = state == .down
    change(to: .unknown, at: last, wasDown ? "nobody was watching; it was down before" : "nobody was watching")
    clearDoubt()
    lastAlive = nil
    nextProbeAt = sensor == .heartbeats || sensor == .accessLog ? nil : now
  }

  private func seconds(_ value: Double) -> String { DurationText.format(.seconds(max(0, value))) }

  /// A heartbeat's times in the monitor's own.
  private struct Clock {
    var startedAt: Double?
    var readyAt: Double?
    var lastInboundAt: Double?
    var lastProbeAt: Double?

    init(_ heartbeat: Heartbeat, receivedAt now: Double) {
      let offset = heartbeat.sentAt.map { now - $0.seconds } ?? 0
      func local(_ instant: UTCInstant?) -> Double? { instant.map { min(now, $0.seconds + offset) } }
      startedAt = local(heartbeat.startedAt)
      readyAt = local(heartbeat.readyAt)
      lastInboundAt = local(heartbeat.lastInboundAt)
      lastProbeAt = local(heartbeat.lastProbeAt)
    }
  }
}
