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
    case .met: return "\(observed) \(samples)"
    case .notMet: return (budget.isUnanswered ? "" : "was ") + "\(observed) \(samples)"
    case .unsure: return "UNSURE: " + (budget.isUnanswered ? "" : "was ") + "\(observed) \(samples)"
    }
  }

  /// `412 ms [398, 431]`: the interval's unit is told where it is another.
  private var observed: String {
    let observed = figure(budget.observed)
    guard let interval = budget.observedInterval else { return observed }
    let unit = budget.observed.map { _ in observed.split(separator: " ").last ?? "" }
    let bounds = [interval.lower, interval.upper].map { bound in
      guard let bound else { return "∞" }
      let words = FigureText.quantity(Quantity(bound, budget.limit.unit)).split(separator: " ")
      return words.count == 2 && words[1] == unit ? String(words[0]) : words.joined(separator: " ")
    }
    return "\(observed) [\(bounds.joined(separator: ", "))]"
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
    let warns = budget.level == .warn || budget.verdict == .unsure
    let paint: ConsoleStyle.Paint = isMet ? .good : warns ? .caution : .bad
    var findings = [observation + (budget.isDefault ? "  default budget" : "")]
    if let worst { findings.append(worst) }
    let head = "  \(style(isMet ? "✓" : warns ? "!" : "✗", paint)) "
    var lines: [String]
    let room = ConsoleSummary.width - column - 7 - (isMet ? indent.count : 0)
    if text.count <= column, findings.allSatisfy({ $0.count <= room }) {
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
    quantity.map(FigureText.quantity) ?? (budget.metric == "captured" ? "no number" : "never answered")
  }
}
