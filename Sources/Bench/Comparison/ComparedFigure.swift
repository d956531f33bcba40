import Evidence
import Foundation

/// One figure that reports of the same scenario have in common.
struct ComparedFigure: Hashable {
  var source: Source

  enum Source: Hashable {
    /// A budget of the author's, without its limit: metric and statistic with what narrows them.
    case budget(String)
    /// `nil`: all steps.
    case responseTime(step: String?)
    case failed
  }

  var name: String {
    switch source {
    case .budget(let name): name
    case .responseTime(let step?): "response_time{step:\(step)} p(95)"
    case .responseTime(nil): "response_time p(95)"
    case .failed: "failed rate"
    }
  }

  /// What one run has of it. `.infinity`: it falls among attempts that were never answered.
  struct Value: Equatable {
    var number: Double
    var unit: Quantity.Unit
    var isBetterHigher = false
  }

  /// Nil where the run has no sample of it.
  func value(in report: BenchReport) -> Value? {
    switch source {
    case .budget(let name):
      guard let budget = report.budgets.first(where: { Self.name(of: $0) == name }) else { return nil }
      let isBetterHigher = ["requests", "iterations", "checks"].contains(budget.metric)
      if budget.isUnanswered { return Value(number: .infinity, unit: budget.limit.unit) }
      return budget.observed.map { Value(number: $0.value, unit: $0.unit, isBetterHigher: isBetterHigher) }
    case .responseTime(let step):
      let figures = step.map { name in report.steps.first { $0.name == name } } ?? report.totals
      guard let summary = figures?.responseTime, summary.count > 0 else { return nil }
      return Value(number: summary.p95 ?? .infinity, unit: .milliseconds)
    case .failed:
      let requests = report.totals.requests
      let counted = requests.attempts - min(requests.attempts, requests.interrupted)
      guard counted > 0 else { return nil }
      return Value(number: Double(requests.failed) / Double(counted), unit: .ratio)
    }
  }

  /// Of the author's budgets, where there are any, else the steps' response times and what failed.
  static func all(in report: BenchReport) -> [ComparedFigure] {
    let budgets = report.budgets.filter { !$0.isDefault }.map { ComparedFigure(source: .budget(name(of: $0))) }
    if !budgets.isEmpty {
      return budgets.reduce(into: []) { list, figure in if !list.contains(figure) { list.append(figure) } }
    }
    let steps = report.steps.count > 1 ? report.steps.map { ComparedFigure(source: .responseTime(step: $0.name)) } : []
    return [ComparedFigure(source: .responseTime(step: nil))] + steps + [ComparedFigure(source: .failed)]
  }

  /// A budget's text up to its comparison: who moves a limit still compares the same figure.
  private static func name(of budget: BudgetFigures) -> String {
    let selector = budget.text.range(of: ": ", options: .backwards).map { budget.text[..<$0.lowerBound] }
    return "\(selector ?? Substring(budget.metric)) \(budget.statistic)"
  }
}
