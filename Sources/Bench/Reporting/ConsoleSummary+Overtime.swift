import Evidence
import Measures
import Wording

extension ConsoleSummary {
  /// What is shown: less is what the last answers of any run take.
  private static let leastOvertime = 0.5

  /// Why the run took longer than was asked, by phase where it has some.
  var overtime: [String] {
    var parts: [(name: String?, seconds: Double, model: ScenarioSummary.Model)] = []
    if let phases = report.phases {
      parts = phases.filter { $0.startSeconds != nil }.map { ($0.name, $0.durationSeconds, $0.model) }
    } else {
      parts = [(nil, report.durationSeconds, report.scenario.model)]
    }
    return parts.compactMap { name, seconds, model in
      let planned = model.stages.reduce(0) { $0 + $1.durationSeconds }
      let beyond = seconds - planned
      guard planned > 0, beyond >= Self.leastOvertime else { return nil }
      let grace = report.scenario.gracefulStopSeconds
      let reason =
        report.ending == .interrupted
        ? "stopping"
        : beyond < grace
          ? "answers under way"
          : "answers under way, until the grace of "
            + "\(FigureText.seconds(grace)) ran out"
      let place = name.map { " of phase \(DisplayText.line($0, limit: 24))" } ?? ""
      return labelled(
        "finishing",
        "\(FigureText.seconds(beyond)) beyond the \(FigureText.seconds(planned)) planned\(place): \(reason)")
    }
  }
}
