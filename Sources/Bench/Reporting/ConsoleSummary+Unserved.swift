import Evidence
import Measures
import Terminal
import Wording

extension ConsoleSummary {
  /// What a table of answers doesn't show: stretches without any, and arrivals that were not served.
  var unserved: [String] {
    let found = report.silences ?? []
    var lines = found.prefix(Self.silenceLimit).map(Self.text)
    if found.count > lines.count { lines.append("… and \(found.count - lines.count) silences more in report.json") }
    if let rates { lines.append(rates) }
    return lines.map { "  " + style(TextLayout.cut($0, Self.width - 2), .bad) }
  }

  private static let silenceLimit = 3

  /// `no answer from 4.0 s to 22 s (schedules)`
  static func text(_ silence: SilenceFigures) -> String {
    let place = [silence.phase, silence.step].compactMap(\.self).map { DisplayText.line($0, limit: 40) }
    let from = FigureText.seconds(silence.startSeconds)
    let words = "no answer from \(from) to \(FigureText.seconds(silence.endSeconds))"
    return "\(words) (\(place.joined(separator: ", ")))" + (silence.isOfHost ? ": this host stood still" : "")
  }

  /// `planned 5,000/s, served 430/s`, where the share that was not served is above the default budget's limit.
  private var rates: String? {
    let iterations = report.iterations
    let lost = iterations.dropped + iterations.startedLate
    let planned = report.scenario.model.stages.reduce(0) { $0 + $1.durationSeconds }
    guard report.scenario.model.kind == .rate, Double(lost) >= 0.01 * Double(max(iterations.scheduled, 1)), planned > 0,
      report.durationSeconds > 0
    else { return nil }
    let asked = Double(iterations.scheduled) / min(planned, report.durationSeconds)
    let served = Double(iterations.completed) / report.durationSeconds
    return "planned \(FigureText.rate(asked))/s, served \(FigureText.rate(served))/s"
  }
}
