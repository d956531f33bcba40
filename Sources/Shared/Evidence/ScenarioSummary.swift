/// What was asked of the service.
package struct ScenarioSummary: Codable, Sendable, Equatable {
  package var name: String
  /// Of the scenario's file, in lower-case hexadecimal; null when there was none.
  @Nullable package var fileSHA256: String?
  /// Without user and password.
  package var target: String
  package var model: Model
  /// Seeds journey choice, think times and Poisson arrivals.
  package var seed: UInt64
  package var warmUpSeconds: Double
  package var gracefulStopSeconds: Double
  /// The pauses between requests, each once, in words; nil in documents of older versions.
  package var thinkTimes: [String]?

  package init(
    name: String, fileSHA256: String?, target: String, model: Model, seed: UInt64, warmUpSeconds: Double,
    gracefulStopSeconds: Double
  ) {
    self.name = name
    self.fileSHA256 = fileSHA256
    self.target = target
    self.model = model
    self.seed = seed
    self.warmUpSeconds = warmUpSeconds
    self.gracefulStopSeconds = gracefulStopSeconds
  }

  package struct Model: Codable, Sendable, Equatable {
    package var kind: Kind
    package var stages: [Stage]
    /// The most connections of an open model; null for a closed one.
    @Nullable package var maxInFlight: Int?
    /// Of an open model: how arrivals are spread.
    package var arrivals: Arrivals?
    /// Of an open model: what happens to arrivals beyond `maxInFlight`.
    package var overflow: Overflow?
    /// Of a closed model: from one iteration's beginning to the next, in words.
    package var pacing: String?
    /// Of a closed model: iterations at most, of all users together or of each.
    package var iterations: UInt64?
    package var iterationsPerUser: UInt64?

    package init(kind: Kind, stages: [Stage], maxInFlight: Int? = nil) {
      self.kind = kind
      self.stages = stages
      self.maxInFlight = maxInFlight
    }

    package enum Kind: String, Codable, Sendable {
      /// Closed: virtual users.
      case users
      /// Open: arrivals a second.
      case rate
      /// Phases, each with a model of its own: `BenchReport.phases`.
      case phases
    }

    package enum Arrivals: String, Codable, Sendable {
      case even, poisson
    }

    package enum Overflow: String, Codable, Sendable {
      case queue, drop
    }

    private enum CodingKeys: String, CodingKey {
      case kind, stages, arrivals, overflow, pacing, iterations
      case maxInFlight = "max_in_flight"
      case iterationsPerUser = "iterations_per_user"
    }
  }

  package struct Stage: Codable, Sendable, Equatable {
    package var durationSeconds: Double
    /// Users, or arrivals a second, at the stage's end.
    package var target: Double
    /// Jumps to the target at once.
    package var isStep: Bool

    package init(durationSeconds: Double, target: Double, isStep: Bool) {
      self.durationSeconds = durationSeconds
      self.target = target
      self.isStep = isStep
    }

    private enum CodingKeys: String, CodingKey {
      case target
      case durationSeconds = "duration_s"
      case isStep = "is_step"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case name, target, model, seed
    case fileSHA256 = "file_sha256"
    case warmUpSeconds = "warm_up_s"
    case gracefulStopSeconds = "graceful_stop_s"
    case thinkTimes = "think_times"
  }
}
