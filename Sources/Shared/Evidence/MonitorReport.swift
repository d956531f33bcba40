/// What `outgrown monitor` saw of one service: `schemas/monitor-report.schema.json`, explained in
/// `docs/monitor-report.md`.
package struct MonitorReport: EvidenceDocument, Equatable {
  package static let schema = SchemaStamp(name: "outgrown-monitor-report", version: 1)

  package private(set) var schema = Self.schema
  package var origin: Origin
  package var outgrown: BenchReport.Build
  package var service: String
  /// The service's URL without user, password and query; null when only heartbeats were received.
  @Nullable package var url: String?
  package var sensor: Sensor
  package var from: UTCInstant
  package var to: UTCInstant
  /// Above 1 when idle clocks were shortened.
  package var timeScale: Double
  /// Seconds in each state, by its name; the parts add up to the span.
  package var secondsByState: [String: Double]
  /// UP / (UP + DOWN), 0...1: sleep, suspension and ignorance count for neither; null when neither was seen.
  @Nullable package var uptime: Double?
  package var wakes: Int
  /// Seconds from the request that woke it to its first answer; null when no wake was timed.
  @Nullable package var wakeSeconds: Estimate?
  /// The share of visits that met a sleeping or waking service, 0...1; null when visits were not seen.
  @Nullable package var affectedShare: Estimate?
  @Nullable package var visits: Int?
  /// Running hours a 730-hour month, what the monitor itself caused taken off.
  @Nullable package var instanceHoursPerMonth: Estimate?
  /// Running seconds that the monitor's own requests added.
  package var causedSeconds: Double
  package var probes: Int
  package var transitions: [Transition]
  package var warnings: [String]

  package init(
    origin: Origin, outgrown: BenchReport.Build, service: String, url: String?, sensor: Sensor, from: UTCInstant,
    to: UTCInstant, timeScale: Double = 1, secondsByState: [String: Double], uptime: Double?, wakes: Int,
    wakeSeconds: Estimate?, affectedShare: Estimate?, visits: Int?, instanceHoursPerMonth: Estimate?,
    causedSeconds: Double, probes: Int, transitions: [Transition], warnings: [String] = []
  ) {
    self.origin = origin
    self.outgrown = outgrown
    self.service = service
    self.url = url
    self.sensor = sensor
    self.from = from
    self.to = to
    self.timeScale = timeScale
    self.secondsByState = secondsByState
    self.uptime = uptime
    self.wakes = wakes
    self.wakeSeconds = wakeSeconds
    self.affectedShare = affectedShare
    self.visits = visits
    self.instanceHoursPerMonth = instanceHoursPerMonth
    self.causedSeconds = causedSeconds
    self.probes = probes
    self.transitions = transitions
    self.warnings = warnings
  }

  /// What told the state, least disturbing first.
  package enum Sensor: String, Codable, Sendable, CaseIterable {
    case heartbeats
    case accessLog = "access_log"
    case robots
    case health
  }

  package enum State: String, Codable, Sendable, CaseIterable {
    case up = "UP"
    case down = "DOWN"
    case asleep = "ASLEEP"
    case waking = "WAKING"
    case suspended = "SUSPENDED"
    case misrouted = "MISROUTED"
    case unknown = "UNKNOWN"
  }

  package struct Transition: Codable, Sendable, Equatable {
    package var at: UTCInstant
    package var from: State
    package var to: State
    /// What was seen, in a phrase.
    package var cause: String

    package init(at: UTCInstant, from: State, to: State, cause: String) {
      self.at = at
      self.from = from
      self.to = to
      self.cause = cause
    }
  }

  private enum CodingKeys: String, CodingKey {
    case schema, origin, outgrown, service, url, sensor, from, to, uptime, wakes, visits, probes, transitions, warnings
    case timeScale = "time_scale"
    case secondsByState = "seconds_by_state"
    case wakeSeconds = "wake_s"
    case affectedShare = "affected_share"
    case instanceHoursPerMonth = "instance_hours_per_month"
    case causedSeconds = "caused_s"
  }
}

extension MonitorReport: BoundedDocument {
  /// The bounds that the schema states and the types don't.
  package func checkBounds() throws(EvidenceError) {
    try bound("time_scale", timeScale > 0)
    for (state, seconds) in secondsByState {
      try bound("seconds_by_state", State(rawValue: state) != nil && seconds >= 0)
    }
    try bound("uptime", uptime.map((0...1).contains) ?? true)
    try bound("wakes", wakes >= 0)
    try bound("visits", (visits ?? 0) >= 0)
    try bound("probes", probes >= 0)
    try bound("caused_s", causedSeconds >= 0)
    try bound("wake_s", nonNegative: wakeSeconds.bounds)
    try bound("instance_hours_per_month", nonNegative: instanceHoursPerMonth.bounds)
    try bound("affected_share", affectedShare.bounds.allSatisfy { $0.map((0...1).contains) ?? true })
  }
}
