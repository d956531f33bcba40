import BenchEngine
package import BenchScenario
package import BenchVerdict
package import Evidence
package import Terminal
import Wording

/// A scenario at one steady load after the other: arrivals a second where it has a rate, users where it has users.
package struct CapacityScenario {
  package let unit: CapacityReport.Unit
  /// The author's own load, where the search begins.
  package let start: Double
  /// As the trials are judged.
  package let budgets: [Budget]
  package let warnings: [String]
  /// Of an average iteration, by the journeys' weights.
  package let requestsPerIteration: Double
  /// Of an average iteration's pauses: how long users take to spread.
  package let pauseSeconds: Double
  private let scenario: Scenario

  private static let gracefulStop = Duration.seconds(2)

  /// - Throws: `CommandFailure` code `.invalidConfiguration` for a scenario with phases, of which none is the load.
  package init(_ original: Scenario) throws(CommandFailure) {
    guard original.phases.isEmpty else {
      throw CommandFailure(
        .invalidConfiguration,
        "\(original.file): has phases, so that it is not said which load is sought: write one 'load' with rate or users"
      )
    }
    var scenario = original
    var warnings: [String] = []
    let weight = max(scenario.journeys.reduce(0) { $0 + $1.weight }, 1e-9)
    requestsPerIteration = scenario.journeys.reduce(0) { $0 + $1.weight * Double($1.requestCount) } / weight
    let pauses = scenario.journeys.reduce(0.0) { sum, journey in
      sum + journey.weight * journey.steps.reduce(0.0) { $0 + Double($1.repetitions) * $1.thinkTime.mean.seconds }
    }
    switch original.load.shape {
    case .rate(let rate, _):
      unit = .arrivalsPerSecond
      start = rate
    case .rateStages(let stages, _):
      unit = .arrivalsPerSecond
      start = stages.map(\.target).max() ?? 1
    case .users(let users):
      unit = .users
      start = Double(users)
    case .userStages(let stages):
      unit = .users
      start = stages.map(\.target).max() ?? 1
    }
    if unit == .arrivalsPerSecond {
      pauseSeconds = 0
      if pauses > 0 { warnings.append("pauses are left out: they change no arrival, and would outlast a trial") }
      for journey in scenario.journeys.indices {
        for step in scenario.journeys[journey].steps.indices {
          scenario.journeys[journey].steps[step].thinkTime = .none
        }
      }
    } else {
      pauseSeconds = max(pauses / weight, scenario.load.pacing.mean.seconds)
    }
    scenario.budgets = RateScenario.judgedAlone(scenario.budgets, &warnings)
    budgets = Budget.complete(scenario.budgets.map(\.budget), with: [.defaultFailed, .defaultSilence])
    self.scenario = scenario
    self.warnings = warnings
  }

  package var name: String { scenario.name }
  package var target: TargetURL? { scenario.target }
  package var seed: UInt64 { scenario.load.seed }
  package var gracefulStop: Duration { min(scenario.load.gracefulStop, Self.gracefulStop) }

  package var maxInFlight: Int? {
    switch scenario.load.shape {
    case .rate(_, let most), .rateStages(_, let most): most
    case .users, .userStages: nil
    }
  }

  /// - Parameters:
  ///   - load: arrivals a second, or users.
  ///   - measured: after the warm-up.
  ///   - number: of the trial, so that what is drawn differs from trial to trial.
  package func trial(load: Double, warmUp: Duration, measured: Duration, number: Int = 0) -> Scenario {
    var trial = scenario.steady(
      maxInFlight.map { .rate(load, maxInFlight: $0) } ?? .users(Int(load)), warmUp: warmUp, measured: measured,
      draw: number)
    trial.load.gracefulStop = gracefulStop
    return trial
  }
}
