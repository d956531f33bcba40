package import BenchEngine
package import Histograms
import Support

/// What a budget is judged on.
package enum MetricSamples: Sendable, Equatable {
  case times(Histogram)
  case share(hits: UInt64, total: UInt64)
  case events(UInt64, seconds: Double)

  package var count: UInt64 {
    switch self {
    case .times(let histogram): histogram.count
    case .share(_, let total): total
    case .events(let count, _): count
    }
  }

  /// No event in a measured time is a rate of zero, not a lack of data.
  var isMeaningfulWhenZero: Bool {
    guard case .events(_, let seconds) = self else { return false }
    return seconds > 0
  }
}

/// The figures of a run, or of a run so far, by selector. The warm-up is in none of them, but for `iterations` and
/// `dropped`, which the engine counts over the whole run.
package struct MetricsView: Sendable {
  private let labels: PlanLabels
  private let steps: [StepTally]
  private let iterations: IterationTally
  /// From the end of the warm-up to the end of the planned time, or to now.
  package let measuredSeconds: Double
  private let wholeSeconds: Double

  package init(plan: LoadPlan, result: LoadResult) {
    self.init(
      plan: plan, steps: result.steps, iterations: result.iterations, elapsedNanoseconds: result.elapsedNanoseconds)
  }

  package init(plan: LoadPlan, progress: LoadProgress) {
    self.init(
      plan: plan, steps: progress.steps, iterations: progress.iterations,
      elapsedNanoseconds: progress.elapsedNanoseconds)
  }

  private init(plan: LoadPlan, steps: [StepTally], iterations: IterationTally, elapsedNanoseconds: UInt64) {
    labels = PlanLabels(plan)
    self.steps = steps
    self.iterations = iterations
    wholeSeconds = min(Double(elapsedNanoseconds) / 1e9, plan.workload.duration.seconds)
    measuredSeconds = max(0, wholeSeconds - plan.warmUp.seconds)
  }

  /// The samples that a selector takes: counts of all steps that it matches, added up.
  package func samples(for selector: MetricSelector) -> MetricSamples {
    let indices = labels.steps(matching: selector).filter { $0 < steps.count }
    switch selector.metric {
    case .responseTime: return .times(merged(indices, \.response))
    case .serviceTime: return .times(merged(indices, \.service))
    case .scheduleLag: return .times(merged(indices, \.lag))
    case .failed:
      return .share(hits: sum(indices) { $0.failed }, total: sum(indices, finished))
    case .checks:
      var passed: UInt64 = 0
      var total: UInt64 = 0
      for index in indices {
        let tally = steps[index]
        for check in labels.checks(of: index, labelled: selector.check) where check < tally.checksPassed.count {
          passed += tally.checksPassed[check]
          total += tally.checksPassed[check] + tally.checksFailed[check]
        }
      }
      return .share(hits: passed, total: total)
    case .requests:
      return .events(sum(indices, finished), seconds: measuredSeconds)
    case .iterations:
      return .events(iterations.completed + iterations.failed, seconds: wholeSeconds)
    case .dropped:
      return .share(hits: iterations.dropped, total: iterations.scheduled)
    }
  }

  /// Requests that came to an end, good or bad.
  private func finished(_ tally: StepTally) -> UInt64 { tally.attempts - min(tally.interrupted, tally.attempts) }

  private func merged(_ indices: [Int], _ histogram: KeyPath<StepTally, Histogram>) -> Histogram {
    var result = Histogram()
    for index in indices { result.merge(steps[index][keyPath: histogram]) }
    return result
  }

  private func sum(_ indices: [Int], _ value: (StepTally) -> UInt64) -> UInt64 {
    indices.reduce(0) { $0 + value(steps[$1]) }
  }
}

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
  }

  private let steps: [Step]
  package let stepNames: [String]
  package let journeyNames: [String]

  package init(_ plan: LoadPlan) {
    let steps = plan.steps.enumerated().map { index, step in
      let journeys = plan.journeys.filter { $0.steps.contains(index) }.map(\.name)
      var names: Set = [step.name]
      for journey in journeys where step.name.hasPrefix(journey + "/") {
        names.insert(String(step.name.dropFirst(journey.count + 1)))
      }
      return Step(names: names, journeys: Set(journeys), checks: step.checks.map(\.label))
    }
    self.steps = steps
    var seen: Set<String> = []
    stepNames = steps.flatMap { $0.names.sorted { $0.count < $1.count } }.filter { seen.insert($0).inserted }
    journeyNames = plan.journeys.map(\.name)
  }

  func steps(matching selector: MetricSelector) -> [Int] {
    steps.indices.filter { index in
      let step = steps[index]
      return selector.step.map(step.names.contains) ?? true && selector.journey.map(step.journeys.contains) ?? true
    }
  }

  func checks(of step: Int, labelled label: String?) -> [Int] {
    steps[step].checks.indices.filter { label == nil || steps[step].checks[$0] == label }
  }

  /// What is wrong with a selector's tags; nil when at least one step, and one check, matches.
  package func problem(with selector: MetricSelector) -> BudgetError? {
    if let step = selector.step, !stepNames.contains(step) { return unknown("step", step, stepNames) }
    if let journey = selector.journey, !journeyNames.contains(journey) {
      return unknown("journey", journey, journeyNames)
    }
    let matching = steps(matching: selector)
    if matching.isEmpty {
      return BudgetError(
        .unknownTarget, part: .selector, offset: 0, what: "no such step in that journey",
        expected: "a step of the journey")
    }
    if let check = selector.check {
      var labels: [String] = []
      for label in matching.flatMap({ steps[$0].checks }) where !labels.contains(label) { labels.append(label) }
      if !labels.contains(check) { return unknown("check", check, labels) }
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
