import Evidence
import Measures
import Terminal
import Wording

extension ConsoleSummary {
  /// Warm-up, the generator's word on itself, and where the reports are.
  var footer: [String] {
    var lines = [""]
    if let warmUp { lines.append(labelled("warm-up", warmUp)) }
    lines += overtime
    if let cutOff { lines.append(labelled("cut off", cutOff)) }
    if let dropped { lines.append(labelled("dropped", dropped)) }
    for (label, side) in [("setup", report.setup), ("teardown", report.teardown)] {
      guard let side else { continue }
      let time = "\(FigureText.plural(side.requests, "request")) in \(FigureText.seconds(side.seconds))"
      lines.append(labelled(label, side.failure.map { "failed: \($0)" } ?? time + "; in no figure above"))
    }
    if let egress { lines.append(labelled("egress", egress)) }
    if let phases { lines.append(labelled("times", phases)) }
    lines.append(labelled("generator", generator))
    var warnings = report.generator.warnings.filter { !reasons.contains($0) }
    if report.generator.resourceFailures > 0 {
      let times = FigureText.plural(report.generator.resourceFailures, "time")
      warnings.insert("out of descriptors or local ports \(times)", at: 0)
    }
    for warning in warnings.prefix(Self.listLimit) {
      let wrapped = TextLayout.wrap(DisplayText.line(warning, limit: 300), width: Self.width - 15)
      lines += wrapped.enumerated().map { "             \($0 == 0 ? style("!", .caution) : " ") \($1)" }
    }
    if let floor { lines += floor }
    if !report.iterations.isConserved {
      lines.append(labelled("iterations", "do not add up: a defect of the generator, see report.json"))
    }
    lines += reports
    return lines
  }

  private var warmUp: String? {
    let attempts = report.warmUp.reduce(0) { $0 + $1.requests.attempts }
    guard report.scenario.warmUpSeconds > 0 else { return nil }
    let failed = report.warmUp.reduce(0) { $0 + $1.requests.failed }
    return "\(FigureText.plural(attempts, "request")), \(FigureText.count(failed)) failed; in no figure above"
  }

  /// Requests that the end of the run interrupted: they are among the attempts and have no time.
  private var cutOff: String? {
    let count = report.totals.requests.interrupted
    return count > 0 ? "\(FigureText.plural(count, "request")) under way at the end; in no time above" : nil
  }

  /// Arrivals that never began, by reason.
  private var dropped: String? {
    let iterations = report.iterations
    let late = iterations.startedLate
    guard iterations.dropped + late > 0 else { return nil }
    let overflow = iterations.droppedByOverflow
    let atEnd = iterations.dropped - min(overflow, iterations.dropped)
    var reasons: [String] = []
    if overflow > 0 { reasons.append("\(FigureText.count(overflow)) found every place taken") }
    if atEnd > 0 { reasons.append("\(FigureText.count(atEnd)) still waited at the end") }
    if late > 0 { reasons.append("\(FigureText.count(late)) began when the time was over") }
    return "\(FigureText.count(iterations.dropped + late)) of \(FigureText.plural(iterations.scheduled, "arrival")): "
      + reasons.joined(separator: ", ")
  }

  /// What was expected of a hosted target, and what came.
  private var egress: String? {
    report.egress.map { estimate in
      let received = report.totals.requests.bytesReceived + report.warmUp.reduce(0) { $0 + $1.requests.bytesReceived }
      return "\(ByteText.format(Double(received))) received, "
        + "about \(ByteText.format(estimate.bytesReceived)) expected"
    }
  }

  /// Median and p99 of the phases that took any time.
  private var phases: String? {
    guard let phases = report.totals.phases else { return nil }
    let parts: [(String, PhaseSummary, String)] = [
      ("connect", phases.connect, " (\(FigureText.count(phases.connect.count)) new)"), ("tls", phases.tls, ""),
      ("send", phases.send, ""), ("wait", phases.wait, ""), ("receive", phases.receive, ""),
    ]
    let shown = parts.compactMap { name, phase, note -> String? in
      guard let p50 = phase.p50, let p99 = phase.p99, p99 > 0 else { return nil }
      let low = p50 > 0 ? FigureText.milliseconds(p50) : "0"
      return "\(name) \(low)…\(FigureText.milliseconds(p99))\(note)"
    }
    return shown.isEmpty ? nil : shown.joined(separator: " · ")
  }

  /// What this host can do at best, and which of the figures above are near it.
  private var floor: [String]? {
    guard let floor = report.generator.floor, let p50 = floor.p50, let p99 = floor.p99 else { return nil }
    var text = "p50 \(FigureText.milliseconds(p50)), p99 \(FigureText.milliseconds(p99)) at best on this host"
    if !floor.near.isEmpty {
      let near = floor.near.map { quantile in
        let name = quantile.rawValue.replacing("_", with: ".")
        return "\(name) \(report.totals.responseTime[quantile].map(FigureText.milliseconds) ?? "–")"
      }
      text += "; below twice that, so mostly not the service's: \(near.joined(separator: ", "))"
    }
    let wrapped = TextLayout.wrap(text, width: Self.width - 13)
    return wrapped.enumerated().map { labelled($0 == 0 ? "floor" : "", $1) }
  }

  private var generator: String {
    let generator = report.generator
    let lag = FigureText.lag(.p99, of: report.totals.scheduleLag)
    let control = FigureText.quantile(.p99, of: generator.controlLag)
    var text = "lag p99 \(lag), control timer \(control) · "
    text += FigureText.plural(UInt64(clamping: generator.workers), "worker")
    text += ", at most \(Int((generator.peakWorkerBusy * 100).rounded())) % busy"
    return text
  }

  /// On one line when they share a folder.
  private var reports: [String] {
    guard let first = paths.first else { return [] }
    let folder = first.prefix(through: first.lastIndex(of: "/") ?? first.startIndex)
    if folder.last == "/", paths.allSatisfy({ $0.hasPrefix(folder) }) {
      let names = [first] + paths.dropFirst().map { String($0.dropFirst(folder.count)) }
      let line = names.joined(separator: " · ")
      if line.count <= Self.width - 13 { return [labelled("reports", line)] }
    }
    return paths.enumerated().map { "  " + TextLayout.left($0 == 0 ? "reports" : "", 11) + $1 }
  }

  func labelled(_ label: String, _ text: String) -> String {
    "  " + style(TextLayout.left(label, 11), .faint) + TextLayout.cut(text, Self.width - 13)
  }
}
