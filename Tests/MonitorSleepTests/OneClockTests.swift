import BenchEmulator
import Evidence
import Foundation
import MonitorSleep
import Statistics
import Testing
import Visits

/// A healthy service behind the emulated edge, in virtual time: what the edge does, the service says and the monitor
/// thinks goes by one idle clock.
private struct EdgeAndMonitor {
  static let origin = 1_800_000_000.0

  let idle: Double
  let wake: Double
  let sensor: SleepInference.Sensor
  let step: Double
  let heartbeatEvery: Double
  private var edge: EdgeState
  private var inference: SleepInference
  private var random: SeededGenerator
  private var now = 0.0
  private var nextID: UInt64 = 0
  private var finishing: [(at: Double, id: UInt64)] = []
  private var processAt: Double?
  private var readyAt: Double?
  private var exitAt: Double?
  private var boot = 0
  private var sequence = 0
  private var lastInbound: Double?
  private var lastProbe: Double?
  private var nextHeartbeat = Double.infinity
  private(set) var changes: [StateChange] = []
  private(set) var wakes = 0

  init(idle: Double, wake: Double, sensor: SleepInference.Sensor, seed: UInt64) {
    self.idle = idle
    self.wake = wake
    self.sensor = sensor
    step = idle < 60 ? 0.1 : 1
    heartbeatEvery = idle < 60 ? 1 : 60
    var rule = EdgeRule(idle: idle)
    rule.platformWake = wake / 2
    edge = EdgeState(rule)
    inference = SleepInference(
      rules: SleepRules(idle: idle, heartbeat: heartbeatEvery), sensor: sensor, at: Self.origin)
    random = SeededGenerator(seed: seed)
    act(edge.handle(.begin, at: 0))
  }

  /// Until the service has been woken so often.
  mutating func run(wakes most: Int) {
    var nextVisit = wake + 1
    while wakes < most {
      now += step
      if let exit = exitAt, now >= exit {
        exitAt = nil
        act(edge.handle(.exited(cause: "signal 15"), at: now))
      }
      if processAt != nil, readyAt == nil, let started = processAt, now >= started + wake / 2 { becomeReady() }
      for done in finishing where now >= done.at { act(edge.handle(.finished(done.id), at: now)) }
      finishing.removeAll { now >= $0.at }
      if let deadline = edge.nextDeadline, deadline <= now { act(edge.handle(.tick, at: now)) }
      if now >= nextVisit {
        // From visits that follow each other to silences of several idle times.
        nextVisit = now + idle * 3 * random.unit() * random.unit() + 0.05
        act(edge.handle(.request(request("/")), at: now))
      }
      if now >= nextHeartbeat { beat(.running) }
      observe()
    }
  }

  private mutating func request(_ path: String) -> EdgeRequest {
    nextID += 1
    return EdgeRequest(id: nextID, method: "GET", target: path, accept: ["*/*"])
  }

  private mutating func act(_ actions: [EdgeState.Action]) {
    for action in actions {
      switch action {
      case .startProcess:
        boot += 1
        sequence = 0
        (processAt, readyAt, lastInbound, lastProbe) = (now, nil, nil, nil)
        beat(.starting)
      case .terminateProcess:
        beat(.stopping)
        nextHeartbeat = .infinity
        processAt = nil
        exitAt = now + step
      case .forward(let id):
        lastInbound = now
        finishing.append((now + step, id))
        if sensor == .accessLog { changes += inference.handle(.request, at: Self.origin + now) }
      case .log(let event): if event.kind == .woken { wakes += 1 }
      case .killProcess, .hold, .answer, .ready: break
      }
    }
  }

  private mutating func becomeReady() {
    readyAt = now
    act(edge.handle(.answered, at: now))
    beat(.running)
  }

  private mutating func beat(_ state: Heartbeat.State) {
    nextHeartbeat = state == .running ? now + heartbeatEvery : nextHeartbeat
    guard sensor == .heartbeats else { return }
    func instant(_ seconds: Double?) -> UTCInstant? { seconds.map { UTCInstant(seconds: Self.origin + $0) } }
    let heartbeat = Heartbeat(
      bootID: "b\(boot)", sequence: sequence, state: state, sentAt: instant(now), startedAt: instant(processAt),
      readyAt: instant(readyAt), lastInboundAt: instant(lastInbound), lastProbeAt: instant(lastProbe))
    sequence += 1
    changes += inference.handle(.heartbeat(heartbeat), at: Self.origin + now)
  }

  private mutating func observe() {
    let time = Self.origin + now
    if let deadline = inference.nextDeadline, deadline <= time { changes += inference.handle(.tick, at: time) }
    guard let due = inference.nextProbeAt, due <= time else { return }
    let actions = edge.handle(.request(request("/robots.txt")), at: now)
    var sign = ProbeSign.down
    for case .answer(_, .robots) in actions { sign = .asleep }
    for case .hold in actions { sign = .undecided }
    for case .forward(let id) in actions {
      sign = .alive
      lastProbe = now
      finishing.append((now + step, id))
    }
    changes += inference.handle(.probe(sign), at: time)
  }
}

@Suite struct OneClockTests {
  /// `OUTGROWN_WAKES` says how many of each; few of them in the suite.
  private static let wakes = ProcessInfo.processInfo.environment["OUTGROWN_WAKES"].flatMap { Int($0) } ?? 12

  @Test(
    "a healthy service that sleeps and is woken is never DOWN",
    arguments: [3.0, 20, 60], [6.0, 900])
  func healthy(wake: Double, idle: Double) {
    for sensor in [SleepInference.Sensor.heartbeats, .robots, .accessLog] {
      var both = EdgeAndMonitor(idle: idle, wake: wake, sensor: sensor, seed: UInt64(wake + idle))
      both.run(wakes: Self.wakes)
      #expect(both.wakes == Self.wakes)
      let down = both.changes.filter { $0.to == .down }
      #expect(
        down.isEmpty, "\(sensor), wake \(wake) s, idle \(idle) s: \(down.count) times, \(down.first?.cause ?? "")")
      #expect(both.changes.contains { $0.to == .asleep })
    }
  }
}
