package import Evidence
import Statistics
package import Terminal

/// The answer for a terminal: its first screen, then signs, assumptions and what was weighed. Of the document alone.
package struct DecisionText {
  private let decision: Decision
  private let width: Int
  private let style: ConsoleStyle

  /// Rows of the first screen, with one for what the caller says below it.
  package static let mostLines = 20

  /// - Parameter isVerbose: with the rest, of any length; else at most `mostLines` less one.
  package static func render(
    _ decision: Decision, width: Int = 100, style: ConsoleStyle = .plain, isVerbose: Bool = false
  ) -> [String] {
    let text = DecisionText(decision: decision, width: min(110, max(40, width)), style: style)
    return text.firstScreen(most: isVerbose ? nil : mostLines - 1) + (isVerbose ? text.rest : [])
  }

  // MARK: First screen

  /// A paragraph of the first screen; of those that don't fit the dearest, by its number, goes first.
  private struct Part {
    var lines: [String]
    var dearness: Int

    init(_ dearness: Int, _ lines: [String]) {
      self.lines = lines
      self.dearness = dearness
    }
  }

  private func firstScreen(most: Int?) -> [String] {
    var parts = [Part(0, head)] + steps
    for (index, reason) in decision.reasons.prefix(2).enumerated() where decision.verdict != .inconclusive {
      parts.append(Part(index == 0 ? 1 : 7, entries(index == 0 ? "because" : "", [reason])))
    }
    parts.append(Part(3, entries("affected visits", [affected].compactMap(\.self))))
    parts.append(Part(6, entries("hours", [hours].compactMap(\.self))))
    parts.append(Part(6, entries("capacity", [capacity].compactMap(\.self))))
    for (index, missing) in decision.missing.prefix(3).enumerated() {
      parts.append(Part(2 + 3 * index, entries(index == 0 ? "missing" : "", ["\(missing.what): \(missing.why)"])))
      // The first one's command is what to do now.
      if index > 0 { parts.append(Part(2 + 3 * index, ["    \(missing.command)"])) }
    }
    for (index, flip) in decision.flips.prefix(3).enumerated() {
      parts.append(Part(3 + 2 * index, entries(index == 0 ? "flips to" : "", ["\(flip.to) \(flip.when)"])))
    }
    if let tell = decision.nextSteps.last, tell.kind == .tell {
      parts.append(Part(5, entries("tell us", [tell.text ?? tell.what])))
    }
    guard let most else { return parts.flatMap(\.lines) }
    // The dearest last, each as long as there is room for it; without an answer's head and its first step it is none.
    var room = most
    var kept: Set<Int> = []
    for index in parts.indices.sorted(by: { (parts[$0].dearness, $0) < (parts[$1].dearness, $1) }) {
      let needed = rows(parts[index].lines)
      guard parts[index].dearness == 0 || needed <= room else { continue }
      kept.insert(index)
      room -= needed
    }
    parts = parts.indices.filter(kept.contains).map { parts[$0] }
    return parts.flatMap(\.lines)
  }

  /// A command is never broken; the terminal wraps it.
  private func rows(_ lines: [String]) -> Int {
    lines.map { line in
      let shown = line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
      return max(1, (shown.count + width - 1) / width)
    }.reduce(0, +)
  }

  private var head: [String] {
    let price =
      decision.verdict == .inconclusive
      ? "" : decision.candidate.map { "\(Self.price($0.monthlyCost))/month" } ?? ""
    let alert = decision.alert.map { Self.wrap($0, width: width - 2).map { style("! \($0)", .bad) } } ?? []
    let word = decision.verdict.rawValue
    let paint: ConsoleStyle.Paint =
      switch decision.verdict {
      case .stay: .good
      case .upgrade, .downgrade, .inconclusive: .caution
      }
    let lines = Self.wrap("\(word) \(decision.headline)", width: width - price.count - 2)
    return alert
      + lines.enumerated().map { index, line in
        guard index == 0 else { return "  \(line)" }
        let space = price.isEmpty ? 0 : max(2, min(width, 72) - line.count - price.count)
        return style(word, paint) + line.dropFirst(word.count) + String(repeating: " ", count: space)
          + style(price, .strong)
      }
  }

  /// What to do, as far as it fits: texts of more than four lines are in the files.
  private var steps: [Part] {
    decision.nextSteps.filter { $0.kind != .tell && $0.kind != .change }.enumerated().flatMap { index, step in
      let dearness = step.kind == .or ? 4 : 0
      var parts = [Part(dearness, entries(index == 0 ? "do now" : step.kind == .or ? "or" : "then", [step.what]))]
      if let text = step.text {
        let lines = text.split(separator: "\n").map(String.init)
        parts.append(
          Part(
            dearness,
            lines.count > 4
              ? entries("", ["(\(lines.count) lines: decision.md, or --verbose)"])
              : lines.map { "    " + style($0, .strong) }))
      }
      // The first of its sentences; the files and --verbose have them all.
      if index == 0, let note = step.note {
        let first = note.firstRange(of: ". ").map { String(note[..<$0.lowerBound]) } ?? note
        parts.append(Part(4, entries("", [first])))
      }
      return parts
    }
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
    var lines = [""] + steps(withTexts: decision.nextSteps) + ["", "signs"]
    for sign in decision.signs {
      let mark =
        switch sign.state {
        case .shows: "!"
        case .clear: "·"
        case .open: "?"
        case .notTold: "–"
        }
      lines += entries(
        "\(mark) \(Self.name(sign.id))", ["\(sign.finding)\(sign.source.map { " (\($0))" } ?? "")"], label: 26)
    }
    if !decision.reasons.isEmpty { lines += ["", "why"] + bullets(decision.reasons) }
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

  private func steps(withTexts steps: [Decision.Step]) -> [String] {
    ["what to do"]
      + steps.flatMap { step in
        bullets([(step.kind == .or ? "or: " : "") + step.what] + [step.note].compactMap(\.self))
          + (step.text.map { $0.split(separator: "\n").map { "      \($0)" } } ?? [])
      }
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
      for line in Self.wrap(text, width: max(20, width - indent)) {
        let shown = lines.isEmpty ? label : ""
        lines.append(
          "  \(style(shown, .faint))\(String(repeating: " ", count: max(2, indent - 2 - shown.count)))\(line)")
      }
    }
    return lines
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

  static func name(_ state: Decision.Sign.State) -> String {
    switch state {
    case .shows: "shows"
    case .clear: "clear"
    case .open: "open"
    case .notTold: "not told"
    }
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
