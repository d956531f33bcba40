package import Evidence
import Foundation
package import Terminal
import Wording

/// A history for people: a line of bars a figure, and the runs in which it changed.
package struct HistoryText {
  private static let width = 60
  private let report: HistoryReport

  package init(_ report: HistoryReport) { self.report = report }

  /// At most 80 columns.
  package func lines(style: ConsoleStyle) -> [String] {
    var lines = ["\(DisplayText.line(report.scenario, limit: 50)): \(CountText.plural(report.runs.count, "run"))"]
    if let first = report.runs.first, let last = report.runs.last {
      lines.append("  from \(name(first.name)) to \(name(last.name))")
    }
    for figure in report.figures {
      lines += ["", "  \(DisplayText.line(figure.name, limit: 70))"]
      lines.append("    \(Self.bars(figure.values))  \(text(figure.values.last ?? nil, figure.unit))")
      if figure.changes.isEmpty { lines.append("    no change that is more than chance") }
      for change in figure.changes {
        lines.append(
          "    \(style(change.isWorse ? "✗" : "✓", change.isWorse ? .bad : .good)) "
            + "\(text(change.before, figure.unit)) → \(text(change.after, figure.unit)) from \(name(change.run)) on"
            + (change.before == change.after ? ", in some runs" : ""))
      }
    }
    for warning in report.warnings { lines += ComparisonText.note(warning) }
    return lines
  }

  private func name(_ text: String) -> String { DisplayText.line(text, limit: 24) }

  private func text(_ value: Double?, _ unit: Quantity.Unit) -> String {
    value.map { ComparisonText.value($0, unit) } ?? "never answered"
  }

  /// Eight heights from the least to the largest value; several runs share a column where they are many.
  static func bars(_ values: [Double?]) -> String {
    // What was never answered stands as high as anything that was.
    let highest = values.compactMap(\.self).max() ?? 1
    let values = values.map { $0 ?? highest }
    let columns = min(width, values.count)
    let shown = (0..<columns).map { column in
      let part = values[(column * values.count / columns)..<((column + 1) * values.count / columns)]
      return part.reduce(0, +) / Double(part.count)
    }
    guard let least = shown.min(), let most = shown.max(), most > least else {
      return String(repeating: "▄", count: columns)
    }
    let heights = Array("▁▂▃▄▅▆▇█")
    return String(shown.map { heights[min(7, Int(($0 - least) / (most - least) * 8))] })
  }
}
