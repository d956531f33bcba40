import Evidence
import Measures
import Terminal
import Wording

extension ConsoleSummary {
  /// Failures by kind, statuses other than 2xx, checks that failed and what was sent anew; nothing when there are none.
  var troubles: [String] {
    let sections = [("failures", failures), ("other statuses", statuses), ("failed checks", checks)]
    let lists = sections.filter { !$0.1.isEmpty }.flatMap { title, lines in
      var shown = lines.prefix(Self.listLimit).map { "    " + TextLayout.cut($0, Self.width - 4) }
      if lines.count > Self.listLimit { shown.append("    … and \(lines.count - Self.listLimit) more in report.json") }
      return ["", style("  \(title)", .faint)] + shown
    }
    return lists + sentAnew
  }

  private var sentAnew: [String] {
    let count = report.connections.retried
    guard count > 0 else { return [] }
    let what = "\(FigureText.plural(count, "request")) on kept connections that closed idle"
    return ["", style("  sent anew", .faint) + "  " + what]
  }

  /// The most frequent first: count, kind, step, and what the first one looked like.
  private var failures: [String] {
    let found = report.steps.flatMap { step in step.requests.failures.map { (step: step.name, failure: $0) } }
    let width = max(8, found.map(\.failure.kind.count).max() ?? 0)
    return found.sorted { $0.failure.count > $1.failure.count }.map { step, failure in
      let sample = failure.sample.map { "  " + DisplayText.line($0, limit: 120) } ?? ""
      return counted(failure.count, failure.kind, width: width) + "  " + name(step) + sample
    }
  }

  private var statuses: [String] {
    let found = report.steps.flatMap { step in
      step.requests.statuses.filter { !($0.key.count == 3 && $0.key.hasPrefix("2")) && $0.value > 0 }
        .map { (step: step.name, status: $0.key, count: $0.value) }
    }
    return found.sorted { ($1.count, $0.status) < ($0.count, $1.status) }.map {
      counted($0.count, $0.status, width: 8) + "  " + DisplayText.line($0.step, limit: 22)
    }
  }

  private var checks: [String] {
    let found = report.steps.flatMap { step in
      step.checks.filter { $0.failed > 0 }.map { (step: step.name, check: $0) }
    }
    return found.sorted { $0.check.failed > $1.check.failed }.map { step, check in
      TextLayout.right(FigureText.count(check.failed), 9) + " of \(FigureText.count(check.failed + check.passed))  "
        + name(step) + "  " + DisplayText.line(check.label, limit: 80)
    }
  }

  private func counted(_ count: UInt64, _ what: String, width: Int) -> String {
    TextLayout.right(FigureText.count(count), 9) + "  " + TextLayout.left(DisplayText.line(what, limit: 20), width)
  }

  private func name(_ step: String) -> String {
    let widest = report.steps.map { DisplayText.line($0.name, limit: 22).count }.max() ?? 0
    return TextLayout.left(DisplayText.line(step, limit: 22), widest)
  }
}
