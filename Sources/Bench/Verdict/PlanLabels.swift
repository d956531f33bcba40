package import BenchEngine
import Wording

/// The names that budgets select by, read from a plan.
///
/// A step whose name occurs in one journey only carries that name in the plan; where several journeys have a step of
/// that name, each is `journey/step` there. A selector's `step` matches both, so `{step:schedules}` adds up the
/// counts of every journey's `schedules`.
package struct PlanLabels: Sendable {
  private struct Step {
    var names: Set<String>
    var journeys: Set<String>
    var checks: [String]
    var tags: [String: String]
    var captures: [CapturePlan]
  }

  private let steps: [Step]
  package let stepNames: [String]
  package let journeyNames: [String]
  /// With the journeys of each.
  private let phases: [(name: String, journeys: Set<String>)]

  package init(_ plan: LoadPlan) {
    let steps = plan.steps.enumerated().map { index, step in
      let journeys = plan.journeys.filter { $0.steps.contains(index) }.map(\.name)
      var names: Set = [step.name]
      for journey in journeys where step.name.hasPrefix(journey + "/") {
        names.insert(String(step.name.dropFirst(journey.count + 1)))
      }
      return Step(
        names: names, journeys: Set(journeys), checks: step.checks.map(\.label), tags: step.tags,
        captures: step.captures)
    }
    self.steps = steps
    var seen: Set<String> = []
    stepNames = steps.flatMap { $0.names.sorted { $0.count < $1.count } }.filter { seen.insert($0).inserted }
    journeyNames = plan.journeys.map(\.name)
    phases = plan.phases.map { phase in (phase.name, Set(phase.journeys.map { plan.journeys[$0].name })) }
  }

  func steps(matching selector: MetricSelector) -> [Int] {
    let ofPhase = selector.phase.flatMap { name in phases.first { $0.name == name }?.journeys }
    return steps.indices.filter { index in
      let step = steps[index]
      return selector.step.map(step.names.contains) ?? true && selector.journey.map(step.journeys.contains) ?? true
        && selector.tags.allSatisfy { step.tags[$0.key] == $0.value }
        && ofPhase.map { !$0.isDisjoint(with: step.journeys) } ?? true
    }
  }

  func checks(of step: Int, labelled label: String?) -> [Int] {
    steps[step].checks.indices.filter { label == nil || steps[step].checks[$0] == label }
  }

  /// Where a step's numbers of that name are in `StepMeasure.captured`.
  func captured(_ name: String?, by step: Int) -> [Int] {
    steps[step].captures.filter { $0.name == name }.compactMap(\.measuredAt)
  }

  /// What is wrong with a selector's tags; nil when at least one step, and one check, matches.
  package func problem(with selector: MetricSelector) -> BudgetError? {
    for (kind, value, known) in [
      ("step", selector.step, stepNames), ("journey", selector.journey, journeyNames),
      ("phase", selector.phase, phases.map(\.name)),
    ] {
      if let value, !known.contains(value) { return unknown(kind, value, known) }
    }
    for (tag, value) in selector.tags.sorted(by: { $0.key < $1.key }) {
      let names = Set(steps.flatMap(\.tags.keys))
      guard names.contains(tag) else { return unknown("tag", tag, names.sorted() + selector.metric.tags) }
      let values = Set(steps.compactMap { $0.tags[tag] })
      if !values.contains(value) { return unknown("value of the tag '\(tag)'", value, values.sorted()) }
    }
    let matching = steps(matching: selector)
    if matching.isEmpty {
      let isPlain = selector.phase == nil && selector.tags.isEmpty
      return BudgetError(
        .unknownTarget, part: .selector, offset: 0,
        what: isPlain ? "no such step in that journey" : "no step has all of these tags",
        expected: isPlain ? "a step of the journey" : "tags that go together")
    }
    if let check = selector.check {
      var labels: [String] = []
      for label in matching.flatMap({ steps[$0].checks }) where !labels.contains(label) { labels.append(label) }
      if !labels.contains(check) { return unknown("check", check, labels) }
    }
    if let name = selector.captured {
      let names = Set(matching.flatMap { steps[$0].captures.map(\.name) }).sorted()
      if !names.contains(name) { return unknown("captured value", name, names) }
    }
    return nil
  }

  private func unknown(_ tag: String, _ value: String, _ known: [String]) -> BudgetError {
    let near = Spelling.closest(to: value, among: known)
    let listed = known.isEmpty ? "none is defined" : Spelling.alternatives(known.prefix(12).map { "'\($0)'" })
    return BudgetError(
      .unknownTarget, part: .selector, offset: 0, what: "unknown \(tag) '\(value)'",
      expected: near.map { "'\($0)' (known: \(listed))" } ?? listed)
  }
}
