package import Statistics

/// What `outgrown bench plans` found out of a service under each emulated plan: `schemas/plans-report.schema.json`,
/// explained in `docs/plans-report.md`.
package struct PlansReport: EvidenceDocument, Equatable {
  package static let schema = SchemaStamp(name: "outgrown-plans-report", version: 1)

  package private(set) var schema = Self.schema
  package var origin: Origin
  package var startedAt: UTCInstant
  package var durationSeconds: Double
  package var outgrown: BenchReport.Build
  package var machine: Machine
  /// What was started, without its environment.
  package var command: [String]
  package var scenario: ScenarioSummary
  package var catalogue: String
  /// How quota and memory limit were kept.
  package var limiter: Limiter
  /// Above 1 when idle clocks were shortened; start and wake times are never scaled.
  package var timeScale: Double
  package var plans: [PlanFigures]
  package var warnings: [String]

  package init(
    origin: Origin, startedAt: UTCInstant, durationSeconds: Double, outgrown: BenchReport.Build, machine: Machine,
    command: [String], scenario: ScenarioSummary, catalogue: String, limiter: Limiter, timeScale: Double,
    plans: [PlanFigures], warnings: [String] = []
  ) {
    self.origin = origin
    self.startedAt = startedAt
    self.durationSeconds = durationSeconds
    self.outgrown = outgrown
    self.machine = machine
    self.command = command
    self.scenario = scenario
    self.catalogue = catalogue
    self.limiter = limiter
    self.timeScale = timeScale
    self.plans = plans
    self.warnings = warnings
  }

  package enum Limiter: String, Codable, Sendable, CaseIterable {
    case cgroupV1 = "cgroup_v1"
    case cgroupV2 = "cgroup_v2"
    /// SIGSTOP paced on CPU time: within about 12 % of the quota, and no memory limit but by watching.
    case approximate
  }

  private enum CodingKeys: String, CodingKey {
    case schema, origin, outgrown, machine, command, scenario, catalogue, limiter, plans, warnings
    case startedAt = "started_at"
    case durationSeconds = "duration_s"
    case timeScale = "time_scale"
  }
}

/// One plan's figures.
package struct PlanFigures: Codable, Sendable, Equatable {
  /// The plan's id in the catalogue.
  package var plan: String
  package var cpu: Double
  package var memoryMegabytes: Int
  package var outcome: Outcome
  /// What the service can't exceed on this plan.
  package var constraint: Constraint
  /// In a sentence.
  package var explanation: String
  /// Highest rate whose budgets held, requests a second: its lower bound held, its upper bound did not. Null when none
  /// was found.
  @Nullable package var capacity: Estimate?
  /// From the start of the process to its first answer, seconds, application only.
  @Nullable package var start: Estimate?
  /// Seconds that the platform adds to a wake before the process starts.
  @Nullable package var platformWake: Estimate?
  /// Seconds that a visitor waits on a cold visit: `platformWake`, assumed, and the application through the edge,
  /// measured. Null on a plan that never sleeps.
  @Nullable package var coldVisit: Estimate?
  /// CPU used / quota while capacity was measured.
  @Nullable package var cpuShare: Double?
  @Nullable package var peakMemoryBytes: UInt64?
  package var memoryKills: Int
  /// Every rate that was tried, in the order of the search.
  package var trials: [Trial]

  package init(
    plan: String, cpu: Double, memoryMegabytes: Int, outcome: Outcome, constraint: Constraint, explanation: String,
    capacity: Estimate? = nil, start: Estimate? = nil, platformWake: Estimate? = nil, coldVisit: Estimate? = nil,
    cpuShare: Double? = nil, peakMemoryBytes: UInt64? = nil, memoryKills: Int = 0, trials: [Trial] = []
  ) {
    self.plan = plan
    self.cpu = cpu
    self.memoryMegabytes = memoryMegabytes
    self.outcome = outcome
    self.constraint = constraint
    self.explanation = explanation
    self.capacity = capacity
    self.start = start
    self.platformWake = platformWake
    self.coldVisit = coldVisit
    self.cpuShare = cpuShare
    self.peakMemoryBytes = peakMemoryBytes
    self.memoryKills = memoryKills
    self.trials = trials
  }

  package enum Outcome: String, Codable, Sendable, CaseIterable {
    case measured
    /// It never answered under this plan.
    case neverStarted = "never_started"
    /// It starts and dies again and again.
    case crashLoop = "crash_loop"
  }

  package enum Constraint: String, Codable, Sendable, CaseIterable {
    /// A latency budget broke first.
    case latency
    /// Failed requests broke the budget first.
    case failures
    case memory
    /// The load generator, not the service: the capacity is a lower bound only.
    case generator
    /// The highest rate that was asked for held.
    case none
    case start
  }

  package struct Trial: Codable, Sendable, Equatable {
    package var ratePerSecond: Double
    package var isWithinBudgets: Bool
    @Nullable package var p95Milliseconds: Double?
    /// 0...1.
    package var failedShare: Double
    /// Without the warm-up; less than planned where the trial could not hold any more.
    package var measuredSeconds: Double
    /// CPU used / quota during the trial.
    @Nullable package var cpuShare: Double?
    /// A full trial, whose outcome bounds the capacity; a short one only says where to look.
    package var isDeciding: Bool

    package init(
      ratePerSecond: Double, isWithinBudgets: Bool, p95Milliseconds: Double?, failedShare: Double,
      measuredSeconds: Double = 0, cpuShare: Double? = nil, isDeciding: Bool = true
    ) {
      self.ratePerSecond = ratePerSecond
      self.isWithinBudgets = isWithinBudgets
      self.p95Milliseconds = p95Milliseconds
      self.failedShare = failedShare
      self.measuredSeconds = measuredSeconds
      self.cpuShare = cpuShare
      self.isDeciding = isDeciding
    }

    private enum CodingKeys: String, CodingKey {
      case ratePerSecond = "rate_per_s"
      case isWithinBudgets = "within_budgets"
      case p95Milliseconds = "p95_ms"
      case failedShare = "failed_share"
      case measuredSeconds = "measured_s"
      case cpuShare = "cpu_share_of_quota"
      case isDeciding = "decides"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case plan, cpu, outcome, constraint, explanation, capacity, start, trials
    case memoryMegabytes = "memory_mb"
    case platformWake = "platform_wake_s"
    case coldVisit = "cold_visit_s"
    case cpuShare = "cpu_share_of_quota"
    case peakMemoryBytes = "peak_memory_bytes"
    case memoryKills = "memory_kills"
  }
}

extension PlansReport: BoundedDocument {
  /// The bounds that the schema states and the types don't.
  package func checkBounds() throws(EvidenceError) {
    try bound(["duration_s": durationSeconds], in: FigureBounds.seconds)
    try bound("time_scale", timeScale > 0)
    try bound(["time_scale": timeScale])
    try bound("machine.cores", machine.cores >= 1)
    try bound("plans", !plans.isEmpty)
    try scenario.checkBounds()
    for (index, plan) in plans.enumerated() {
      let path = "plans[\(index)]"
      try bound("\(path).cpu", plan.cpu > 0)
      try bound(path, ["cpu": plan.cpu, "cpu_share_of_quota": plan.cpuShare], in: 0...1e6)
      try bound("\(path).memory_mb", plan.memoryMegabytes >= 1)
      try bound("\(path).memory_kills", plan.memoryKills >= 0)
      try bound("\(path).peak_memory_bytes", plan.peakMemoryBytes.map { $0 <= FigureBounds.bytes.upperBound } ?? true)
      try bound("\(path).capacity", plan.capacity, in: FigureBounds.perSecond)
      try bound("\(path).start", plan.start, in: FigureBounds.wakeSeconds)
      try bound("\(path).platform_wake_s", plan.platformWake, in: FigureBounds.wakeSeconds)
      try bound("\(path).cold_visit_s", plan.coldVisit, in: FigureBounds.wakeSeconds)
      for (index, trial) in plan.trials.enumerated() {
        let path = "\(path).trials[\(index)]"
        try bound(path, ["rate_per_s": trial.ratePerSecond], in: FigureBounds.perSecond)
        try bound(path, ["p95_ms": trial.p95Milliseconds])
        try bound(path, ["measured_s": trial.measuredSeconds], in: FigureBounds.seconds)
        try bound(path, ["cpu_share_of_quota": trial.cpuShare], in: 0...1e6)
        try bound(path, ["failed_share": trial.failedShare], in: FigureBounds.share)
      }
    }
  }
}

extension Estimate? {
  var bounds: [Double?] { map { [$0.value, $0.lower, $0.upper] } ?? [] }
}
