package import Evidence
import Foundation
import Statistics
package import Terminal
import Wording

/// Two services that were measured at once, block after block: what a block shows of both is one pair, and its difference
/// holds little of what the machine did meanwhile, which both had to bear. Wilcoxon's signed ranks say whether the
/// differences lie around nothing. Blocks, not requests, are the sample.
package struct DuetComparison {
  package var rule: ComparisonReport.Rule
  /// More of this machine's processors than this, and what the head costs slows the base, too.
  static let mostBusy = 0.5
  /// The ranks of more take long, and say nothing more.
  package static let mostBlocks = 200

  /// - Parameter rule: its level is one-sided, of REGRESSED and of IMPROVED each.
  package init(_ rule: ComparisonReport.Rule) { self.rule = rule }

  /// The level that a gate stands by: one false alarm in two hundred merges.
  package static let level = 0.005

  /// - Parameters:
  ///   - base: a report a block.
  ///   - head: of the same blocks, in their order.
  ///   - control: of the server that does nothing, the quantile that was seen beside either side.
  ///   - secondsPerBlock: what a block took in all, with starts and warm-up.
  ///   - busy: of this machine's processors, 0...1; nil where nobody counts it.
  /// - Throws: `CommandFailure` code `.noData` where no block of either side was answered.
  package func compare(
    _ base: ReportSet, _ head: ReportSet, control: (base: [Double], head: [Double]), blockSeconds: Double,
    warmUpSeconds: Double, secondsPerBlock: Double, startsAnew: Bool, busy: Double?
  ) throws(CommandFailure) -> ComparisonReport {
    guard let sample = base.reports.first, base.reports.count == head.reports.count else {
      throw CommandFailure(.noData, "no block was measured")
    }
    if base.isDead, head.isDead { throw CommandFailure(.noData, "neither side answered in any block") }
    let figures = ComparedFigure.all(in: base.reports + head.reports)
    // Nobody counts where the services are elsewhere.
    let isQuiet = busy.map { $0 <= Self.mostBusy } ?? true
    let series = figures.map { Series($0, base: base.reports, head: head.reports) }
    var judged = judge(series, canBeEquivalent: isQuiet)
    let duet = ComparisonReport.Duet(
      blockSeconds: blockSeconds, warmUpSeconds: warmUpSeconds, startsAnew: startsAnew, busy: busy,
      control: controlFigure(control), findable: series.flatMap { findable($0, secondsPerBlock: secondsPerBlock) })
    var warnings = ReportSet.warnings([base, head])
    if !isQuiet, let busy {
      warnings.append(
        "\(ComparisonText.percent(busy)) of this machine's processors were busy: above "
          + "\(ComparisonText.percent(Self.mostBusy)) each side slows the other, so that no equivalence is said: a lower load, or a machine with more cores"
      )
    }
    let isUnequal = duet.control.outcome == .regressed || duet.control.outcome == .improved
    if isUnequal {
      warnings.append("a server that does nothing was slower on one side, too: the machine did not treat both alike")
    }
    let isBound = (base.reports + head.reports).contains { $0.verdict.outcome == .generatorBound }
    if isUnequal || isBound {
      for index in judged.indices where judged[index].outcome != .undecided {
        judged[index].reason =
          isUnequal ? "the machine did not treat both sides alike" : "the generator could not keep up"
        judged[index].outcome = .undecided
      }
    }
    var outcome = RunComparison.worst(judged.map(\.outcome))
    if let emptiness = ReportSet.emptiness(base, head), outcome != .regressed {
      outcome = .undecided
      warnings.append(emptiness)
    }
    var report = ComparisonReport(
      scenario: sample.scenario.name, base: .init(source: base.source, runs: base.reports.count),
      head: .init(source: head.source, runs: head.reports.count), rule: rule, figures: judged, warnings: warnings,
      outcome: outcome, exitCode: Int(RunComparison.exitStatus(of: outcome).rawValue))
    report.duet = duet
    return report
  }

  private func controlFigure(_ control: (base: [Double], head: [Double])) -> ComparisonReport.Figure {
    var series = Series(name: "null server p(95)", unit: .milliseconds, pairs: Array(zip(control.base, control.head)))
    // A tenth of a hundred microseconds is no machine's fault: what a timer's tick does is not a difference.
    series.least = 0.25
    return judge([series], canBeEquivalent: true)[0]
  }

  // MARK: Figures

  /// One figure's values, a pair a block; `.infinity` where it falls among attempts that were never answered.
  package struct Series {
    package var name: String
    package var unit: Quantity.Unit
    package var isBetterHigher = false
    package var pairs: [(base: Double, head: Double)]
    /// Blocks in which a side has no sample of it.
    package var missing = 0
    /// Of the block with the fewest, and how many its quantile needs to hold still; nil for what is no quantile.
    package var samples: (least: UInt64, needed: Double)?
    /// Instead of the rule's effect.
    var least: Double?

    package init(name: String, unit: Quantity.Unit, pairs: [(base: Double, head: Double)]) {
      self.name = name
      self.unit = unit
      self.pairs = pairs
    }

    init(_ figure: ComparedFigure, base: [BenchReport], head: [BenchReport]) {
      let values = zip(base, head).map { (figure.value(in: $0), figure.value(in: $1)) }
      let known = values.compactMap { base, head in base.flatMap { base in head.map { (base: base, head: $0) } } }
      self.init(
        name: figure.name, unit: known.first?.base.unit ?? .count,
        pairs: known.map { ($0.base.number, $0.head.number) })
      isBetterHigher = known.contains { $0.base.isBetterHigher || $0.head.isBetterHigher }
      missing = values.count - known.count
      let counts = (base + head).compactMap { figure.samples(in: $0) }
      if let needed = counts.first?.needed { samples = (counts.map(\.count).min() ?? 0, needed) }
    }
  }

  /// Each figure by itself, all of them paying for being looked at together, worse and better apart.
  package func judge(_ series: [Series], canBeEquivalent: Bool) -> [ComparisonReport.Figure] {
    let tests = series.map { DuetTest($0) }
    // What is the same in every block can't be called different, so that nobody pays for it (Tarone).
    let open = tests.indices.filter { tests[$0].differs }
    func sure(_ chance: KeyPath<DuetTest, Double>) -> [Int: Bool] {
      Dictionary(
        uniqueKeysWithValues: zip(
          open, RunComparison.holm(open.map { tests[$0][keyPath: chance] }, level: rule.level)))
    }
    let (higher, lower) = (sure(\.chanceHigher), sure(\.chanceLower))
    return tests.indices.map {
      figure(
        series[$0], tests[$0], isHigher: higher[$0] ?? false, isLower: lower[$0] ?? false, of: max(1, open.count),
        canBeEquivalent)
    }
  }

  private func figure(
    _ series: Series, _ test: DuetTest, isHigher: Bool, isLower: Bool, of count: Int, _ canBeEquivalent: Bool
  ) -> ComparisonReport.Figure {
    func middle(_ values: [Double]) -> Double? { SortedSample(values).median.flatMap { $0.isFinite ? $0 : nil } }
    let (base, head) = (middle(series.pairs.map(\.base)), middle(series.pairs.map(\.head)))
    let change = base == nil || head == nil ? nil : test.change(confidence: rule.confidence)
    let least = series.least ?? test.scale.effect(rule)
    let told = test.scale.told(test.shift)
    let fewest = SignedRanks.fewestPairs(rule.level / Double(count))
    let effect = ComparisonText.percent(least)
    var outcome = ComparisonReport.Outcome.undecided
    var reason: String?
    if series.missing > 0 {
      reason = "no sample of it in \(CountText.plural(series.missing, "block"))"
    } else if series.pairs.count < fewest {
      reason =
        "\(CountText.plural(series.pairs.count, "block")): at least \(fewest) are needed"
        + (count > 1 ? " for \(count) figures together" : "")
    } else if isHigher || isLower, abs(told) >= least, isHigher != series.isBetterHigher {
      // However few its samples are: a head that hangs has few.
      outcome = .regressed
    } else if let samples = series.samples, Double(samples.least) < samples.needed {
      reason =
        "a block had \(samples.least) samples of it: it takes \(NumberText.fixed(samples.needed, 0)): longer blocks, or a higher load"
    } else if isHigher || isLower, abs(told) >= least {
      outcome = .improved
    } else if let change, abs(change.lower) <= least, abs(change.upper) <= least {
      if canBeEquivalent { outcome = .equivalent } else { reason = "equal, as far as a busy machine shows" }
    } else if base == nil, head == nil {
      reason = "never answered in most blocks of either side"
    } else {
      reason =
        (isHigher || isLower
          ? "different, and not surely by less than \(effect)"
          : "neither different nor surely within ±\(effect)") + blocksNeeded(test, least, count)
    }
    if outcome == .equivalent || outcome == .improved, test.outbreaks > 0 {
      outcome = .undecided
      reason =
        "\(test.outbreaks) of \(CountText.plural(series.pairs.count, "block")) of the head far worse than any of the base's: look at them"
    }
    return ComparisonReport.Figure(
      name: series.name, unit: series.unit, base: base, head: head, change: change,
      chance: min(test.chanceHigher, test.chanceLower), outcome: outcome, reason: reason)
  }

  /// By the width that the interval has now, which shrinks with the root of the number.
  private func blocksNeeded(_ test: DuetTest, _ least: Double, _ count: Int) -> String {
    guard let half = test.halfWidth(confidence: rule.confidence), half > 0 else { return "" }
    let effect = test.scale.isShare ? least : log1p(least)
    let distance = abs(test.shift)
    let pairs = Double(test.pairs)
    let ratio: Double
    if distance < effect * 0.8 {
      ratio = half / (effect - distance)
    } else {
      // The bound of the level is farther out than the interval's.
      let level = Self.normal(1 - rule.level / Double(count)) / Self.normal((1 + rule.confidence) / 2)
      ratio = half * level / max(distance, 1e-9)
    }
    let needed = (pairs * ratio * ratio * 1.2).rounded(.up)
    guard needed <= Double(Self.mostBlocks) else { return ": a quieter machine or a larger effect would tell" }
    return ": about \(max(test.pairs + 1, Int(needed))) blocks would tell"
  }

  private static let lengths: [Double] = [60, 120, 300, 600, 1_200]

  /// What gates of some lengths would find, by how far blocks lay apart; none where all were the same.
  func findable(_ series: Series, secondsPerBlock: Double) -> [ComparisonReport.Duet.Findable] {
    let test = DuetTest(series)
    guard test.differs, secondsPerBlock > 0, let half = test.halfWidth(confidence: rule.confidence) else { return [] }
    // Of one block, as the interval's width has it: with few blocks a little too wide, never too narrow.
    let deviation = half * Double(test.pairs).squareRoot() / Self.normal((1 + rule.confidence) / 2)
    return Self.lengths.compactMap { length in
      let blocks = min(Int(length / secondsPerBlock), Self.mostBlocks)
      guard blocks >= SignedRanks.fewestPairs(rule.level) else { return nil }
      let error = deviation / Double(blocks).squareRoot()
      let least = test.scale.isShare ? rule.shareEffect : log1p(rule.effect)
      let shift = max((Self.normal(1 - rule.level) + Self.normal(0.9)) * error, least + Self.normal(0.9) * error)
      return .init(figure: series.name, blocks: blocks, seconds: length, effect: test.scale.told(shift))
    }
  }

  private static func normal(_ probability: Double) -> Double { StudentT.quantile(probability, degrees: 10_000) }

  // MARK: Before and meanwhile

  /// The measured seconds after which every quantile that is compared has samples enough, by the pace of one report.
  package static func steadySeconds(_ report: BenchReport) -> Double {
    ComparedFigure.all(in: [report]).compactMap { figure in
      figure.samples(in: report).map { $0.needed / max(Double($0.count), 0.1) * report.measuredSeconds }
    }
    .max() ?? 0
  }

  /// What one block showed of the first figure: `response_time p(95) 51.2 ms → 55.9 ms`.
  package static func line(base: BenchReport, head: BenchReport) -> String {
    guard let figure = ComparedFigure.all(in: [base, head]).first else { return "" }
    func text(_ report: BenchReport) -> String {
      guard let value = figure.value(in: report) else { return "no data" }
      return value.number.isFinite ? ComparisonText.value(value.number, value.unit) : "no answer"
    }
    return "\(DisplayText.line(figure.name, limit: 46))  \(text(base)) → \(text(head))"
  }
}

/// What the pairs of one figure say.
private struct DuetTest {
  let scale: FigureScale
  let pairs: Int
  /// In some block they are not the same.
  let differs: Bool
  let outbreaks: Int
  /// Of differences so far above nothing, or below it, between equal services.
  let chanceHigher: Double
  let chanceLower: Double
  let shift: Double
  private let ranks: SignedRanks

  init(_ series: DuetComparison.Series) {
    let scale = FigureScale(series.unit)
    let (base, head) = (scale.places(series.pairs.map(\.base)), scale.places(series.pairs.map(\.head)))
    let differences = zip(base, head).map { $1 - $0 }
    outbreaks = scale.outbreaks(of: head, beyond: base, isBetterHigher: series.isBetterHigher)
    self.scale = scale
    pairs = differences.count
    differs = differences.contains { $0 != 0 }
    ranks = SignedRanks(differences)
    chanceHigher = ranks.chance(above: 0)
    chanceLower = SignedRanks(differences.map { -$0 }).chance(above: 0)
    shift = ranks.estimate ?? 0
  }

  private func bounds(_ confidence: Double) -> (lower: Double, upper: Double)? {
    guard let lower = ranks.lowerBound((1 - confidence) / 2), let upper = ranks.upperBound((1 - confidence) / 2),
      abs(lower) < 30, abs(upper) < 30
    else { return nil }
    return (lower, upper)
  }

  func halfWidth(confidence: Double) -> Double? { bounds(confidence).map { ($0.upper - $0.lower) / 2 } }

  /// Nil where it has no bounds.
  func change(confidence: Double) -> Estimate? {
    guard let bounds = bounds(confidence) else { return nil }
    let told = [shift, bounds.lower, bounds.upper].map(scale.told)
    return Estimate(told[0], lower: min(told[1], told[0]), upper: max(told[2], told[0]), basis: .measured)
  }
}
