package import BenchEngine
import Histograms
import Measures
package import Terminal
import Wording

/// What a run shows of itself while it goes on: pure, a screen of three lines or one plain line.
package struct LiveView: Sendable {
  package var scenarioName: String
  /// Open models show iterations in flight rather than users.
  package var isOpenModel: Bool
  /// In the plan's order; empty for a scenario without phases.
  package var phaseNames: [String]

  package init(scenarioName: String, isOpenModel: Bool, phaseNames: [String] = []) {
    self.scenarioName = DisplayText.line(scenarioName, limit: 24)
    self.isOpenModel = isOpenModel
    self.phaseNames = phaseNames.map { DisplayText.line($0, limit: 24) }
  }

  /// Lines of at most `width` columns, colour codes not counted.
  package func render(_ progress: LoadProgress, width: Int, style: ConsoleStyle) -> [String] {
    let width = max(width, 20)
    let second = Second(progress)
    let clock = clock(progress, second)
    let room = width - scenarioName.count - clock.count - 6
    var head = "  " + scenarioName
    if room >= 8 {
      let done = min(Int(Double(min(room, 40)) * share(progress)), min(room, 40))
      head += "  " + String(repeating: "━", count: done) + String(repeating: "─", count: min(room, 40) - done)
    }
    head += "  " + clock
    let failed = failures(progress, second)
    let lines = [
      TextLayout.cut(head, width),
      TextLayout.cut("  " + speed(second).joined(separator: "   "), width),
      TextLayout.cut("  " + counts(progress, second, failed: failed).joined(separator: "   "), width),
    ]
    return [style(lines[0], .strong), lines[1], failed == "0 failed" ? lines[2] : style(lines[2], .bad)]
  }

  /// The same on one line, for a log.
  package func line(_ progress: LoadProgress) -> String {
    let second = Second(progress)
    let counts = counts(progress, second, failed: failures(progress, second))
    return ([clock(progress, second)] + speed(second) + counts).joined(separator: "  ")
  }

  private func share(_ progress: LoadProgress) -> Double {
    guard progress.plannedNanoseconds > 0 else { return 1 }
    return min(1, Double(progress.elapsedNanoseconds) / Double(progress.plannedNanoseconds))
  }

  private func clock(_ progress: LoadProgress, _ second: Second) -> String {
    let elapsed = Self.wholeSeconds(progress.elapsedNanoseconds)
    let planned = Self.wholeSeconds(progress.plannedNanoseconds)
    if progress.elapsedNanoseconds > progress.plannedNanoseconds {
      let beyond = progress.elapsedNanoseconds - progress.plannedNanoseconds
      return beyond < 500_000_000 ? "\(planned), finishing" : "\(planned) + \(Self.wholeSeconds(beyond)) finishing"
    }
    return "\(elapsed) of \(planned)" + (second.isWarmUp ? ", warm-up" : "")
  }

  /// Of the last second.
  private func speed(_ second: Second) -> [String] {
    let active = UInt64(clamping: second.active)
    var parts = [load(active)]
    parts.append("\(FigureText.count(second.completed)) req/s")
    for (name, quantile) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
      parts.append("\(name) \(Self.latency(second.response, quantile))")
    }
    return parts
  }

  private func counts(_ progress: LoadProgress, _ second: Second, failed: String) -> [String] {
    let attempts = progress.total.steps.reduce(0) { $0 + $1.attempts }
    var parts = [FigureText.plural(attempts, "request"), failed]
    let lag = second.lag
    parts.append("lag p99 \(lag.value(at: 0.99) == 0 ? FigureText.noLag : Self.latency(lag, 0.99))")
    if second.waiting > 0 { parts.append("\(FigureText.count(UInt64(second.waiting))) waiting") }
    if let phase = phase(progress) { parts.append(phase) }
    return parts
  }

  private func load(_ active: UInt64) -> String {
    if isOpenModel { return "\(FigureText.count(active)) in flight" }
    // Phases may have users at the same time as arrivals.
    return phaseNames.isEmpty ? FigureText.plural(active, "user") : "\(FigureText.count(active)) active"
  }

  /// Those under way, or the one that is waited for.
  private func phase(_ progress: LoadProgress) -> String? {
    let pairs = Array(zip(phaseNames, progress.total.phases))
    let running = pairs.filter { $1.startNanoseconds != nil && !$1.hasEnded }.map(\.0)
    if !running.isEmpty { return "phase \(running.joined(separator: ", "))" }
    return pairs.first { $1.startNanoseconds == nil }.map { "until phase \($0.0)" }
  }

  /// Since the warm-up, and in the last second when there were any.
  private func failures(_ progress: LoadProgress, _ second: Second) -> String {
    let failed = progress.total.steps.reduce(0) { $0 + $1.failed }
    let now = second.failed
    return "\(FigureText.count(failed)) failed" + (now > 0 ? " (\(FigureText.count(now)) now)" : "")
  }

  private static func latency(_ histogram: Histogram, _ quantile: Double) -> String {
    guard let value = histogram.value(at: quantile) else { return "–" }
    return value.isFinite ? FigureText.milliseconds(value / 1e6) : "∞"
  }

  private static func wholeSeconds(_ nanoseconds: UInt64) -> String {
    let seconds = (nanoseconds + 500_000_000) / 1_000_000_000
    return seconds < 120 ? "\(seconds) s" : DurationText.format(.seconds(Int64(clamping: seconds)))
  }
}
