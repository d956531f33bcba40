import Evidence
import Measures
import Terminal
import Wording

extension ConsoleSummary {
  /// A row a phase, and how the service woke where that was to be seen.
  var loadPhases: [String] {
    guard let phases = report.phases, !phases.isEmpty else { return [] }
    let widest = phases.map { DisplayText.line($0.name, limit: 60).count }.max() ?? 0
    let column = min(max(widest, 5), 18)
    var titles = "  " + TextLayout.left("phase", column)
    for title in ["begins", "lasts", "first byte"] { titles += TextLayout.right(title, 11) }
    titles += TextLayout.right("iterations", 12)
    for title in ["p50", "p95", "max"] { titles += TextLayout.right(title, 10) }
    titles += TextLayout.right("failed", 8)
    var lines = ["", style(titles, .faint)]
    for phase in phases {
      lines.append(row(phase, column: column))
      let model = ModelText.line(phase.model, seed: phase.seed, thinkTimes: nil)
      lines += TextLayout.wrap(model, width: Self.width - 4).map { style("    " + $0, .faint) }
    }
    return lines + wake
  }

  private func row(_ phase: LoadPhaseFigures, column: Int) -> String {
    var line = "  " + TextLayout.left(DisplayText.line(phase.name, limit: 60), column)
    guard let start = phase.startSeconds else { return line + "   never began: the run ended first" }
    let firstByte = phase.firstByteSeconds.map(FigureText.seconds) ?? "–"
    for text in [FigureText.seconds(start), FigureText.seconds(phase.durationSeconds), firstByte] {
      line += TextLayout.right(text, 11)
    }
    line += TextLayout.right(FigureText.count(phase.iterations.started), 12)
    let latency = phase.totals.responseTime
    for quantile in [LatencySummary.Quantile.p50, .p95] {
      line += TextLayout.right(FigureText.quantile(quantile, of: latency), 10)
    }
    line += TextLayout.right(longest(latency), 10)
    let failed = TextLayout.right(FigureText.count(phase.totals.requests.failed), 8)
    line += phase.totals.requests.failed > 0 ? style(failed, .bad) : failed
    return phase.iterations.isConserved ? line : line + style(" does not add up", .bad)
  }

  private var wake: [String] {
    guard let wake = report.wake else { return [] }
    let firstByte = wake.firstByteSeconds.map { "first byte after \(FigureText.seconds($0))" } ?? "no byte ever came"
    let met =
      switch wake.budgetMetSeconds {
      case nil: "\(wake.budget) not met at the end"
      case 0?: "\(wake.budget) held throughout"
      case let seconds?: "\(wake.budget) met after \(FigureText.seconds(seconds))"
      }
    let failed = "\(FigureText.count(wake.failed)) of \(FigureText.plural(wake.attempts, "request")) failed"
    return ["", "  " + TextLayout.left("wake", 11) + [firstByte, met, failed].joined(separator: " · ")]
  }
}
