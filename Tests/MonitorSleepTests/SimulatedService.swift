import Evidence
import Foundation
import MonitorSleep
import Statistics
import Visits

/// A service on a plan that sleeps, second by second, with its platform's edge; the truth to hold an inference against.
struct SimulatedService {
  enum Truth: Equatable { case asleep, starting, running, dead }

  struct Options {
    var idle = 900.0
    var heartbeat = 60.0
    /// From the request that wakes to the process's start, and from there to its first answer.
    var platformWake = 10.0
    var start = 8.0
    /// The service says that it stops.
    var saysGoodbye = true
    /// The share of heartbeats that never arrive.
    var loss = 0.0
    /// Requests a second at noon; nights have a hundredth.
    var rate = 1.0 / 400
    var sendsHeartbeats = true
  }

  let options: Options
  private(set) var truth = Truth.running
  /// When the present truth began.
  private(set) var since = 0.0
  private(set) var awakeSeconds = 0.0
  private(set) var wakes = 0
  private var random: SeededGenerator
  private var losses: SeededGenerator
  private var now = 0.0
  private var clockStart = 0.0
  private var processAt: Double?
  private var readyAt: Double?
  private var bootNumber = 0
  private var sequence = 0
  private var nextHeartbeat = 0.0
  private var restartAt: Double?
  private var outbox: [Heartbeat] = []
  private var lastInbound: Double?
  /// The next start fails, and so do all until this time.
  private var brokenUntil = 0.0

  init(_ options: Options, seed: UInt64) {
    self.options = options
    random = SeededGenerator(seed: seed)
    losses = SeededGenerator(seed: seed &+ 1)
    boot(at: 0)
    processAt = 0
    truth = .running
    readyAt = 0
  }

  /// One second passes; what arrives at the monitor.
  mutating func step() -> [Heartbeat] {
    now += 1
    outbox = []
    let hour = (now / 3600).truncatingRemainder(dividingBy: 24)
    let rate = options.rate * (hour >= 7 && hour < 22 ? 1 : 0.01)
    if random.unit() < rate { visit() }
    if truth == .starting {
      if processAt == nil, now >= since + options.platformWake { boot(at: now) }
      if let processAt, now >= processAt + options.start {
        if now < brokenUntil { die(restartAfter: 240) } else { become(.running) }
      }
    }
    if truth == .dead, let restartAt, now >= restartAt {
      self.restartAt = nil
      become(.starting)
      boot(at: now)
    }
    if truth == .running {
      if readyAt == nil {
        readyAt = now
        nextHeartbeat = now
      }
      if now - clockStart >= options.idle {
        if options.saysGoodbye { send(.stopping) }
        become(.asleep)
      } else if now >= nextHeartbeat {
        send(.running)
        nextHeartbeat = now + options.heartbeat
      }
    }
    if truth == .running || truth == .starting { awakeSeconds += 1 }
    return outbox
  }

  /// A request to `/robots.txt`.
  mutating func robots() -> ProbeSign {
    switch truth {
    case .asleep, .starting: return .asleep
    case .dead: return .down
    case .running:
      clockStart = now
      return .alive
    }
  }

  mutating func visit() {
    switch truth {
    case .asleep:
      wakes += 1
      become(.starting)
      processAt = nil
    case .starting: break
    case .running:
      clockStart = now
      lastInbound = now
    case .dead: break
    }
  }

  mutating func kill(restartAfter seconds: Double) {
    if truth == .running { die(restartAfter: seconds) }
  }

  /// Every start until then fails.
  mutating func breakStarts(for seconds: Double) { brokenUntil = now + seconds }

  /// Somebody stops it.
  mutating func stop(restartAfter seconds: Double) {
    guard truth == .running else { return }
    if options.saysGoodbye { send(.stopping) }
    die(restartAfter: seconds)
  }

  private mutating func die(restartAfter seconds: Double) {
    restartAt = now + seconds
    become(.dead)
  }

  private mutating func become(_ new: Truth) {
    truth = new
    since = now
    if new == .running {
      clockStart = now
      lastInbound = now
    }
  }

  private mutating func boot(at time: Double) {
    bootNumber += 1
    sequence = 0
    processAt = time
    readyAt = nil
    lastInbound = nil
    send(.starting)
  }

  private mutating func send(_ state: Heartbeat.State) {
    defer { sequence += 1 }
    guard options.sendsHeartbeats, losses.unit() >= options.loss else { return }
    func instant(_ seconds: Double?) -> UTCInstant? {
      // The service's clock is 90 s behind the monitor's.
      seconds.map { UTCInstant(Date(timeIntervalSince1970: 1_800_000_000 + $0 - 90)) }
    }
    outbox.append(
      Heartbeat(
        bootID: "boot-\(bootNumber)", sequence: sequence, state: state, sentAt: instant(now),
        startedAt: instant(processAt), readyAt: instant(readyAt), lastInboundAt: instant(lastInbound)))
  }
}

/// An inference beside a simulated service.
struct Watch {
  static let origin = 1_800_000_000.0

  var service: SimulatedService
  var inference: SleepInference
  private(set) var changes: [StateChange] = []
  private(set) var probes = 0
  private(set) var polls: [CausedTime.Poll] = []
  private(set) var now = 0.0
  /// Seconds in which the inference said something else than the truth, later than `patience` after it began.
  private(set) var wrong: [String: Int] = [:]
  var patience: (SimulatedService.Truth) -> Double

  init(
    _ options: SimulatedService.Options, rules: SleepRules, sensor: SleepInference.Sensor = .heartbeats, seed: UInt64
  ) {
    service = SimulatedService(options, seed: seed)
    inference = SleepInference(rules: rules, sensor: sensor, at: Self.origin)
    let delays = DetectionDelays(rules, sensor: sensor)
    patience = { truth in
      switch truth {
      case .asleep: max(delays.asleepSilent, delays.asleepAnnounced) + 2
      case .running: max(delays.awake, delays.recovered) + 2
      case .dead: max(delays.died, delays.failedWake) + 2
      case .starting: .infinity
      }
    }
  }

  mutating func run(_ seconds: Int, _ fault: (inout SimulatedService, Int) -> Void = { _, _ in }) {
    for second in 0..<seconds {
      fault(&service, second)
      now += 1
      let time = Self.origin + now
      for heartbeat in service.step() { changes += inference.handle(.heartbeat(heartbeat), at: time) }
      if let deadline = inference.nextDeadline, deadline <= time { changes += inference.handle(.tick, at: time) }
      if let due = inference.nextProbeAt, due <= time {
        probes += 1
        let sign = service.robots()
        polls.append(CausedTime.Poll(at: time, isAwake: sign == .alive))
        changes += inference.handle(.probe(sign), at: time)
      }
      judge()
    }
  }

  private mutating func judge() {
    guard now - service.since > patience(service.truth) else { return }
    let expected: MonitorReport.State =
      switch service.truth {
      case .asleep: .asleep
      case .running: .up
      case .dead: .down
      case .starting: inference.state
      }
    if inference.state != expected { wrong["\(service.truth) taken for \(inference.state)", default: 0] += 1 }
  }
}
