package import Evidence

/// The answer for a terminal: its first screen, then signs, assumptions and what was weighed. Of the document alone.
package struct DecisionText {
  private let decision: Decision
  private let width: Int

  package static func render(_ decision: Decision, width: Int = 110) -> [String] {
    let text = DecisionText(decision: decision, width: width)
    return text.firstScreen + text.rest
  }

  private init(decision: Decision, width: Int) {
    self.decision = decision
    self.width = width
  }

  // MARK: First screen

  var firstScreen: [String] {
    let price =
      decision.verdict == .inconclusive
      ? "" : decision.candidate.map { "\(Self.price($0.monthlyCost))/month" } ?? ""
    let head = "\(decision.verdict.rawValue) \(decision.headline)"
    var lines = [Self.spread(head, price, width: 52)]
    if decision.verdict == .upgrade { lines += entries("because", Array(decision.reasons.prefix(2))) }
    lines += entries("affected visits", [affected].compactMap(\.self))
    lines += entries("hours", [hours].compactMap(\.self))
    lines += entries("capacity", [capacity].compactMap(\.self))
    for (index, missing) in decision.missing.prefix(3).enumerated() {
      lines += entries(index == 0 ? "missing" : "", ["\(missing.what): \(missing.why)", "→ \(missing.command)"])
    }
    let shown = decision.flips.prefix(decision.verdict == .inconclusive ? 2 : 3)
    for (index, flip) in shown.enumerated() {
      lines += entries(index == 0 ? "flips to" : "", ["\(flip.to) \(flip.when)"])
    }
    return lines
  }

  private func figure(_ name: Decision.Figure.Name) -> Decision.Figure? { decision.figures.first { $0.name == name } }

  /// `kept awake` or `on Starter`: what "then" is.
  private var then: String {
    guard let candidate = decision.candidate else { return "" }
    if candidate.webPlan != decision.now.webPlan { return " on \(candidate.webPlan)" }
    guard let hours = candidate.keepAwake, hours != decision.now.keepAwake else { return "" }
    return hours == "always" ? " kept awake" : " kept awake \(hours)"
  }

  private func change(_ figure: Decision.Figure, _ text: (Estimate) -> String) -> String? {
    guard let now = figure.now else { return nil }
    guard let then = figure.then, !self.then.isEmpty else { return "\(text(now)) now" }
    return "\(text(now)) now → \(text(then))\(self.then)"
  }

  private var affected: String? {
    guard let figure = figure(.affectedShare) else { return nil }
    guard let text = change(figure, { Figure.percent($0.value, $0.lower, $0.upper) }) else { return "not known" }
    return "\(text)   \(figure.basis)"
  }

  private var hours: String? {
    guard let figure = figure(.hoursPerMonth), figure.now != nil else { return nil }
    guard let now = figure.now, let limit = figure.limit else {
      // A plan without a limit on hours runs them all.
      return nil
    }
    let before = "\(Figure.bare(now.value.rounded())) now"
    let isAwake = decision.candidate?.webPlan != decision.now.webPlan
    guard let after = figure.then, !then.isEmpty, !isAwake else { return "\(before), of \(Figure.bare(limit))" }
    return "\(before) → \(Figure.bare(after.value.rounded())) of \(Figure.bare(limit))\(then)"
  }

  private var capacity: String? {
    guard let figure = figure(.capacity) else { return nil }
    let hint = figure.now == nil && figure.then == nil ? "   (outgrown bench plans … -- CMD)" : ""
    return figure.basis + hint
  }

  // MARK: The rest

  private var rest: [String] {
    var lines: [String] = ["", "signs"]
    for sign in decision.signs {
      let mark =
        switch sign.state {
        case .shows: "!"
        case .clear: "·"
        case .open: "?"
        }
      lines += entries(
        "\(mark) \(Self.name(sign.id))", ["\(sign.finding)\(sign.source.map { " (\($0))" } ?? "")"], label: 26)
    }
    if decision.verdict != .upgrade, !decision.reasons.isEmpty { lines += ["", "why"] + bullets(decision.reasons) }
    if !decision.notFixed.isEmpty { lines += ["", "what it does not fix"] + bullets(decision.notFixed) }
    lines += ["", "weighed"]
    for entry in decision.considered.prefix(8) {
      let cost = entry.costPerMonth.flatMap { cost in
        cost.lower < cost.upper
          ? "\(Figure.dollars(cost.value)) [\(Figure.dollars(cost.lower))–\(Figure.dollars(cost.upper))] with affected visits"
          : nil
      }
      let remark = entry.remarks.isEmpty ? entry.state.rawValue : "\(entry.state.rawValue): \(entry.remarks[0])"
      let parts = ["\(Self.price(entry.candidate.monthlyCost))/month", cost, remark].compactMap(\.self)
      lines += entries(entry.candidate.id, [parts.joined(separator: ", ")], label: 26)
    }
    lines += ["", "assumed"] + bullets(decision.assumptions)
    return lines
  }

  private func bullets(_ texts: [String]) -> [String] {
    texts.flatMap { text in
      Self.wrap(text, width: width - 4).enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
    }
  }

  /// A label's lines, wrapped beside it.
  private func entries(_ label: String, _ texts: [String], label column: Int = 15) -> [String] {
    let indent = column + 4
    var lines: [String] = []
    for text in texts {
      for line in Self.wrap(text, width: max(40, width - indent)) {
        let shown = lines.isEmpty ? label : ""
        lines.append("  \(shown)\(String(repeating: " ", count: max(2, indent - 2 - shown.count)))\(line)")
      }
    }
    return lines
  }

  /// Both ends of a line.
  private static func spread(_ left: String, _ right: String, width: Int) -> String {
    guard !right.isEmpty else { return left }
    return left + String(repeating: " ", count: max(2, width - left.count - right.count)) + right
  }

  /// Breaks at spaces; runs of spaces within a line stay.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(trimmed(line))
        line = String(word)
      } else {
        line += line.isEmpty && lines.isEmpty ? word : " \(word)"
      }
    }
    return lines + [trimmed(line)]
  }

  private static func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    while line.first == " " { line.removeFirst() }
    return String(line)
  }

  static func price(_ decimal: String) -> String {
    let parts = decimal.split(separator: ".")
    return parts.count == 2 && parts[1].count == 1 ? "$\(decimal)0" : "$\(decimal)"
  }

  static func name(_ sign: Decision.Sign.ID) -> String {
    switch sign {
    case .sleep: "sleep affects users"
    case .traffic: "high traffic"
    case .data: "data loss"
    case .scraping: "more frequent scraping"
    case .features: "advanced features"
    }
  }
}
