package import Evidence
import Foundation
import Statistics
package import Terminal
import Wording

/// A kept report a commit: where a figure changed for good, which no gate between two neighbours sees.
package struct ReportHistory {
  package static let fewestRuns = 10

  private let set: ReportSet
  private let names: [String]

  /// - Parameter names: of the runs, in the set's order.
  init(_ set: ReportSet, names: [String]) {
    self.set = set
    self.names = names
  }

  /// - Throws: `EvidenceError` as `ReportSet.read`.
  package static func read(_ path: String) throws(EvidenceError) -> ReportHistory {
    let set = try ReportSet.read(path)
    return ReportHistory(set, names: set.names)
  }

  /// - Throws: `CommandFailure` where the reports are too few, or of different things.
  package func report() throws(CommandFailure) -> HistoryReport {
    if let mismatch = ReportSet.mismatch([set]) { throw CommandFailure(.badData, "\(set.source): \(mismatch)") }
    guard set.reports.count >= Self.fewestRuns, let newest = set.reports.last else {
      throw CommandFailure(
        .noData,
        "\(set.source): \(CountText.plural(set.reports.count, "run")): changes show in \(Self.fewestRuns) and more")
    }
    let known = ComparedFigure.all(in: newest)
    var missing: [String] = []
    let series = known.compactMap { figure -> RunComparison.Series? in
      let series = RunComparison.Series(figure, head: set.reports)
      guard let series, series.head.allSatisfy(\.isFinite) else {
        missing.append(figure.name)
        return nil
      }
      return series
    }
    guard !series.isEmpty else {
      throw CommandFailure(.noData, "\(set.source): no figure that all runs have: \(missing.joined(separator: ", "))")
    }
    var warnings = ReportSet.warnings([set])
    if !missing.isEmpty { warnings.append("not in every run, so not looked at: \(missing.joined(separator: ", "))") }
    // All figures together name a change of nothing in 5 % of histories at most.
    let level = 0.05 / Double(series.count)
    return HistoryReport(
      scenario: newest.scenario.name,
      runs: zip(names, set.reports).map { .init(name: $0, startedAt: $1.startedAt) },
      figures: series.map { figure($0, level: level) }, warnings: warnings)
  }

  private func figure(_ series: RunComparison.Series, level: Double) -> HistoryReport.Figure {
    let values = series.head
    // The least that shuffling can tell is one in so many.
    var search = ChangePoints()
    search.level = level
    search.shuffles = max(search.shuffles, Int((2 / level).rounded(.up)) - 1)
    let isShare = series.unit == .ratio
    let changes = search.changes(in: isShare ? values : values.map { log(max($0, 1e-9)) })
    let borders = [0] + changes.map(\.place) + [values.count]
    let middles = zip(borders, borders.dropFirst()).map { SortedSample(values[$0..<$1]).median ?? 0 }
    return HistoryReport.Figure(
      name: series.name, unit: series.unit, values: values,
      changes: changes.enumerated().map { index, change in
        HistoryReport.Change(
          run: names[change.place], place: change.place, before: middles[index], after: middles[index + 1],
          isWorse: (middles[index + 1] > middles[index]) != series.isBetterHigher, chance: change.chance)
      })
  }
}
