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

  /// Nil where the run has no sample of it; a run in which nothing was answered has the worst of times and failures.
  func value(in report: BenchReport) -> Value? {
    sampled(in: report) ?? (report.verdict.outcome == .neverAnswered ? worst(in: report) : nil)
  }

  private func worst(in report: BenchReport) -> Value? {
    switch source {
    case .budget(let name):
      guard let budget = report.budgets.first(where: { Self.name(of: $0) == name }) else { return nil }
      if budget.limit.unit == .milliseconds { return Value(number: .infinity, unit: .milliseconds) }
      switch budget.metric {
      case "failed": return Value(number: 1, unit: .ratio)
      case "captured": return Value(number: .infinity, unit: .count, isBetterHigher: Self.isBetterHigher(budget))
      default: return nil
      }
    case .responseTime: return Value(number: .infinity, unit: .milliseconds)
    case .failed: return Value(number: 1, unit: .ratio)
    }
  }

  private func sampled(in report: BenchReport) -> Value? {
    switch source {
    case .budget(let name):
      guard let budget = report.budgets.first(where: { Self.name(of: $0) == name }) else { return nil }
      if budget.isUnanswered { return Value(number: .infinity, unit: budget.limit.unit) }
      return budget.observed.map {
        Value(number: $0.value, unit: $0.unit, isBetterHigher: Self.isBetterHigher(budget))
      }
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

  /// Of a quantile: its samples in the run, and how many it takes to hold still, ten beyond it; nil of other figures.
  func samples(in report: BenchReport) -> (count: UInt64, needed: Double)? {
    switch source {
    case .budget(let name):
      guard let budget = report.budgets.first(where: { Self.name(of: $0) == name }),
        budget.statistic.hasPrefix("p("), let percent = Double(budget.statistic.dropFirst(2).dropLast()), percent < 100
      else { return nil }
      return (budget.samples, 10 / (1 - percent / 100))
    case .responseTime(let step):
      let figures = step.map { name in report.steps.first { $0.name == name } } ?? report.totals
      return (figures?.responseTime.count ?? 0, 200)
    case .failed: return nil
    }
  }

  /// The author's budgets that can fail a run, where there are any, else the steps' response times; and always what is judged although nobody
  /// asked, so that times alone don't speak for a service that fails.
  static func all(in reports: [BenchReport]) -> [ComparedFigure] {
    var figures: [ComparedFigure] = []
    func add(_ source: Source) {
      let figure = ComparedFigure(source: source)
      if !figures.contains(figure) { figures.append(figure) }
    }
    // The newest scenario's order; what only older runs have follows.
    for report in reports.reversed() {
      let authored = report.budgets.filter { !$0.isDefault && $0.level != .warn }
      for budget in authored { add(.budget(name(of: budget))) }
      if authored.isEmpty {
        add(.responseTime(step: nil))
        if report.steps.count > 1 { for step in report.steps { add(.responseTime(step: step.name)) } }
      }
    }
    for report in reports.reversed() {
      for budget in report.budgets where budget.isDefault { add(.budget(name(of: budget))) }
      if !report.budgets.contains(where: { $0.metric == "failed" }) { add(.failed) }
    }
    return figures
  }

  /// A budget's text without its limit: who moves a limit still compares the same figure.
  private static func name(of budget: BudgetFigures) -> String {
    let (selector, condition) = parts(of: budget)
    let window = condition.range(of: " over ").map { " over " + condition[$0.upperBound...].prefix { $0 != " " } } ?? ""
    return "\(selector) \(budget.statistic)\(window)"
  }

  private static func parts(of budget: BudgetFigures) -> (selector: Substring, condition: Substring) {
    guard let colon = budget.text.range(of: ": ", options: .backwards) else {
      return (Substring(budget.metric), budget.text[...])
    }
    return (budget.text[..<colon.lowerBound], budget.text[colon.upperBound...])
  }

  /// By what the author asks for: under a limit less is better, over one more is.
  private static func isBetterHigher(_ budget: BudgetFigures) -> Bool {
    switch parts(of: budget).condition.first(where: { "<>=!".contains($0) }) {
    case "<": false
    case ">": true
    default: ["requests", "iterations", "checks"].contains(budget.metric)
    }
  }
}
