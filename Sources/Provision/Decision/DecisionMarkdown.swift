package import Evidence
import Statistics

/// The decision as Markdown: for an issue, a pull request or a wiki.
package enum DecisionMarkdown {
  package static func render(_ decision: Decision) -> String {
    let price = decision.candidate.map { " · **\(DecisionText.price($0.monthlyCost))/month**" } ?? ""
    var lines =
      (decision.alert.map { ["> **\(escaped($0))**", ""] } ?? []) + [
        "# \(decision.verdict.rawValue) \(escaped(decision.headline))\(decision.verdict == .inconclusive ? "" : price)",
        "",
      ]
    if let service = decision.service {
      lines += ["\(escaped(service)) · \(decision.decidedAt.description.prefix(10))", ""]
    }
    lines += ["## What to do now", ""] + decision.nextSteps.flatMap(step) + ["## Because", ""]
    lines += decision.reasons.map { "- \(escaped($0))" }
    lines += ["", "| | now | then | limit | basis |", "|---|---|---|---|---|"]
    for row in DecisionRows.figures(decision) { lines.append("| " + row.map(escaped).joined(separator: " | ") + " |") }
    if !decision.missing.isEmpty {
      lines += ["", "## What would settle it", ""]
      for (index, missing) in decision.missing.enumerated() {
        lines.append("\(index + 1). \(escaped(missing.what)): \(escaped(missing.why))  ")
        lines.append("   `\(missing.command.filter { $0 != "`" })`")
      }
    }
    if !decision.flips.isEmpty {
      lines += ["", "## What would change the answer", ""]
      lines += decision.flips.map { "- **\(escaped($0.to))** \(escaped($0.when))" }
    }
    lines += ["", "## Signs", "", "| sign | | finding | threshold | source |", "|---|---|---|---|---|"]
    for sign in decision.signs {
      let cells = [
        DecisionText.name(sign.id), DecisionText.name(sign.state), sign.finding, sign.threshold, sign.source ?? "–",
      ]
      lines.append("| " + cells.map(escaped).joined(separator: " | ") + " |")
    }
    if !decision.notFixed.isEmpty {
      lines += ["", "## What it does not fix", ""] + decision.notFixed.map { "- \(escaped($0))" }
    }
    lines += [
      "", "## Weighed", "", "| candidate | price | with affected visits | affected | |", "|---|---|---|---|---|",
    ]
    for row in DecisionRows.considered(decision) {
      lines.append("| " + row.map(escaped).joined(separator: " | ") + " |")
    }
    lines += ["", "## Assumed", ""] + decision.assumptions.map { "- \(escaped($0))" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func step(_ step: Decision.Step) -> [String] {
    var lines = ["- \(step.kind == .or ? "Or: " : "")\(escaped(step.what))"]
    if let note = step.note { lines.append("  \\\n  *\(escaped(note))*") }
    guard let text = step.text else { return lines + [""] }
    if step.kind == .tell { return lines + ["  <\(text)>", ""] }
    // A fence longer than any run of backticks in the text.
    let longest = text.matches(of: /`+/).map { text[$0.range].count }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    let kind = step.kind == .change ? "diff" : ""
    let body = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  \($0)" }
    return lines + ["", "  \(fence)\(kind)"] + (body.last == "" ? body.dropLast() : body) + ["  \(fence)", ""]
  }

  /// Text from outside that is to stay text.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if "\\`*_{}[]<>|#".contains(character) { result.append("\\") }
      result.append(character.isNewline ? " " : character)
    }
  }
}

/// Rows that the Markdown and the page share.
enum DecisionRows {
  static func figures(_ decision: Decision) -> [[String]] {
    decision.figures.map { figure in
      [
        name(figure.name), text(figure.now, figure.name), text(figure.then, figure.name),
        figure.limit.map { value($0, figure.name) } ?? "–", figure.basis,
      ]
    }
  }

  static func considered(_ decision: Decision) -> [[String]] {
    decision.considered.map { entry in
      [
        entry.candidate.id, "\(DecisionText.price(entry.candidate.monthlyCost))/month",
        text(entry.costPerMonth, .costPerMonth), text(entry.affectedShare, .affectedShare),
        entry.remarks.isEmpty
          ? entry.state.rawValue : "\(entry.state.rawValue): \(entry.remarks.joined(separator: "; "))",
      ]
    }
  }

  static func name(_ name: Decision.Figure.Name) -> String {
    switch name {
    case .affectedShare: "affected visits"
    case .affectedVisitsPerMonth: "affected visits a month"
    case .visitsPerMonth: "visits a month"
    case .hoursPerMonth: "running hours a month"
    case .capacity: "capacity, requests a second"
    case .peak: "peak, requests a second"
    case .egressGigabytesPerMonth: "sent, GB a month"
    case .costPerMonth: "cost a month, with affected visits"
    case .failedVisitsPerMonth: "visits a month that give up"
    case .memoryPeakMegabytes: "memory at most, MB"
    }
  }

  static func value(_ value: Double, _ name: Decision.Figure.Name) -> String {
    switch name {
    case .affectedShare: Figure.percent(value)
    case .costPerMonth: Figure.dollars(value)
    default: Figure.count(value)
    }
  }

  static func text(_ estimate: Estimate?, _ name: Decision.Figure.Name) -> String {
    guard let estimate else { return "–" }
    let middle = value(estimate.value, name)
    guard estimate.lower < estimate.upper else { return middle }
    return "\(middle) [\(value(estimate.lower, name)) – \(value(estimate.upper, name))]"
  }
}
