package import BenchEngine
package import BenchScenario
package import BenchVerdict
import Terminal

/// A scenario whose journeys arrive at a constant rate, whatever load it was written for.
package struct RateScenario {
  private var scenario: Scenario
  /// Requests of an average arrival, by the journeys' weights.
  package let requestsPerArrival: Double
  /// As judged: `Budget.complete`, without what depends on the load itself.
  package let budgets: [Budget]
  package let warnings: [String]

  static let maxInFlight = 1_000
  /// For what is under way at a trial's end.
  static let gracefulStop = Duration.seconds(2)

  package init(_ original: Scenario) {
    var scenario = original
    // In an open model a pause between steps changes no arrival; it would only outlast the trial.
    for journey in scenario.journeys.indices {
      for step in scenario.journeys[journey].steps.indices {
        scenario.journeys[journey].steps[step].thinkTime = .none
      }
    }
    var warnings: [String] = []
    if !scenario.phases.isEmpty {
      warnings.append("the scenario's phases are left out: all its journeys arrive at the rate that is sought")
      scenario.phases = []
    }
    if scenario.journeys.contains(where: { $0.steps.contains { $0.loop != nil } }) {
      warnings.append("a step with 'while' or 'until' is counted as one request of its journey")
    }
    let weight = scenario.journeys.reduce(0) { $0 + $1.weight }
    requestsPerArrival = scenario.journeys.reduce(0) { $0 + $1.weight * Double($1.requestCount) } / max(weight, 1e-9)
    let kept = Self.judgedAlone(scenario.budgets, &warnings)
    scenario.budgets = kept
    self.scenario = scenario
    // Arrivals that are not served are the trial's own measure.
    budgets = Budget.complete(kept.map(\.budget), with: [.defaultFailed, .defaultSilence])
    self.warnings = warnings
  }

  /// The budgets that one trial can be held to by itself, and why others are left out.
  static func judgedAlone(
    _ budgets: [Scenario.PlacedBudget], _ warnings: inout [String]
  ) -> [Scenario.PlacedBudget] {
    var kept: [Scenario.PlacedBudget] = []
    for var placed in budgets {
      switch placed.budget.selector.metric {
      case .requests, .iterations, .dropped, .users, .bytesSent, .bytesReceived:
        warnings.append("the budget '\(placed.budget.text)' is about the load, which is what is sought: left out")
        continue
      default: break
      }
      if placed.budget.level == .warn {
        warnings.append("the budget '\(placed.budget.text)' only warns, and limits no capacity: left out")
        continue
      }
      if placed.budget.selector.phase != nil {
        warnings.append("the budget '\(placed.budget.text)' is about a phase: left out")
        continue
      }
      if placed.budget.window != nil {
        warnings.append("the budget '\(placed.budget.text)' is judged on each whole trial, not on windows")
      }
      placed.budget.window = nil
      placed.budget.abortAfter = nil
      kept.append(placed)
    }
    return kept
  }

  package var name: String { scenario.name }
  var seed: UInt64 { scenario.load.seed }

  /// - Parameters:
  ///   - rate: requests a second.
  ///   - measured: after the warm-up.
  /// - Throws: `DocumentError` as a run of the scenario would.
  package func plan(
    rate: Double, warmUp: Duration, measured: Duration, target: TargetURL, variables: [String: String],
    secondsSince1970: Int64
  ) throws -> LoadPlan {
    var scenario = scenario.steady(
      .rate(rate / requestsPerArrival, maxInFlight: Self.maxInFlight), warmUp: warmUp, measured: measured, draw: 0)
    scenario.load.gracefulStop = min(scenario.load.gracefulStop, Self.gracefulStop)
    return try ScenarioCompiler.plan(
      scenario,
      .init(
        target: target, variables: variables, secondsSince1970: secondsSince1970,
        workers: max(1, Int((rate / 20_000).rounded(.up)))))
  }

  /// One visit: the first step of the heaviest journey, asked as a program asks, so that the edge holds it.
  func visit(target: TargetURL, variables: [String: String], secondsSince1970: Int64) throws -> LoadPlan {
    var scenario = scenario
    guard var journey = scenario.journeys.max(by: { $0.weight < $1.weight }), var step = journey.steps.first else {
      throw CommandFailure(.invalidConfiguration, "\(scenario.file): no journey to visit")
    }
    step.headers.removeAll { $0.name.lowercased() == "accept" }
    scenario.headers.removeAll { $0.name.lowercased() == "accept" }
    step.repetitions = 1
    journey.steps = [step]
    scenario.journeys = [journey]
    scenario.budgets = []
    scenario.responseTimeout = .seconds(300)
    scenario.load.shape = .rate(1, maxInFlight: 1)
    scenario.load.ramp = .zero
    scenario.load.hold = .milliseconds(500)
    scenario.load.warmUp = .zero
    scenario.load.gracefulStop = .seconds(300)
    return try ScenarioCompiler.plan(
      scenario, .init(target: target, variables: variables, secondsSince1970: secondsSince1970))
  }
}
