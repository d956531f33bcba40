package import Evidence
import Foundation
import Statistics
package import Terminal
import Wording

/// Two sets of runs, one figure a run: Mann's and Whitney's test says whether they differ, Hodges' and Lehmann's shift by
/// how much. Runs, not requests, are the sample: requests of one run share its minute, its cache and its neighbours.
package struct RunComparison {
  package var rule: ComparisonReport.Rule
  /// Of either side; fewer say nothing of how runs differ.
  static let fewestRuns = 5

  package init(_ rule: ComparisonReport.Rule = ComparisonReport.Rule()) { self.rule = rule }

  /// - Throws: `CommandFailure` where the sets can't be compared.
  package func compare(_ base: ReportSet, _ head: ReportSet) throws(CommandFailure) -> ComparisonReport {
    if let mismatch = ReportSet.mismatch([base, head]) {
      throw CommandFailure(.badData, "\(base.source) and \(head.source) can't be compared: \(mismatch)")
    }
    guard let sample = head.reports.last else { throw CommandFailure(.badData, "\(head.source): no report") }
    let known = ComparedFigure.all(in: sample)
    let series = known.compactMap { Series($0, base: base.reports, head: head.reports) }
    guard !series.isEmpty else {
      throw CommandFailure(
        .noData, "no figure that all runs have: missing from some are \(known.map(\.name).joined(separator: ", "))")
    }
    let judged = judge(series)
    var warnings = ReportSet.warnings([base, head])
    let missing = known.map(\.name).filter { name in !series.contains { $0.name == name } }
    if !missing.isEmpty { warnings.append("not in every run, so not judged: \(missing.joined(separator: ", "))") }
    let outcome = Self.worst(judged.map(\.outcome))
    return ComparisonReport(
      scenario: sample.scenario.name, base: .init(source: base.source, runs: base.reports.count),
      head: .init(source: head.source, runs: head.reports.count), rule: rule, figures: judged, warnings: warnings,
      outcome: outcome, exitCode: Int(Self.exitStatus(of: outcome).rawValue))
  }

  package static func exitStatus(of outcome: ComparisonReport.Outcome) -> ExitStatus {
    switch outcome {
    case .regressed: .notMet
    case .undecided: .noData
    case .improved, .equivalent: .pass
    }
  }

  static func worst(_ outcomes: [ComparisonReport.Outcome]) -> ComparisonReport.Outcome {
    ComparisonReport.Outcome.allCases.first(where: outcomes.contains) ?? .undecided
  }

  /// One figure's values, a value a run; `.infinity` where it falls among attempts that were never answered.
  package struct Series {
    package var name: String
    package var unit: Quantity.Unit
    package var isBetterHigher: Bool
    package var base: [Double]
    package var head: [Double]

    package init(name: String, unit: Quantity.Unit, isBetterHigher: Bool = false, base: [Double], head: [Double]) {
      self.name = name
      self.unit = unit
      self.isBetterHigher = isBetterHigher
      self.base = base
      self.head = head
    }

    /// Nil where a run has no sample of it.
    init?(_ figure: ComparedFigure, base: [BenchReport] = [], head: [BenchReport]) {
      let values = (base + head).compactMap { figure.value(in: $0) }
      guard values.count == base.count + head.count, let first = values.first else { return nil }
      self.init(
        name: figure.name, unit: first.unit, isBetterHigher: values.contains(where: \.isBetterHigher),
        base: values.prefix(base.count).map(\.number), head: values.dropFirst(base.count).map(\.number))
    }
  }

  /// Each figure by itself, all of them paying for being looked at together.
  package func judge(_ series: [Series]) -> [ComparisonReport.Figure] {
    let tests = series.map(FigureTest.init)
    let levels = Self.holm(tests.map(\.chance), level: rule.level)
    return zip(series, zip(tests, levels)).map { series, test in
      figure(series, test.0, isDifferent: test.1, of: tests.count)
    }
  }

  /// Which of the chances are small enough, all of them looked at together.
  /// - Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65–70.
  static func holm(_ chances: [Double], level: Double) -> [Bool] {
    var isSmall = [Bool](repeating: false, count: chances.count)
    for (place, index) in chances.indices.sorted(by: { chances[$0] < chances[$1] }).enumerated() {
      guard chances[index] <= level / Double(chances.count - place) else { break }
      isSmall[index] = true
    }
    return isSmall
  }

  /// The runs of a side without which not even samples that lie wholly apart could be told from chance.
  static func runsNeeded(level: Double) -> Int {
    (fewestRuns...100).first { 2 / Self.choose(2 * $0, $0) <= level } ?? 100
  }

  private static func choose(_ all: Int, _ taken: Int) -> Double {
    (0..<taken).reduce(1.0) { $0 * Double(all - $1) / Double(taken - $1) }
  }

  private func figure(
    _ series: Series, _ test: FigureTest, isDifferent: Bool, of count: Int
  ) -> ComparisonReport.Figure {
    var outcome = ComparisonReport.Outcome.undecided
    var reason: String?
    let needed = Self.runsNeeded(level: rule.level / Double(count))
    let runs = min(series.base.count, series.head.count)
    func middle(_ values: [Double]) -> Double? { SortedSample(values).median.flatMap { $0.isFinite ? $0 : nil } }
    let (baseMiddle, headMiddle) = (middle(series.base), middle(series.head))
    let change = baseMiddle == nil || headMiddle == nil ? nil : test.change(confidence: rule.confidence)
    if runs < needed {
      reason =
        "\(CountText.plural(runs, "run")) of a side: at least \(needed) are needed"
        + (count > 1 ? " for \(count) figures together" : "")
    } else if isDifferent, test.isLarge(rule) {
      outcome = (test.shift > 0) == series.isBetterHigher ? .improved : .regressed
    } else if let change, abs(change.lower) <= test.effect(rule), abs(change.upper) <= test.effect(rule) {
      outcome = .equivalent
    } else if baseMiddle == nil, headMiddle == nil {
      reason = "never answered in most runs of either side"
    } else {
      let effect = ComparisonText.percent(test.effect(rule))
      reason =
        isDifferent
        ? "different, but by less than \(effect)"
        : "neither different nor surely within ±\(effect): more runs, or quieter ones, would tell"
    }
    return ComparisonReport.Figure(
      name: series.name, unit: series.unit, base: baseMiddle, head: headMiddle, change: change,
      chance: test.chance, outcome: outcome, reason: reason)
  }
}

/// What two samples of one figure say: of shares themselves, of the logarithms of anything else.
private struct FigureTest {
  private let isShare: Bool
  private let ranks: RankSum
  /// Farther than any logarithm: what was never answered, or nought.
  private static let beyond = 1e6

  init(_ series: RunComparison.Series) {
    let isShare = series.unit == .ratio
    self.isShare = isShare
    func scaled(_ value: Double) -> Double {
      guard value.isFinite else { return Self.beyond }
      if isShare { return value }
      return value > 0 ? log(value) : -Self.beyond
    }
    ranks = RankSum(base: series.base.map(scaled), other: series.head.map(scaled))
  }

  var chance: Double { ranks.chance }
  var shift: Double { ranks.shift ?? 0 }

  /// The least difference that counts, on the scale of `change`.
  func effect(_ rule: ComparisonReport.Rule) -> Double { isShare ? rule.shareEffect : rule.effect }

  /// Whether the shift is as large as that, up or down by the same factor.
  func isLarge(_ rule: ComparisonReport.Rule) -> Bool {
    abs(shift) >= (isShare ? rule.shareEffect : log1p(rule.effect))
  }

  /// Nil where it has no bounds.
  func change(confidence: Double) -> Estimate? {
    guard let bounds = ranks.bounds(confidence: confidence) else { return nil }
    let ends = [shift, bounds.lowerBound, bounds.upperBound]
    guard ends.allSatisfy({ abs($0) < Self.beyond / 2 }) else { return nil }
    let told = isShare ? ends : ends.map { expm1($0) }
    return Estimate(told[0], lower: min(told[1], told[0]), upper: max(told[2], told[0]), basis: .measured)
  }
}
