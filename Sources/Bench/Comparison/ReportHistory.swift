package import Evidence
import Foundation
import Statistics
package import Terminal
import Wording

/// A kept report a commit: where a figure changed for good, which no gate between two neighbours sees.
package struct ReportHistory {
  package static let fewestRuns = 10
  /// Older ones are left out.
  static let mostRuns = 300

  private let set: ReportSet
  private let leftOut: Int

  init(_ set: ReportSet) {
    leftOut = max(0, set.reports.count - Self.mostRuns)
    self.set = leftOut > 0 ? set.newest(Self.mostRuns) : set
  }

  /// - Throws: `EvidenceError` as `ReportSet.read`.
  package static func read(_ path: String) throws(EvidenceError) -> ReportHistory {
    ReportHistory(try ReportSet.read(path))
  }

  /// - Throws: `CommandFailure` where the reports are too few, or of different things.
  package func report() throws(CommandFailure) -> HistoryReport {
    if let mismatch = ReportSet.mismatch([set]) { throw CommandFailure(.badData, "\(set.source): \(mismatch)") }
    guard set.reports.count >= Self.fewestRuns, let newest = set.reports.last else {
      throw CommandFailure(
        .noData,
        "\(set.source): \(CountText.plural(set.reports.count, "run")): changes show in \(Self.fewestRuns) and more")
    }
    let all = ComparedFigure.all(in: set.reports).map { RunComparison.Series($0, head: set.reports) }
    let series = all.filter { $0.missing.head == 0 }
    let missing = all.filter { $0.missing.head > 0 }.map(\.name)
    guard !series.isEmpty else {
      throw CommandFailure(.noData, "\(set.source): no figure that all runs have: \(missing.joined(separator: ", "))")
    }
    var warnings = ReportSet.warnings([set])
    if !missing.isEmpty { warnings.append("not in every run, so not looked at: \(missing.joined(separator: ", "))") }
    if leftOut > 0 { warnings.append("the oldest \(CountText.plural(leftOut, "run")) not looked at") }
    // All figures together name a change of nothing in 5 % of histories at most.
    let level = 0.05 / Double(series.count)
    return HistoryReport(
      scenario: newest.scenario.name,
      runs: zip(set.names, set.reports).map { .init(name: $0, startedAt: $1.startedAt) },
      figures: series.map { figure($0, level: level) }, warnings: warnings)
  }

  private func figure(_ series: RunComparison.Series, level: Double) -> HistoryReport.Figure {
    let values = series.head
    // The least that shuffling can tell is one in so many.
    var search = ChangePoints()
    search.level = level
    search.shuffles = max(search.shuffles, Int((2 / level).rounded(.up)) - 1)
    let scale = FigureScale(series.unit)
    // What was never answered lies above all that was.
    let highest = scale.isShare ? 1 : log(10 * max(values.filter(\.isFinite).max() ?? 1, 1))
    let scaled = values.map { scale.place($0, unanswered: highest, nought: log(1e-9)) }
    let rule = ComparisonReport.Rule()
    let changes = search.changes(in: scaled)
    let borders = [0] + changes.map(\.place) + [values.count]
    let parts = zip(borders, borders.dropFirst()).map { $0..<$1 }
    func middle(_ part: Range<Int>) -> Double? {
      SortedSample(values[part]).median.flatMap { $0.isFinite ? $0 : nil }
    }
    return HistoryReport.Figure(
      name: series.name, unit: series.unit, values: values.map { $0.isFinite ? $0 : nil },
      changes: changes.enumerated().compactMap { index, change in
        let (before, after) = (Array(scaled[parts[index]]), Array(scaled[parts[index + 1]]))
        // Where most runs are alike the others tell.
        var shift = RankSum(base: Array(before.suffix(200)), other: Array(after.prefix(200))).shift ?? 0
        let means = [before, after].map { $0.reduce(0, +) / Double($0.count) }
        if !scale.isLarge(shift, rule) { shift = means[1] - means[0] }
        guard scale.isLarge(shift, rule) else { return nil }
        return HistoryReport.Change(
          run: set.names[change.place], place: change.place, before: middle(parts[index]),
          after: middle(parts[index + 1]),
          shift: scale.told(shift), isWorse: (shift > 0) != series.isBetterHigher,
          chance: change.chance)
      })
  }
}
