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

  /// Of a side; more say nothing more, and the exact test would take long.
  static let mostRuns = 60

  /// - Throws: `CommandFailure` where the sets can't be compared.
  package func compare(_ base: ReportSet, _ head: ReportSet) throws(CommandFailure) -> ComparisonReport {
    func refuse(_ status: ExitStatus, _ why: String) -> CommandFailure {
      let names = [base, head].map { DisplayText.line($0.source, limit: 200) }
      return CommandFailure(status, "\(names[0]) and \(names[1]) can't be compared: \(why)")
    }
    if let mismatch = ReportSet.mismatch([base, head]) { throw refuse(.badData, mismatch) }
    guard max(base.reports.count, head.reports.count) <= Self.mostRuns, let sample = head.reports.last else {
      throw refuse(.badData, "more than \(Self.mostRuns) runs of a side")
    }
    if base.isDead, head.isDead { throw refuse(.noData, "no run of either side was answered") }
    let figures = ComparedFigure.all(in: base.reports + head.reports)
    let judged = judge(figures.map { Series($0, base: base.reports, head: head.reports) })
    var outcome = Self.worst(judged.map(\.outcome))
    // What such runs measured is the generator.
    if (base.reports + head.reports).contains(where: { $0.verdict.outcome == .generatorBound }) { outcome = .undecided }
    var warnings = ReportSet.warnings([base, head])
    if let first = base.reports.map(\.startedAt.seconds).min(), let last = head.reports.map(\.startedAt.seconds).max(),
      first > last
    {
      warnings.append("every run of the base began after the last of the other side: is it the base?")
    }
    if let emptiness = ReportSet.emptiness(base, head), outcome != .regressed {
      outcome = .undecided
      warnings.append(emptiness)
    }
    return ComparisonReport(
      scenario: sample.scenario.name, base: .init(source: base.source, runs: base.reports.count),
      head: .init(source: head.source, runs: head.reports.count), rule: rule, figures: judged,
      warnings: warnings, outcome: outcome,
      exitCode: Int(Self.exitStatus(of: outcome).rawValue))
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

    /// Runs that have no sample of it.
    package var missing = (base: 0, head: 0)

    init(_ figure: ComparedFigure, base: [BenchReport] = [], head: [BenchReport]) {
      let (old, new) = (base.compactMap { figure.value(in: $0) }, head.compactMap { figure.value(in: $0) })
      self.init(
        name: figure.name, unit: (new + old).first?.unit ?? .count,
        isBetterHigher: (old + new).contains(where: \.isBetterHigher), base: old.map(\.number), head: new.map(\.number))
      missing = (base.count - old.count, head.count - new.count)
    }
  }

  /// Each figure by itself, all of them paying for being looked at together.
  package func judge(_ series: [Series]) -> [ComparisonReport.Figure] {
    let tests = series.map(FigureTest.init)
    // What is the same in every run can't be called different, so that nobody pays for it.
    // Source: R. E. Tarone, Biometrics 46 (1990) 515–522.
    let open = series.indices.filter { Set(series[$0].base + series[$0].head).count > 1 }
    let differ = Dictionary(
      uniqueKeysWithValues: zip(open, Self.holm(open.map { tests[$0].chance }, level: rule.level)))
    return series.indices.map {
      figure(series[$0], tests[$0], isDifferent: differ[$0] ?? false, of: max(1, open.count))
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

  /// The runs of each side without which not even samples that lie wholly apart could be told from chance.
  static func runsNeeded(level: Double) -> Int { (fewestRuns...100).first { isEnough($0, $0, level: level) } ?? 100 }

  private static func isEnough(_ base: Int, _ head: Int, level: Double) -> Bool {
    let ways = (0..<min(base, head)).reduce(1.0) { $0 * Double(base + head - $1) / Double(min(base, head) - $1) }
    return min(base, head) >= fewestRuns && 2 / ways <= level
  }

  private func figure(
    _ series: Series, _ test: FigureTest, isDifferent: Bool, of count: Int
  ) -> ComparisonReport.Figure {
    func middle(_ values: [Double]) -> Double? { SortedSample(values).median.flatMap { $0.isFinite ? $0 : nil } }
    let (base, head) = (middle(series.base), middle(series.head))
    let change = base == nil || head == nil ? nil : test.change(confidence: rule.confidence)
    let least = test.scale.effect(rule)
    let effect = ComparisonText.percent(least)
    var outcome = ComparisonReport.Outcome.undecided
    var reason: String?
    if series.missing != (0, 0) {
      reason =
        "no sample in \(CountText.plural(series.missing.base, "run")) of the base and in "
        + "\(CountText.plural(series.missing.head, "run")) of the head"
    } else if !Self.isEnough(series.base.count, series.head.count, level: rule.level / Double(count)) {
      let runs = CountText.plural(min(series.base.count, series.head.count), "run")
      reason =
        "\(runs) of a side: at least \(Self.runsNeeded(level: rule.level / Double(count))) of each are needed"
        + (count > 1 ? " for \(count) figures together" : "")
    } else if isDifferent, test.scale.isLarge(test.shift, rule) {
      outcome = (test.shift > 0) == series.isBetterHigher ? .improved : .regressed
    } else if let change, abs(change.lower) <= least, abs(change.upper) <= least {
      outcome = .equivalent
    } else if base == nil, head == nil {
      reason = "never answered in most runs of either side"
    } else {
      reason =
        isDifferent
        ? "different, and not surely by less than \(effect)"
        : "neither different nor surely within ±\(effect): more runs, or quieter ones, would tell"
    }
    // Most runs are alike, and some are no like of any: a service that dies in one run of six has not stayed what it was.
    if outcome == .equivalent || outcome == .improved, test.outbreaks > 0 {
      outcome = .undecided
      reason =
        "\(test.outbreaks) of \(CountText.plural(series.head.count, "run")) of the head far worse than any of the base's: look at them"
    }
    return ComparisonReport.Figure(
      name: series.name, unit: series.unit, base: base, head: head, change: change, chance: test.chance,
      outcome: outcome, reason: reason)
  }
}

/// What two samples of one figure say.
private struct FigureTest {
  let scale: FigureScale
  /// Runs of the head that are far worse than the base's worst.
  let outbreaks: Int
  let chance: Double
  let shift: Double
  private let ranks: RankSum

  init(_ series: RunComparison.Series) {
    let scale = FigureScale(series.unit)
    let (base, head) = (scale.places(series.base), scale.places(series.head))
    outbreaks = scale.outbreaks(of: head, beyond: base, isBetterHigher: series.isBetterHigher)
    self.scale = scale
    ranks = RankSum(base: base, other: head)
    chance = ranks.chance
    shift = ranks.shift ?? 0
  }

  /// Nil where it has no bounds.
  func change(confidence: Double) -> Estimate? {
    guard let bounds = ranks.bounds(confidence: confidence) else { return nil }
    let ends = [shift, bounds.lowerBound, bounds.upperBound]
    guard ends.allSatisfy({ abs($0) < 30 }) else { return nil }
    let told = ends.map(scale.told)
    return Estimate(told[0], lower: min(told[1], told[0]), upper: max(told[2], told[0]), basis: .measured)
  }
}
