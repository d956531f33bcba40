package import Evidence
import Foundation
import Statistics
package import Terminal
import Wording

/// A comparison for people: on a terminal, and as Markdown for a pull request.
package struct ComparisonText {
  private let report: ComparisonReport

  package init(_ report: ComparisonReport) { self.report = report }

  /// At most 80 columns.
  package func lines(style: ConsoleStyle) -> [String] {
    var lines = [
      style(Self.word(report.outcome), Self.paint(report.outcome))
        + "  \(DisplayText.line(report.scenario, limit: 50))",
      "  base \(side(report.base))", "  head \(side(report.head))",
    ]
    if let duet = report.duet { lines += TextLayout.wrap(Self.text(duet), width: 76, first: "  ", rest: "  ") }
    lines.append("")
    for figure in report.figures {
      let name = DisplayText.line(figure.name, limit: 60)
      lines.append("  \(style(Self.sign(figure.outcome), Self.paint(figure.outcome))) \(name)")
      lines.append("    \(Self.values(figure))  \(Self.word(figure.outcome).lowercased())")
      if let reason = figure.reason { lines += TextLayout.wrap(reason, width: 76, first: "    ", rest: "    ") }
    }
    for warning in report.warnings { lines += Self.note(warning) }
    return lines
  }

  /// What gates find here, a line a figure and length; at most 80 columns.
  package func noise(style: ConsoleStyle) -> [String] {
    var lines = [
      "NOISE  \(DisplayText.line(report.scenario, limit: 50))",
      "  \(side(report.base)), against itself",
    ]
    guard let duet = report.duet else { return lines }
    lines += TextLayout.wrap(Self.text(duet), width: 76, first: "  ", rest: "  ")
    for figure in report.figures {
      let findable = duet.findable.filter { $0.figure == figure.name }
      lines += ["", "  \(DisplayText.line(figure.name, limit: 60))  \(Self.values(figure))"]
      if figure.outcome == .regressed || figure.outcome == .improved {
        lines.append(style("    the same service was told apart from itself: nothing can be trusted here", .bad))
      }
      if findable.isEmpty { lines.append("    the same in every block: any difference is found") }
      for one in findable {
        let minutes = DurationText.format(.seconds(one.seconds))
        lines.append(
          "    a gate of \(TextLayout.left(minutes, 8)) (--blocks \(one.blocks)) finds "
            + "\(figure.unit == .ratio ? "\(NumberText.fixed(one.effect * 100, 2)) points" : Self.percent(one.effect))")
      }
    }
    for warning in report.warnings { lines += Self.note(warning) }
    return lines
  }

  /// What others wrote may be in it.
  static func note(_ warning: String) -> [String] {
    TextLayout.wrap("! " + DisplayText.line(warning, limit: 600), width: 74).enumerated()
      .map { ($0 == 0 ? "  " : "    ") + $1 }
  }

  package var markdown: String {
    var text = "**\(Self.word(report.outcome))** · \(Self.cell(report.scenario))\n\n"
    text += "| figure | base | head | change | |\n|---|---|---|---|---|\n"
    for figure in report.figures {
      let change = Self.change(figure) ?? "–"
      text +=
        "| \(Self.cell(figure.name)) | \(Self.value(figure.base, figure.unit)) | \(Self.value(figure.head, figure.unit)) | \(change) | \(Self.word(figure.outcome).lowercased()) |\n"
    }
    let notes = report.figures.compactMap { figure in figure.reason.map { "\(figure.name): \($0)" } } + report.warnings
    if !notes.isEmpty { text += "\n" + notes.map { "- \(Self.cell($0, limit: 600))\n" }.joined() }
    let sides =
      report.duet.map(Self.text)
      ?? "\(CountText.plural(report.base.runs, "run")) of the base, \(report.head.runs) of the head"
    text +=
      "\n\(sides); an effect is \(Self.percent(report.rule.effect)), of shares \(Self.percent(report.rule.shareEffect)); "
      + "false alarms \(Self.percent(report.rule.level)) of comparisons.\n"
    return text
  }

  /// One workflow command a figure, the worst first, and one for all where all is well.
  /// - Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands, as of 2026-11; what
  ///   is escaped: `escapeData` and `escapeProperty` of github.com/actions/toolkit, packages/core/src/command.ts.
  package var annotations: [String] {
    let bad = report.figures.filter { $0.outcome == .regressed } + report.figures.filter { $0.outcome == .undecided }
    let title = "\(Self.word(report.outcome)) \(DisplayText.line(report.scenario, limit: 60))"
    var lines = bad.map { figure in
      let reason = figure.reason.map { " (\($0))" } ?? ""
      return Self.command(
        figure.outcome == .regressed ? "error" : "warning", title: title,
        "\(DisplayText.line(figure.name, limit: 120)): \(Self.values(figure))\(reason)")
    }
    if bad.isEmpty {
      let figures = report.figures.map { "\(DisplayText.line($0.name, limit: 120)): \(Self.values($0))" }
      lines.append(Self.command("notice", title: title, figures.joined(separator: "; ")))
    }
    lines += report.warnings.map { Self.command("warning", title: title, DisplayText.line($0, limit: 600)) }
    return lines
  }

  private static func command(_ name: String, title: String, _ message: String) -> String {
    func escaped(_ text: String, _ further: [(String, String)] = []) -> String {
      ([("%", "%25"), ("\r", "%0D"), ("\n", "%0A")] + further).reduce(text) {
        $0.replacingOccurrences(of: $1.0, with: $1.1)
      }
    }
    return "::\(name) title=\(escaped(title, [(":", "%3A"), (",", "%2C")]))::\(escaped(message))"
  }

  // MARK: Parts

  private func side(_ side: ComparisonReport.Side) -> String {
    let runs = CountText.plural(side.runs, report.duet == nil ? "run" : "block")
    return "\(DisplayText.line(side.source, limit: 50)): \(runs)"
  }

  private static func text(_ duet: ComparisonReport.Duet) -> String {
    let block = DurationText.format(.seconds(duet.blockSeconds))
    let busy = duet.busy.map { "; processors \(percent($0)) busy" } ?? ""
    return "blocks of \(block), both at once\(duet.startsAnew ? ", started anew for each" : "")\(busy); null server "
      + values(duet.control)
  }

  private static func values(_ figure: ComparisonReport.Figure) -> String {
    let values = "\(value(figure.base, figure.unit)) → \(value(figure.head, figure.unit))"
    return change(figure).map { "\(values)  \($0)" } ?? values
  }

  static func value(_ value: Double?, _ unit: Quantity.Unit) -> String {
    guard let value else { return "no figure" }
    return switch unit {
    case .milliseconds: DurationText.format(.seconds(value / 1_000))
    case .ratio: percent(value)
    case .perSecond: "\(NumberText.fixed(value, 1))/s"
    case .count: NumberText.trimmed(value, 3)
    case .bytes: ByteText.format(value)
    case .bytesPerSecond: "\(ByteText.format(value))/s"
    }
  }

  /// `+8.1 % [+3.2, +12.0]`; of shares in points.
  private static func change(_ figure: ComparisonReport.Figure) -> String? {
    guard let change = figure.change else { return nil }
    let places = figure.unit == .ratio ? 2 : 1
    func signed(_ value: Double) -> String {
      let text = NumberText.fixed(abs(value) * 100, places)
      return (value < 0 ? "−" : "+") + text
    }
    let unit = figure.unit == .ratio ? " points" : " %"
    return "\(signed(change.value))\(unit) [\(signed(change.lower)), \(signed(change.upper))]"
  }

  static func percent(_ share: Double) -> String {
    let percent = share * 100
    return NumberText.fixed(percent, percent == percent.rounded() ? 0 : percent < 0.1 ? 2 : 1) + " %"
  }

  private static func word(_ outcome: ComparisonReport.Outcome) -> String { outcome.rawValue.uppercased() }

  private static func sign(_ outcome: ComparisonReport.Outcome) -> String {
    switch outcome {
    case .regressed: "✗"
    case .undecided: "?"
    case .improved, .equivalent: "✓"
    }
  }

  private static func paint(_ outcome: ComparisonReport.Outcome) -> ConsoleStyle.Paint {
    switch outcome {
    case .regressed: .bad
    case .undecided: .caution
    case .improved, .equivalent: .good
    }
  }

  /// Names come from scenarios and folders: nothing in one may end a cell or begin a tag.
  private static func cell(_ text: String, limit: Int = 120) -> String {
    var cell = ""
    for character in DisplayText.line(text, limit: limit) {
      if "|\\`*_<>[]&#~@".contains(character) { cell.append("\\") }
      cell.append(character)
    }
    return withoutLinks(cell)
  }

  /// GitHub makes links of bare addresses and mentions of names, escaped or not: a word joiner, which nobody sees, keeps
  /// them apart. Source: GitHub Flavored Markdown Spec 0.29 §6.9, autolinks.
  private static func withoutLinks(_ text: String) -> String {
    let joiner = "\u{2060}"
    return text.replacing("@", with: "@" + joiner).replacing("://", with: ":" + joiner + "//")
      .replacing(#/[Ww]{3}(?=\.)/#) { $0.output + joiner }
  }
}
