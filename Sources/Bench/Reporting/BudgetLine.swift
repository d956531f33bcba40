import Evidence
import Terminal
import Wording

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

  /// What was observed: `was 512 ms (1,204 samples)`.
  var observation: String {
    let samples =
      switch budget.metric {
      case "silence": "(of \(FigureText.count(budget.samples)) s)"
      case "users": "(in \(FigureText.count(budget.samples)) s)"
      case "bytes_sent", "bytes_received": "(\(FigureText.plural(budget.samples, "byte")))"
      default: "(\(FigureText.plural(budget.samples, "sample")))"
      }
    switch budget.verdict {
    case .noData: return "no samples"
    case .met: return "\(figure(budget.observed)) \(samples)"
    case .notMet: return (budget.isUnanswered ? "" : "was ") + "\(figure(budget.observed)) \(samples)"
    }
  }

  /// For a failed budget over all steps, where to look: `worst step schedules, 674 ms`.
  var worst: String? {
    guard budget.verdict == .notMet, let worst = budget.worstStep else { return nil }
    return "worst step \(DisplayText.line(worst.name, limit: 24)), \(figure(worst.observed))"
  }

  /// On one line: `was 341 ms (31,327 samples), worst step schedules, 674 ms`.
  var finding: String { [observation, worst].compactMap(\.self).joined(separator: ", ") }

  /// - Parameters:
  ///   - column: the width of the budgets' texts.
  ///   - indent: what stands before the figure of a budget that was met, so that figures align with `was …`.
  func render(column: Int, indent: String, style: ConsoleStyle) -> [String] {
    let isMet = budget.verdict == .met
    let paint: ConsoleStyle.Paint = isMet ? .good : budget.level == .warn ? .caution : .bad
    var findings = [observation + (budget.isDefault ? "  default budget" : "")]
    if let worst { findings.append(worst) }
    let head = "  \(style(isMet ? "✓" : budget.level == .warn ? "!" : "✗", paint)) "
    var lines: [String]
    if text.count <= column {
      let margin = String(repeating: " ", count: column + 7)
      lines = findings.enumerated().map { index, finding in
        let shown = TextLayout.cut((isMet ? indent : "") + finding, ConsoleSummary.width - column - 7)
        let start = index == 0 ? head + TextLayout.left(text, column) + "   " : margin
        return start + (isMet ? shown : style(shown, paint))
      }
    } else {
      lines = [head + text] + findings.map { "      " + (isMet ? $0 : style($0, paint)) }
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
