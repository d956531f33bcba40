import BenchEngine
import Evidence
import Histograms
import Measures

/// Which step did worst by a budget over all steps, so that a failure names a place to look.
enum WorstStep {
  static func fill(into budget: BudgetFigures, steps: [StepPlan], tallies: [StepMeasure]) -> BudgetFigures {
    guard budget.step == nil, budget.worstStep == nil, steps.count > 1 else { return budget }
    var worst: (name: String, value: Double)?
    for (step, tally) in zip(steps, tallies) {
      guard let value = value(of: budget, in: tally) else { continue }
      if value > worst?.value ?? -1 { worst = (step.name, value) }
    }
    guard let worst else { return budget }
    var budget = budget
    let observed = worst.value.isFinite ? Quantity(worst.value, budget.limit.unit) : nil
    budget.worstStep = .init(name: worst.name, observed: observed)
    return budget
  }

  /// In the limit's unit; infinite among unanswered attempts; nil when it can't be told from a step's tally.
  private static func value(of budget: BudgetFigures, in tally: StepMeasure) -> Double? {
    switch (budget.metric, budget.limit.unit) {
    case ("response_time", .milliseconds): milliseconds(budget.statistic, tally.judgedResponse)
    case ("service_time", .milliseconds): milliseconds(budget.statistic, tally.service)
    case ("schedule_lag", .milliseconds): milliseconds(budget.statistic, tally.lag)
    case ("connect_time", .milliseconds): milliseconds(budget.statistic, tally.phases.connect)
    case ("tls_time", .milliseconds): milliseconds(budget.statistic, tally.phases.tls)
    case ("send_time", .milliseconds): milliseconds(budget.statistic, tally.phases.send)
    case ("wait_time", .milliseconds): milliseconds(budget.statistic, tally.phases.wait)
    case ("receive_time", .milliseconds): milliseconds(budget.statistic, tally.phases.receive)
    case ("failed", .ratio):
      tally.attempts > tally.interrupted
        ? Double(tally.failed) / Double(tally.attempts - tally.interrupted) : nil
    case ("failed", .count): Double(tally.failed)
    default: nil
    }
  }

  private static func milliseconds(_ statistic: String, _ histogram: Histogram) -> Double? {
    switch statistic {
    case "max": histogram.value(at: 1).map { $0 / 1e6 }
    case "mean", "avg": histogram.mean.map { $0 / 1e6 }
    case "med", "median": histogram.value(at: 0.5).map { $0 / 1e6 }
    default:
      percent(statistic).flatMap { histogram.value(at: $0 / 100) }.map { $0 / 1e6 }
    }
  }

  /// The number in `p(99.9)`.
  private static func percent(_ statistic: String) -> Double? {
    guard statistic.hasPrefix("p("), statistic.hasSuffix(")") else { return nil }
    return Double(statistic.dropFirst(2).dropLast())
  }
}
