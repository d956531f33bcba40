import BenchEngine
import Documents

/// Compiles setup and teardown: journeys that one user goes through once, outside of all figures.
struct SideCompiler {
  var compiler: StepCompiler
  let slots: [String: Int]

  /// - Parameter captured: what is known before the first step.
  func steps(
    _ steps: [Scenario.Step], captured: [String: Int], _ problems: inout DocumentProblems
  ) -> [(plan: StepPlan, repetitions: Int)] {
    var captured = captured
    var all = captured
    for name in steps.flatMap(\.captures).map(\.name) { all[name] = slots[name] }
    return steps.map { step in
      let plan = compiler.compile(
        step, named: step.name, captured: captured, inConditions: all, slots: slots, &problems)
      for capture in step.captures { captured[capture.name] = slots[capture.name] }
      return (plan, step.repetitions)
    }
  }

  /// - Returns: nil where there are no steps.
  static func plan(
    _ name: String, _ steps: [(plan: StepPlan, repetitions: Int)], like whole: LoadPlan
  ) -> LoadPlan? {
    guard !steps.isEmpty else { return nil }
    let indices = steps.enumerated().flatMap { Array(repeating: $0, count: $1.repetitions) }
    var plan = whole
    plan.steps = steps.map(\.plan)
    return plan.once(JourneyPlan(name: name, weight: 1, steps: indices))
  }
}
