package import Measures

/// What `outgrown bench run` found out: `schemas/bench-report.schema.json`, explained in `docs/bench-report.md`.
package struct BenchReport: EvidenceDocument, Equatable {
  package static let schema = SchemaStamp(name: "outgrown-bench-report", version: 2)

  package private(set) var schema = Self.schema
  package var origin: Origin
  /// Above 1 when idle clocks were shortened; 1 otherwise.
  package var timeScale: Double
  package var startedAt: UTCInstant
  /// From the first arrival's due time to the end, warm-up included.
  package var durationSeconds: Double
  /// The part that the figures are of.
  package var measuredSeconds: Double
  package var outgrown: Build
  package var machine: Machine
  /// The hosting plan that the service ran under, when that is known.
  @Nullable package var plan: String?
  package var scenario: ScenarioSummary
  package var ending: RunEnding
  package var totals: StepFigures
  package var steps: [StepFigures]
  /// Requests intended during the warm-up, by step: in no other figure.
  package var warmUp: [StepFigures]
  package var iterations: IterationCounts
  package var connections: ConnectionCounts
  package var timeline: [TimelineFigures]
  package var generator: GeneratorFigures
  package var budgets: [BudgetFigures]
  package var verdict: VerdictFigures
  /// Each with its own load and counts; nil for a scenario without phases.
  package var phases: [LoadPhaseFigures]?
  /// What was asked before the load, outside of its figures; nil without such steps.
  package var setup: SideFigures?
  /// What was asked after it.
  package var teardown: SideFigures?
  /// What the load was expected to ask of a hosted target; nil for any other.
  package var egress: EgressFigures?
  /// How long the service took to wake; nil where it was not to be found asleep.
  package var wake: WakeFigures?
  /// In order of their beginning; nil where there were none.
  package var silences: [SilenceFigures]?

  package init(
    origin: Origin, timeScale: Double, startedAt: UTCInstant, durationSeconds: Double, measuredSeconds: Double,
    outgrown: Build, machine: Machine, plan: String?, scenario: ScenarioSummary, ending: RunEnding,
    totals: StepFigures, steps: [StepFigures], warmUp: [StepFigures], iterations: IterationCounts,
    connections: ConnectionCounts, timeline: [TimelineFigures], generator: GeneratorFigures,
    budgets: [BudgetFigures], verdict: VerdictFigures
  ) {
    self.origin = origin
    self.timeScale = timeScale
    self.startedAt = startedAt
    self.durationSeconds = durationSeconds
    self.measuredSeconds = measuredSeconds
    self.outgrown = outgrown
    self.machine = machine
    self.plan = plan
    self.scenario = scenario
    self.ending = ending
    self.totals = totals
    self.steps = steps
    self.warmUp = warmUp
    self.iterations = iterations
    self.connections = connections
    self.timeline = timeline
    self.generator = generator
    self.budgets = budgets
    self.verdict = verdict
  }

  package struct Build: Codable, Sendable, Equatable {
    package var version: String
    @Nullable package var commit: String?

    package init(version: String, commit: String?) {
      self.version = version
      self.commit = commit
    }

    /// This one.
    package static var current: Build { Build(version: Version.number, commit: Version.commit) }
  }

  private enum CodingKeys: String, CodingKey {
    case schema, origin, outgrown, machine, plan, scenario, ending, totals, steps, iterations, connections, timeline
    case generator, budgets, verdict, phases, setup, teardown, egress, wake, silences
    case timeScale = "time_scale"
    case startedAt = "started_at"
    case durationSeconds = "duration_s"
    case measuredSeconds = "measured_s"
    case warmUp = "warm_up"
  }
}
