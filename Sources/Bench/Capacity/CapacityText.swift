package import Evidence
package import Terminal
import Wording

/// A capacity for people, in at most 80 columns.
package struct CapacityText {
  private let report: CapacityReport

  package init(_ report: CapacityReport) { self.report = report }

  /// `412/s`, `8.5/s`, `1,240/s`, `23 users`.
  package static func load(_ load: Double, _ unit: CapacityReport.Unit) -> String {
    switch unit {
    case .arrivalsPerSecond: "\(number(load))/s"
    case .users: CountText.plural(Int(load), "user")
    }
  }

  static func number(_ load: Double) -> String {
    load >= 100 ? NumberText.grouped(Int(load.rounded())) : NumberText.trimmed(load, load < 10 ? 2 : 1)
  }

  /// - Parameter path: where the report is; nil where it could not be written.
  package func lines(style: ConsoleStyle, path: String?) -> [String] {
    var lines = [headline(style), "  \(subject)"]
    if !report.reason.isEmpty { lines += wrapped(report.outcome == .found ? "breaks \(report.reason)" : report.reason) }
    if !report.loads.isEmpty {
      lines.append("")
      lines += table(style)
      lines.append("")
    }
    lines += wrapped(method)
    for warning in report.warnings {
      lines += TextLayout.wrap(DisplayText.line("! \(warning)", limit: 600), width: 78, first: "  ", rest: "    ")
    }
    lines.append("  report   \(path ?? "not written")")
    return lines
  }

  private func wrapped(_ text: String) -> [String] {
    TextLayout.wrap(DisplayText.line(text, limit: 600), width: 78, first: "  ", rest: "  ").map {
      TextLayout.cut($0, 80)
    }
  }

  /// `CAPACITY 412/s [398, 430]  campus-morning`
  private func headline(_ style: ConsoleStyle) -> String {
    let isGood = report.outcome == .found || report.outcome == .atLeast
    let paint: ConsoleStyle.Paint = isGood ? .good : report.outcome == .nothingHeld ? .bad : .caution
    func name(after text: String) -> String {
      "  " + DisplayText.line(report.scenario.name, limit: max(8, 78 - text.count))
    }
    guard let capacity = report.capacity else { return style(word, paint) + name(after: word) }
    let isOpen = report.outcome == .atLeast || report.outcome == .generatorBound
    let value = "CAPACITY \(isOpen ? "≥ " : "")\(Self.load(capacity.value, report.unit))"
    let upper = capacity.upper.map(Self.number) ?? "…"
    let interval = "[\(capacity.lower > 0 ? Self.number(capacity.lower) : "…"), \(upper)]"
    let mark = isGood ? "" : "  \(word)"
    return "\(style(value, paint)) \(interval)\(mark)" + name(after: "\(value) \(interval)\(mark)")
  }

  private var word: String {
    switch report.outcome {
    case .found, .atLeast: "CAPACITY"
    case .generatorBound: "GENERATOR-BOUND"
    case .nothingHeld: "NO LOAD HELD"
    case .noData: "NO DATA"
    case .undecided: "UNDECIDED"
    case .neverAnswered: "NEVER ANSWERED"
    case .interrupted: "INTERRUPTED"
    }
  }

  private var subject: String {
    switch report.unit {
    case .users: return "virtual users of the scenario, pauses and all"
    case .arrivalsPerSecond:
      let each = report.requestsPerIteration
      guard each != 1 else { return "arrivals a second, a request each" }
      let whole = report.capacity.map { ": \(Self.number($0.value * each)) requests/s" } ?? ""
      return "arrivals a second, \(NumberText.trimmed(each, 2)) requests each\(whole)"
    }
  }

  private func table(_ style: ConsoleStyle) -> [String] {
    var table = TextTable([.right, .left, .left, .left])
    table.add(report.unit == .users ? "users" : "rate", "held", "", "p(95)")
    for load in report.loads.reversed() {
      let bar =
        String(repeating: "●", count: min(load.held, 20))
        + String(repeating: "○", count: min(max(0, load.tried - load.held), 20))
      let mark = load.load == report.capacity?.value ? "◀" : ""
      let p95 = load.p95Milliseconds.map { DurationText.format(.seconds($0 / 1_000)) } ?? "no answer"
      let shown = report.unit == .users ? "\(Int(load.load))" : Self.load(load.load, report.unit)
      table.add(shown, "\(load.held) of \(load.tried)", bar, "\(p95) \(mark)")
    }
    return table.lines(indent: 4)
  }

  private var method: String {
    let confirmed = report.trials.count { $0.stage == .confirm }
    let trial = DurationText.format(.seconds(report.rule.trialSeconds))
    return
      "\(CountText.plural(report.trials.count - confirmed, "trial")) of search, then \(confirmed) of \(trial) in random "
      + "order (--seed \(report.rule.seed)), \(DurationText.format(.seconds(report.durationSeconds)))"
  }
}
