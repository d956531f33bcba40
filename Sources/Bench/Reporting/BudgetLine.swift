import Evidence

/// One budget as the summary shows it: `✗ response_time{step:schedules}: p(95) < 300 ms   was 512 ms (1,204 samples)`.
struct BudgetLine {
  /// Longer texts put their figure on a line of its own.
  static let widestText = 56

  let budget: BudgetFigures
  let text: String

  init(_ budget: BudgetFigures) {
    self.budget = budget
    text = DisplayText.line(budget.text, limit: ConsoleSummary.width - 5)
  }

  /// What was observed, naming the step for a budget that is about all of them: `was 512 ms (1,204 samples)`.
  var finding: String {
    if budget.verdict == .noData { return "no samples" }
    var figure = figure(budget.observed)
    if budget.verdict == .notMet { figure = "was " + figure }
    figure += " (\(FigureText.plural(budget.samples, "sample")))"
    if budget.verdict == .notMet, let worst = budget.worstStep {
      figure += ", worst \(DisplayText.line(worst.name, limit: 24)) \(self.figure(worst.observed))"
    }
    return figure
  }

  func render(column: Int, style: ConsoleStyle) -> [String] {
    let (mark, paint): (String, ConsoleStyle.Paint) =
      switch budget.verdict {
      case .met: ("✓", .good)
      case .notMet, .noData: ("✗", .bad)
      }
    let finding = finding + (budget.isDefault ? " · default budget" : "")
    let shown = budget.verdict == .met ? finding : style(finding, .bad)
    let head = "  \(style(mark, paint)) "
    var lines: [String]
    if text.count <= column, 7 + column + finding.count <= ConsoleSummary.width {
      lines = [head + TextLayout.left(text, column) + "   " + shown]
    } else {
      lines = [head + text]
      lines += TextLayout.wrap(finding, width: ConsoleSummary.width - 6).map {
        "      " + (budget.verdict == .met ? $0 : style($0, .bad))
      }
    }
    if let warning = budget.warning {
      let wrapped = TextLayout.wrap(DisplayText.line(warning, limit: 200), width: ConsoleSummary.width - 6)
      lines += wrapped.enumerated().map { "    \($0 == 0 ? style("!", .caution) : " ") \($1)" }
    }
    return lines
  }

  private func figure(_ quantity: Quantity?) -> String {
    quantity.map(FigureText.quantity) ?? "never answered"
  }
}
