package import Statistics

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
  /// Seconds from its process's start to its being ready, over wakes: the app's part of a wake; null when not told.
  @Nullable package var startSeconds: Estimate?
  /// The share of visits that met a sleeping or waking service, 0...1; null when visits were not seen.
  @Nullable package var affectedShare: Estimate?
  @Nullable package var visits: Int?
  /// Those of them that met a sleeping or waking service.
  @Nullable package var affectedVisits: Int?
  /// Running hours a 730-hour month, what the monitor itself caused taken off.
  @Nullable package var instanceHoursPerMonth: Estimate?
  /// Running seconds that the monitor's own requests added.
  package var causedSeconds: Double
  /// `counted` where every other request was known.
  package var causedBasis: Estimate.Basis
  /// Requests that the monitor made.
  package var probes: Int
  /// Those of them that the app answered: each reset its idle clock.
  package var probesAnswered: Int
  package var transitions: [Transition]
  /// Within what time each kind of change is seen, at most.
  package var detectionDelays: DetectionDelays
  package var warnings: [String]
  /// What the service's process held resident at most, as its heartbeats told; nil where they didn't, and in documents of
  /// before they could.
  package var memoryPeakBytes: UInt64?

  package init(
    origin: Origin, outgrown: BenchReport.Build, service: String, url: String?, sensor: Sensor, from: UTCInstant,
    to: UTCInstant, timeScale: Double = 1, secondsByState: [String: Double], uptime: Double?, wakes: Int,
    wakeSeconds: Estimate?, startSeconds: Estimate? = nil, affectedShare: Estimate?, visits: Int?,
    affectedVisits: Int? = nil, instanceHoursPerMonth: Estimate?, causedSeconds: Double,
    causedBasis: Estimate.Basis = .counted, probes: Int, probesAnswered: Int = 0, transitions: [Transition],
    detectionDelays: DetectionDelays = DetectionDelays(), warnings: [String] = [], memoryPeakBytes: UInt64? = nil
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
    self.startSeconds = startSeconds
    self.affectedShare = affectedShare
    self.visits = visits
    self.affectedVisits = affectedVisits
    self.instanceHoursPerMonth = instanceHoursPerMonth
    self.causedSeconds = causedSeconds
    self.causedBasis = causedBasis
    self.probes = probes
    self.probesAnswered = probesAnswered
    self.transitions = transitions
    self.detectionDelays = detectionDelays
    self.warnings = warnings
    self.memoryPeakBytes = memoryPeakBytes
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
    /// When the monitor knew of it; `at` is when it happened, as near as the signs allow.
    package var seenAt: UTCInstant

    package init(at: UTCInstant, from: State, to: State, cause: String, seenAt: UTCInstant? = nil) {
      self.at = at
      self.from = from
      self.to = to
      self.cause = cause
      self.seenAt = seenAt ?? at
    }

    private enum CodingKeys: String, CodingKey {
      case at, from, to, cause
      case seenAt = "seen_at"
    }
  }

  /// Seconds at most from a change to its being seen, a probe's own duration apart; null for what can't be seen.
  package struct DetectionDelays: Codable, Sendable, Equatable {
    @Nullable package var asleepAnnounced: Double?
    @Nullable package var asleepSilent: Double?
    @Nullable package var awake: Double?
    @Nullable package var recovered: Double?
    @Nullable package var died: Double?
    @Nullable package var failedWake: Double?
    @Nullable package var stopped: Double?
    @Nullable package var suspended: Double?

    package init(
      asleepAnnounced: Double? = nil, asleepSilent: Double? = nil, awake: Double? = nil, recovered: Double? = nil,
      died: Double? = nil, failedWake: Double? = nil, stopped: Double? = nil, suspended: Double? = nil
    ) {
      self.asleepAnnounced = asleepAnnounced
      self.asleepSilent = asleepSilent
      self.awake = awake
      self.recovered = recovered
      self.died = died
      self.failedWake = failedWake
      self.stopped = stopped
      self.suspended = suspended
    }

    var all: [Double?] { [asleepAnnounced, asleepSilent, awake, recovered, died, failedWake, stopped, suspended] }

    private enum CodingKeys: String, CodingKey {
      case awake = "awake_s"
      case recovered = "recovered_s"
      case died = "died_s"
      case stopped = "stopped_s"
      case suspended = "suspended_s"
      case asleepAnnounced = "asleep_announced_s"
      case asleepSilent = "asleep_silent_s"
      case failedWake = "failed_wake_s"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case schema, origin, outgrown, service, url, sensor, from, to, uptime, wakes, visits, probes, transitions, warnings
    case timeScale = "time_scale"
    case secondsByState = "seconds_by_state"
    case wakeSeconds = "wake_s"
    case affectedShare = "affected_share"
    case startSeconds = "app_start_s"
    case affectedVisits = "affected_visits"
    case causedBasis = "caused_basis"
    case probesAnswered = "probes_answered"
    case detectionDelays = "detection_delays"
    case instanceHoursPerMonth = "instance_hours_per_month"
    case causedSeconds = "caused_s"
    case memoryPeakBytes = "memory_peak_bytes"
  }
}

extension MonitorReport: BoundedDocument {
  /// The bounds that the schema states and the types don't.
  package func checkBounds() throws(EvidenceError) {
    try bound("time_scale", timeScale > 0)
    try bound(["time_scale": timeScale, "caused_s": causedSeconds])
    for (state, seconds) in secondsByState {
      try bound("seconds_by_state", State(rawValue: state) != nil)
      try bound("seconds_by_state", [state: seconds], in: FigureBounds.seconds)
    }
    try bound("uptime", uptime.map((0...1).contains) ?? true)
    try bound("wakes", wakes >= 0)
    try bound("visits", (visits ?? 0) >= 0)
    try bound("probes", probes >= 0)
    try bound("probes_answered", probesAnswered >= 0)
    try bound("affected_visits", (affectedVisits ?? 0) >= 0)
    guard affectedVisits ?? 0 <= visits ?? .max else {
      throw EvidenceError(.malformed, "affected_visits is \(affectedVisits ?? 0), more than all \(visits ?? 0) visits")
    }
    try bound("detection_delays", nonNegative: detectionDelays.all)
    try bound("memory_peak_bytes", memoryPeakBytes.map(FigureBounds.bytes.contains) ?? true)
    try bound("wake_s", wakeSeconds, in: FigureBounds.wakeSeconds)
    try bound("app_start_s", startSeconds, in: FigureBounds.wakeSeconds)
    try bound("instance_hours_per_month", instanceHoursPerMonth, in: FigureBounds.hoursOfMonth)
    try bound("affected_share", affectedShare, in: FigureBounds.share)
  }
}
