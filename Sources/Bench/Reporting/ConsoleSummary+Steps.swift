import Evidence
import Terminal
import Wording

extension ConsoleSummary {
  /// A row a step, and one for all of them when there are several.
  var stepTable: [String] {
    guard (report.warmUp + [report.totals]).contains(where: { $0.requests.attempts > 0 }) else {
      return ["", "  no request of the load was made"]
    }
    let rows = report.steps.prefix(20) + (report.steps.count > 1 ? [report.totals] : [])
    let widest = rows.map { DisplayText.line($0.name, limit: 60).count }.max() ?? 0
    let column = min(max(widest, 4), 22)
    var titles = "  " + TextLayout.left("step", column)
    for (title, width) in [("requests", 11), ("req/s", 9)] { titles += TextLayout.right(title, width) }
    for title in ["p50", "p95", "p99", "max"] { titles += TextLayout.right(title, 10) }
    titles += TextLayout.right("failed", 9)
    var lines = ["", style(titles, .faint)]
    lines += rows.map { row($0, column: column) }
    if report.steps.count > 20 {
      lines.append("  … and \(FigureText.plural(UInt64(report.steps.count - 20), "step")) more in report.json")
    }
    if rows.contains(where: { !$0.responseTime.unansweredQuantiles.isEmpty || $0.responseTime.unanswered > 0 }) {
      lines.append(style("  ∞: that share of the attempts never got an answer", .faint))
    }
    return lines
  }

  private func row(_ step: StepFigures, column: Int) -> String {
    let latency = step.responseTime
    var line = "  " + TextLayout.left(DisplayText.line(step.name, limit: 60), column)
    line += TextLayout.right(FigureText.count(step.requests.attempts), 11)
    line += TextLayout.right(FigureText.rate(step.requests.perSecond), 9)
    for quantile in [LatencySummary.Quantile.p50, .p95, .p99] {
      line += TextLayout.right(FigureText.quantile(quantile, of: latency), 10)
    }
    line += TextLayout.right(longest(latency), 10)
    let failed = TextLayout.cut(TextLayout.right(FigureText.count(step.requests.failed), 9), Self.width - line.count)
    return line + (step.requests.failed > 0 ? style(failed, .bad) : failed)
  }

  /// The longest attempt, which has no end when one was never answered.
  func longest(_ latency: LatencySummary) -> String {
    if latency.unanswered + latency.beyondRange > 0 { return "∞" }
    return latency.maximum.map(FigureText.milliseconds) ?? "–"
  }
}
