import Curl
import Evidence
import Foundation
import MonitorLedger
import MonitorProbe
import MonitorSleep
import Secrets
import ServiceLifecycle
import Services
import Terminal
import Timers
import Visits

/// One service under watch: takes what is seen, in order, and asks when the inference wants to know.
actor WatchedService: Service {
  private let watched: MonitorConfiguration.Watched
  private let timeScale: Double
  private let probe: Probe
  private let wait: Wait
  private let record: @Sendable (Ledger.Entry) -> Void
  private let onChange: @Sendable (String, StateChange) -> Void
  private var inference: SleepInference
  private var lastWritten = 0.0
  private var lastTick = 0.0
  private var log: AccessLogTail?

  init(
    _ watched: MonitorConfiguration.Watched, timeScale: Double, resumed: (inference: SleepInference, lastSeen: Double)?,
    probe: Probe, wait: @escaping Wait, record: @escaping @Sendable (Ledger.Entry) -> Void,
    onChange: @escaping @Sendable (String, StateChange) -> Void
  ) {
    self.watched = watched
    self.timeScale = timeScale
    self.probe = probe
    self.wait = wait
    self.record = record
    self.onChange = onChange
    let now = Self.now
    if let resumed, resumed.inference.sensor == watched.sensor {
      inference = resumed.inference
      inference.rules = watched.rules
      lastTick = resumed.lastSeen
    } else {
      inference = SleepInference(rules: watched.rules, sensor: watched.sensor, at: now)
      lastTick = resumed?.lastSeen ?? now
    }
    log = watched.accessLog.map { AccessLogTail(path: $0, format: watched.logFormat) }
  }

  nonisolated var name: String { watched.name }
  nonisolated var token: Redacted<String>? { watched.token }
  nonisolated var takesHeartbeats: Bool { watched.sensor == .heartbeats }

  private static var now: Double { Date().timeIntervalSince1970 }

  var standing: (state: String, since: Double) { (inference.state.rawValue, inference.since) }

  func take(_ heartbeat: Heartbeat) {
    let now = Self.now
    see(.heartbeat(heartbeat), at: now, heartbeat: heartbeat)
  }

  func run() async {
    let start = Self.now
    see(.listening(since: lastTick < start ? lastTick : nil), at: start)
    lastTick = start
    await Repeating(with: (), wait: wait) { _ in await self.look() }.run()
    write(at: Self.now)
  }

  /// - Returns: how long there is nothing to look at.
  private func look() async -> Duration {
    let now = Self.now
    let rules = watched.rules
    let pause = rules.pause(inference.sensor)
    if now - lastTick > rules.absence(inference.sensor) + 2 * pause {
      // The machine slept, or this process was stopped: nobody watched.
      see(.listening(since: lastTick), at: now)
    }
    lastTick = now
    readLog(at: now)
    if let deadline = inference.nextDeadline, deadline <= now { see(.tick, at: now) }
    if let due = inference.nextProbeAt, due <= now { await ask() }
    if now - lastWritten > min(15, max(0.25, rules.heartbeat / 4)) { write(at: now) }
    return .seconds(pause)
  }

  private func ask() async {
    guard let url = watched.url else { return }
    let isHealth = watched.sensor == .health
    let clockStart = inference.clockStart
    let stateBefore = inference.state
    let result = await probe.ask(
      url + (isHealth ? watched.healthPath : "/robots.txt"), accept: isHealth ? "application/json" : "text/plain",
      timeout: .seconds(isHealth ? min(120, max(5, watched.rules.start)) : 10))
    guard !Task.isCancelled else { return }
    let unmet = watched.conditions.first { !$0.evaluate(result).isMet }
    let sign = ProbeMapping.sign(result, sleeps: watched.rules.idle != nil, conditionsHold: unmet == nil)
    let now = Self.now
    lastTick = now
    // A held answer of a service that slept timed its wake.
    let isTimedWake = isHealth && stateBefore == .asleep && sign == .alive
    see(
      .probe(sign, because: ProbeMapping.cause(result, unmet: unmet.map(\.text))), at: now,
      sample: WatchHistory.Sample(
        at: now, sign: isTimedWake ? .waking : sign, status: result.status,
        totalSeconds: result.phases.totalMilliseconds / 1000, clockStart: clockStart))
  }

  private func readLog(at now: Double) {
    let lines = log?.read(at: now) ?? []
    for note in log?.takeNotes() ?? [] { Console.note("\(watched.name): \(note)") }
    guard !lines.isEmpty else { return }
    let requests = lines.filter { !$0.isOwn }
    guard let last = requests.last else { return }
    for request in requests.dropLast() { see(.request, at: min(now, request.at), isQuiet: true) }
    see(
      .request, at: min(now, last.at),
      requests: requests.map { WatchHistory.LoggedRequest(at: $0.at, isVisit: $0.isVisit) })
  }

  private func see(
    _ observation: SleepObservation, at now: Double, heartbeat: Heartbeat? = nil,
    sample: WatchHistory.Sample? = nil, requests: [WatchHistory.LoggedRequest] = [], isQuiet: Bool = false
  ) {
    let changes = inference.handle(observation, at: now)
    for change in changes { onChange(watched.name, change) }
    guard !isQuiet || !changes.isEmpty else { return }
    write(at: now, changes: changes, heartbeat: heartbeat, sample: sample, requests: requests)
  }

  private func write(
    at now: Double, changes: [StateChange] = [], heartbeat: Heartbeat? = nil, sample: WatchHistory.Sample? = nil,
    requests: [WatchHistory.LoggedRequest] = []
  ) {
    lastWritten = now
    record(
      Ledger.Entry(
        service: watched.name, url: watched.url.map(CurlURL.redacted), timeScale: timeScale, at: now,
        inference: inference, changes: changes, heartbeat: heartbeat, sample: sample, requests: requests))
  }
}
