import BenchEngine
import Documents

extension ScenarioCompiler {
  static func phases(
    of scenario: Scenario, _ values: TemplateValues, _ problems: inout DocumentProblems
  ) -> [PhasePlan] {
    let names = scenario.phases.map(\.name)
    return scenario.phases.enumerated().map { index, phase in
      let chosen = scenario.journeys.indices.filter { journey in
        phase.journeys.isEmpty || phase.journeys.contains { $0.text == scenario.journeys[journey].name }
      }
      let load = phase.load
      return PhasePlan(
        name: phase.name, start: start(of: phase, names[..<index], values, &problems), journeys: chosen,
        workload: workload(load), warmUp: load.warmUp, gracefulStop: load.gracefulStop, seed: load.seed,
        arrivals: load.arrivals, overflow: load.overflow, pacing: load.pacing, iterationLimit: load.iterationLimit)
    }
  }

  private static func start(
    of phase: Scenario.Phase, _ earlier: ArraySlice<String>, _ values: TemplateValues,
    _ problems: inout DocumentProblems
  ) -> PhasePlan.Start {
    switch phase.start {
    case .after(nil): return .at(.zero)
    case .with(let other):
      return earlier.firstIndex(of: other.text).map { .with($0) } ?? .at(.zero)
    case .after(let template?):
      let text = values.render(template, &problems)
      if let time = Scenario.Phase.time(text) { return .at(time) }
      if let index = earlier.firstIndex(of: text) { return .after(index) }
      problems.add(
        "'\(text.excerpt)'", expected: "a duration such as 30s, or the name of an earlier phase",
        at: template.position)
      return .at(.zero)
    }
  }
}
