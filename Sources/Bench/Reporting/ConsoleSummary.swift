package import Evidence
import Measures
package import Terminal
import Wording

/// A run's outcome for people: at most 100 columns, the verdict first, one screen for a handful of steps.
package struct ConsoleSummary {
  static let width = 100
  /// The most lines of a list that may grow without bound.
  static let listLimit = 6

  let report: BenchReport
  let paths: [String]
  let style: ConsoleStyle

  /// - Parameter paths: of the files that were written.
  package static func render(_ report: BenchReport, paths: [String], style: ConsoleStyle) -> [String] {
    let summary = ConsoleSummary(report: report, paths: paths, style: style)
    return summary.headline + summary.budgets + summary.loadPhases + summary.stepTable + summary.troubles
      + summary.footer
  }

  var headline: [String] {
    let (word, paint): (String, ConsoleStyle.Paint) =
      switch report.verdict.outcome {
      case .pass: ("PASS", .good)
      case .fail: ("FAIL", .bad)
      case .noData: ("NO DATA", .bad)
      case .generatorBound: ("GENERATOR-BOUND", .caution)
      case .neverAnswered: ("NEVER ANSWERED", .bad)
      case .interrupted: ("INTERRUPTED", .caution)
      case .error: ("ERROR", .bad)
      }
    let scenario = report.scenario
    let place = "\(DisplayText.line(scenario.name, limit: 40)) → \(DisplayText.line(scenario.target, limit: 200))"
    var lines = [style(word, paint) + "  " + style(TextLayout.cut(place, Self.width - word.count - 2), .strong)]
    lines.append("  " + TextLayout.cut(outline, Self.width - 2))
    let model = ModelText.line(scenario.model, seed: scenario.seed, thinkTimes: scenario.thinkTimes)
    if !model.isEmpty { lines += TextLayout.wrap(model, width: Self.width - 2).map { "  " + $0 } }
    lines += unserved
    if report.verdict.outcome != .pass, report.verdict.outcome != .fail {
      for reason in reasons.prefix(Self.listLimit) {
        let wrapped = TextLayout.wrap(DisplayText.line(reason, limit: 400), width: Self.width - 2)
        lines += wrapped.map { "  " + style($0, paint) }
      }
    }
    return lines
  }

  /// Those that the budgets' own lines don't say.
  var reasons: [String] {
    report.verdict.reasons.filter { reason in !report.budgets.contains { reason.hasPrefix($0.text) } }
  }

  private var outline: String {
    let scenario = report.scenario
    let peak = scenario.model.stages.map(\.target).max() ?? 0
    let load =
      switch scenario.model.kind {
      case .users: FigureText.plural(UInt64(peak), "user")
      case .rate: "\(FigureText.rate(peak))/s"
      case .phases: FigureText.plural(UInt64(report.phases?.count ?? 0), "phase")
      }
    var parts = [load, FigureText.seconds(report.durationSeconds)]
    if scenario.warmUpSeconds > 0 { parts[1] += " (the first \(FigureText.seconds(scenario.warmUpSeconds)) warm-up)" }
    parts.append(FigureText.plural(report.totals.requests.attempts, "request"))
    switch report.ending {
    case .completed: break
    case .interrupted: if report.verdict.outcome != .interrupted { parts.append("interrupted") }
    case .aborted: parts.append("ended early by a budget")
    case .failed: parts.append("ended early by a failure of the generator")
    }
    switch report.origin {
    case .live: break
    case .emulated, .assumed: parts.append(report.origin.rawValue)
    }
    if let plan = report.plan { parts.append("plan \(plan)") }
    return parts.joined(separator: " · ")
  }

  var budgets: [String] {
    guard !report.budgets.isEmpty else { return ["", "  no budgets: nothing was judged"] }
    let lines = report.budgets.map(BudgetLine.init)
    let column = min(lines.map(\.text.count).max() ?? 0, BudgetLine.widestText)
    let indent = lines.contains { $0.observation.hasPrefix("was ") } ? "    " : ""
    return [""] + lines.flatMap { $0.render(column: column, indent: indent, style: style) }
  }
}
