/// The highest load at which a scenario's budgets hold: `schemas/capacity.schema.json`, explained in `docs/capacity.md`.
package struct CapacityReport: EvidenceDocument, Equatable {
  package static let schema = SchemaStamp(name: "outgrown-capacity", version: 1)

  package private(set) var schema = Self.schema
  package var origin = Origin.live
  package var startedAt: UTCInstant
  package var durationSeconds: Double
  package var outgrown: BenchReport.Build
  package var machine: Machine
  /// Its model is that of the highest load that may be tried.
  package var scenario: ScenarioSummary
  package var unit: Unit
  /// Of an average iteration, by the journeys' weights.
  package var requestsPerIteration: Double
  package var rule: Rule
  package var outcome: Outcome
  /// Null where no load held.
  @Nullable package var capacity: Capacity?
  /// What broke above it, or why there is none; empty where neither is known.
  package var reason: String
  /// Those that were judged, in ascending order.
  package var loads: [Load]
  /// All, in the order in which they were made.
  package var trials: [Trial]
  /// What makes the figures worth less.
  package var warnings: [String]
  /// 0...255, by the table of exit codes.
  package var exitCode: Int

  package init(
    startedAt: UTCInstant, durationSeconds: Double, outgrown: BenchReport.Build, machine: Machine,
    scenario: ScenarioSummary, unit: Unit, requestsPerIteration: Double, rule: Rule, outcome: Outcome,
    capacity: Capacity?, reason: String, loads: [Load], trials: [Trial], warnings: [String], exitCode: Int
  ) {
    self.startedAt = startedAt
    self.durationSeconds = durationSeconds
    self.outgrown = outgrown
    self.machine = machine
    self.scenario = scenario
    self.unit = unit
    self.requestsPerIteration = requestsPerIteration
    self.rule = rule
    self.outcome = outcome
    self.capacity = capacity
    self.reason = reason
    self.loads = loads
    self.trials = trials
    self.warnings = warnings
    self.exitCode = exitCode
  }

  package enum Unit: String, Codable, Sendable, CaseIterable {
    /// Open model: iterations that begin, a second.
    case arrivalsPerSecond = "arrivals_per_second"
    /// Closed model.
    case users
  }

  package enum Outcome: String, Codable, Sendable, CaseIterable {
    case found
    /// The highest load that was asked for held.
    case atLeast = "at_least"
    /// The generator could not offer more.
    case generatorBound = "generator_bound"
    case nothingHeld = "nothing_held"
    /// A budget is about what nobody saw.
    case noData = "no_data"
    /// Time ran out, or the service did not come back, before anything could be said.
    case undecided
    case neverAnswered = "never_answered"
    case interrupted
  }

  package struct Capacity: Codable, Sendable, Equatable {
    /// The highest load that holds more often than not.
    package var value: Double
    /// The highest load up to which every trial held; 0 where there is none.
    package var lower: Double
    /// The lowest load from which on no trial held; null where none is known.
    @Nullable package var upper: Double?

    package init(value: Double, lower: Double, upper: Double?) {
      self.value = value
      self.lower = lower
      self.upper = upper
    }
  }

  package struct Rule: Codable, Sendable, Equatable {
    /// A full trial after its warm-up.
    package var trialSeconds: Double
    package var warmUpSeconds: Double
    /// How often each load is tried.
    package var rounds: Int
    /// Each load over the one below it.
    package var step: Double
    /// No higher load is tried.
    package var highest: Double
    package var maxSeconds: Double
    /// Of the order of the trials.
    package var seed: UInt64

    package init(
      trialSeconds: Double, warmUpSeconds: Double, rounds: Int, step: Double, highest: Double, maxSeconds: Double,
      seed: UInt64
    ) {
      self.trialSeconds = trialSeconds
      self.warmUpSeconds = warmUpSeconds
      self.rounds = rounds
      self.step = step
      self.highest = highest
      self.maxSeconds = maxSeconds
      self.seed = seed
    }

    private enum CodingKeys: String, CodingKey {
      case rounds, step, highest, seed
      case trialSeconds = "trial_s"
      case warmUpSeconds = "warm_up_s"
      case maxSeconds = "max_time_s"
    }
  }

  package struct Load: Codable, Sendable, Equatable {
    package var load: Double
    package var tried: Int
    package var held: Int
    /// The share that held, made so that it never rises with the load.
    package var fitted: Double
    /// The middle trial's; null where most were not answered.
    @Nullable package var p95Milliseconds: Double?

    package init(load: Double, tried: Int, held: Int, fitted: Double, p95Milliseconds: Double?) {
      self.load = load
      self.tried = tried
      self.held = held
      self.fitted = fitted
      self.p95Milliseconds = p95Milliseconds
    }

    private enum CodingKeys: String, CodingKey {
      case load, tried, held, fitted
      case p95Milliseconds = "p95_ms"
    }
  }

  package struct Trial: Codable, Sendable, Equatable {
    package var load: Double
    package var stage: Stage
    package var outcome: Outcome
    /// Budgets that did not hold, with their figures.
    package var broken: [String]
    @Nullable package var p95Milliseconds: Double?
    package var failedShare: Double
    package var measuredSeconds: Double

    package init(
      load: Double, stage: Stage, outcome: Outcome, broken: [String], p95Milliseconds: Double?, failedShare: Double,
      measuredSeconds: Double
    ) {
      self.load = load
      self.stage = stage
      self.outcome = outcome
      self.broken = broken
      self.p95Milliseconds = p95Milliseconds
      self.failedShare = failedShare
      self.measuredSeconds = measuredSeconds
    }

    package enum Stage: String, Codable, Sendable, CaseIterable {
      /// A short one, that says where to look.
      case look
      /// A full one that narrows the bracket.
      case search
      /// One of those in random order, that judge.
      case confirm
    }

    package enum Outcome: String, Codable, Sendable, CaseIterable {
      case held, broke
      /// It broke while this machine had no time for anybody, and was made again.
      case disturbed
      case notOffered = "not_offered"
    }

    private enum CodingKeys: String, CodingKey {
      case load, stage, outcome, broken
      case p95Milliseconds = "p95_ms"
      case failedShare = "failed_share"
      case measuredSeconds = "measured_s"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case schema, origin, outgrown, machine, scenario, unit, rule, outcome, capacity, reason, loads, trials, warnings
    case startedAt = "started_at"
    case durationSeconds = "duration_s"
    case requestsPerIteration = "requests_per_iteration"
    case exitCode = "exit_code"
  }
}

extension CapacityReport: BoundedDocument {
  package func checkBounds() throws(EvidenceError) {
    try bound(["duration_s": durationSeconds], in: FigureBounds.seconds)
    try bound("machine.cores", machine.cores >= 1)
    try scenario.checkBounds()
    try bound(["requests_per_iteration": requestsPerIteration], in: 0...1e6)
    try bound(
      "rule", ["trial_s": rule.trialSeconds, "warm_up_s": rule.warmUpSeconds, "max_time_s": rule.maxSeconds],
      in: FigureBounds.seconds)
    try bound("rule.rounds", (1...1_000).contains(rule.rounds))
    try bound("rule", ["step": rule.step], in: 1...1e3)
    try bound("rule", ["highest": rule.highest], in: FigureBounds.perSecond)
    if let capacity {
      try bound(
        "capacity", ["value": capacity.value, "lower": capacity.lower, "upper": capacity.upper],
        in: FigureBounds.perSecond)
      try bound("capacity.lower", capacity.lower <= capacity.value)
      try bound("capacity.upper", capacity.value <= capacity.upper ?? .infinity)
    }
    for (index, load) in loads.enumerated() {
      let path = "loads[\(index)]"
      try bound(path, ["load": load.load], in: FigureBounds.perSecond)
      try bound("\(path).tried", (1...1_000_000).contains(load.tried))
      try bound("\(path).held", (0...load.tried).contains(load.held))
      try bound(path, ["fitted": load.fitted], in: FigureBounds.share)
      try bound(path, ["p95_ms": load.p95Milliseconds])
    }
    for (index, trial) in trials.enumerated() {
      let path = "trials[\(index)]"
      try bound(path, ["load": trial.load], in: FigureBounds.perSecond)
      try bound(path, ["p95_ms": trial.p95Milliseconds])
      try bound(path, ["failed_share": trial.failedShare], in: FigureBounds.share)
      try bound(path, ["measured_s": trial.measuredSeconds], in: FigureBounds.seconds)
    }
    try bound("exit_code", (0...255).contains(exitCode))
  }
}
