package import Measures

/// One phase of a run: its own load, and what came of it.
package struct LoadPhaseFigures: Codable, Sendable, Equatable {
  package var name: String
  /// Since the run's start; null when the run ended before it began.
  @Nullable package var startSeconds: Double?
  /// To its last request's end.
  package var durationSeconds: Double
  package var model: ScenarioSummary.Model
  package var seed: UInt64
  package var warmUpSeconds: Double
  /// By name.
  package var journeys: [String]
  /// Conserved by themselves.
  package var iterations: IterationCounts
  /// All its steps together, without its warm-up.
  package var totals: StepFigures
  /// Each step of its journeys, likewise.
  package var steps: [StepFigures]
  /// Since its start: the first byte of any response; null when none came.
  @Nullable package var firstByteSeconds: Double?

  package init(
    name: String, startSeconds: Double?, durationSeconds: Double, model: ScenarioSummary.Model, seed: UInt64,
    warmUpSeconds: Double, journeys: [String], iterations: IterationCounts, totals: StepFigures,
    steps: [StepFigures], firstByteSeconds: Double?
  ) {
    self.name = name
    self.startSeconds = startSeconds
    self.durationSeconds = durationSeconds
    self.model = model
    self.seed = seed
    self.warmUpSeconds = warmUpSeconds
    self.journeys = journeys
    self.iterations = iterations
    self.totals = totals
    self.steps = steps
    self.firstByteSeconds = firstByteSeconds
  }

  private enum CodingKeys: String, CodingKey {
    case name, model, seed, journeys, iterations, totals, steps
    case startSeconds = "start_s"
    case durationSeconds = "duration_s"
    case warmUpSeconds = "warm_up_s"
    case firstByteSeconds = "first_byte_s"
  }
}

/// Setup or teardown: in no other figure and in no budget.
package struct SideFigures: Codable, Sendable, Equatable {
  package var requests: UInt64 = 0
  package var failed: UInt64 = 0
  package var seconds: Double = 0
  /// The step that failed and how; null when all was well.
  @Nullable package var failure: String?

  package init() {}
}

/// What a load was expected to ask of a hosted target, before it was made.
package struct EgressFigures: Codable, Sendable, Equatable {
  package var requests: Double
  package var bytesSent: Double
  /// Sent by the target: its egress.
  package var bytesReceived: Double
  /// `stated`: the scenario's expected_response_bytes; `probed`: one iteration of each journey; `both`.
  package var basis: String
  /// The author had agreed to more than a gigabyte (`--yes`).
  package var agreed: Bool

  package init(requests: Double, bytesSent: Double, bytesReceived: Double, basis: String, agreed: Bool) {
    self.requests = requests
    self.bytesSent = bytesSent
    self.bytesReceived = bytesReceived
    self.basis = basis
    self.agreed = agreed
  }

  private enum CodingKeys: String, CodingKey {
    case requests, basis, agreed
    case bytesSent = "bytes_sent"
    case bytesReceived = "bytes_received"
  }
}

/// How a service woke, counted from the beginning of the phase that found it asleep.
package struct WakeFigures: Codable, Sendable, Equatable {
  package var phase: String
  /// Of the phase, since the run's start.
  package var startSeconds: Double
  /// The first byte of any response; null when none came.
  @Nullable package var firstByteSeconds: Double?
  /// Such as `p(95) < 300ms`: of the response time, second by second.
  package var budget: String
  /// From then on every second held the budget, to a second; null when the last one did not.
  @Nullable package var budgetMetSeconds: Double?
  /// Requests of all phases, and those of them that failed.
  package var attempts: UInt64
  package var failed: UInt64

  package init(
    phase: String, startSeconds: Double, firstByteSeconds: Double?, budget: String, budgetMetSeconds: Double?,
    attempts: UInt64, failed: UInt64
  ) {
    self.phase = phase
    self.startSeconds = startSeconds
    self.firstByteSeconds = firstByteSeconds
    self.budget = budget
    self.budgetMetSeconds = budgetMetSeconds
    self.attempts = attempts
    self.failed = failed
  }

  private enum CodingKeys: String, CodingKey {
    case phase, budget, attempts, failed
    case startSeconds = "start_s"
    case firstByteSeconds = "first_byte_s"
    case budgetMetSeconds = "budget_met_s"
  }
}
