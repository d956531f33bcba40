import BenchComparison
import Evidence
import Foundation
import Statistics

/// `ComparisonBenchmark SEEDS [--gate]`: services in virtual time, how often `bench compare` calls equal ones different
/// and finds a slower one, how often its interval holds the truth, and where `bench history` sees a step. `--gate` ends
/// with 99 where a promise is not kept.
@main
struct ComparisonBenchmark {
  private var generator = SeededGenerator(seed: 1)
  private var isKept = true

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard let seeds = arguments.compactMap({ Int($0) }).first, seeds > 0 else {
      print("usage: ComparisonBenchmark SEEDS [--gate]")
      exit(64)
    }
    var benchmark = ComparisonBenchmark()
    benchmark.compare(seeds)
    benchmark.cover(seeds)
    benchmark.gate(seeds)
    benchmark.history(max(20, seeds / 40))
    if arguments.contains("--gate"), !benchmark.isKept { exit(99) }
  }

  /// Runs that differ by `deviation` from one to the next.
  private mutating func runs(_ count: Int, median: Double, deviation: Double) -> [Double] {
    (0..<count).map { _ in median * exp(deviation * normal()) }
  }

  private mutating func outcome(_ count: Int, slower: Double, deviation: Double) -> ComparisonReport.Outcome? {
    RunComparison().judge([
      .init(
        name: "p(95)", unit: .milliseconds, base: runs(count, median: 100, deviation: deviation),
        head: runs(count, median: 100 * slower, deviation: deviation))
    ]).first?.outcome
  }

  private mutating func normal() -> Double {
    (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
  }

  private mutating func say(_ text: String, isKept kept: Bool) {
    print("\(kept ? "ok    " : "MISSED") \(text)")
    if !kept { isKept = false }
  }

  private func percent(_ share: Double) -> String { String(format: "%.2f %%", share * 100) }

  /// Three standard deviations above a promised share.
  private func bound(_ share: Double, _ count: Int) -> Double {
    share + 3 * (share * (1 - share) / Double(count)).squareRoot()
  }

  private mutating func compare(_ seeds: Int) {
    for (count, deviation) in [(5, 0.05), (8, 0.05), (8, 0.3)] {
      let alarms = (0..<seeds).count { _ in
        [.regressed, .improved].contains(outcome(count, slower: 1, deviation: deviation))
      }
      let share = Double(alarms) / Double(seeds)
      let promised = bound(0.05, seeds)
      say(
        "equal services, \(count) runs a side that differ by \(percent(deviation)): \(alarms) of \(seeds) called different, "
          + "\(percent(share)) (bound \(percent(promised)))", isKept: share <= promised)
    }
    let found = (0..<seeds).count { _ in
      outcome(8, slower: 1.1, deviation: 0.05) == .regressed
    }
    let power = Double(found) / Double(seeds)
    say(
      "10 % slower, 8 runs a side that differ by 5 %: \(found) of \(seeds) found, \(percent(power)) (at least 90 %)",
      isKept: power >= 0.9)
    let four = (0..<seeds).count { _ in
      outcome(4, slower: 2, deviation: 0.05) != .undecided
    }
    say("4 runs a side decide in \(four) of \(seeds) (none)", isKept: four == 0)
  }

  private mutating func cover(_ seeds: Int) {
    for count in [5, 8, 12] {
      let truth = 0.1
      let held = (0..<seeds).count { _ in
        let ranks = RankSum(
          base: (0..<count).map { _ in normal() }, other: (0..<count).map { _ in truth + normal() })
        return ranks.bounds(confidence: 0.9)?.contains(truth) ?? false
      }
      let share = Double(held) / Double(seeds)
      let exact = RankSum.coverage(count, count, confidence: 0.9) ?? 0
      say(
        "the 90 % interval of \(count) and \(count) runs holds the truth in \(percent(share)), exactly \(percent(exact)) (± 0.6 points)",
        isKept: abs(share - exact) <= 0.006)
    }
  }

  /// Blocks that bear the machine's noise (30 % from one to the next) together, and 5 % each side for itself.
  private mutating func gate(_ seeds: Int) {
    let comparison = DuetComparison(.init(level: DuetComparison.level))
    func outcome(_ blocks: Int, slower: Double, apart: Double, figures: Int = 1) -> ComparisonReport.Outcome {
      let series = (0..<figures).map { number in
        DuetComparison.Series(
          name: "p(95) \(number)", unit: .milliseconds,
          pairs: (0..<blocks).map { _ in
            let shared = 100 * exp(0.3 * normal())
            return (shared * exp(apart * normal()), shared * slower * exp(apart * normal()))
          })
      }
      let outcomes = comparison.judge(series, canBeEquivalent: true).map(\.outcome)
      return outcomes.contains(.regressed) ? .regressed : outcomes[0]
    }
    for (blocks, figures, apart) in [(8, 1, 0.05), (12, 3, 0.05), (12, 1, 0.2), (30, 3, 0.3)] {
      let alarms = (0..<seeds).count { _ in
        outcome(blocks, slower: 1, apart: apart, figures: figures) == .regressed
      }
      let promised = bound(DuetComparison.level, seeds)
      let share = Double(alarms) / Double(seeds)
      say(
        "equal services at once, \(blocks) blocks that differ by \(percent(apart)) a side, \(figures) figures: \(alarms) of "
          + "\(seeds) REGRESSED, \(percent(share)) (bound \(percent(promised)))", isKept: share <= promised)
    }
    let found = (0..<seeds).count { _ in outcome(12, slower: 1.1, apart: 0.03) == .regressed }
    let equal = (0..<seeds).count { _ in outcome(12, slower: 1, apart: 0.03) == .equivalent }
    let (power, equivalence) = (Double(found) / Double(seeds), Double(equal) / Double(seeds))
    say(
      "12 blocks that differ by 3 % a side: 10 % slower is REGRESSED in \(percent(power)) (at least 90 %), equal is EQUIVALENT "
        + "in \(percent(equivalence)) (at least 70 %)", isKept: power >= 0.9 && equivalence >= 0.7)
    let missed = (0..<seeds).count { _ in outcome(12, slower: 1.1, apart: 0.03) == .equivalent }
    say(
      "and 10 % slower is called EQUIVALENT in \(missed) of \(seeds) (bound \(percent(bound(0.05, seeds))))",
      isKept: Double(missed) / Double(seeds) <= bound(0.05, seeds))
  }

  private mutating func history(_ seeds: Int) {
    var within = [2: 0, 4: 0]
    var likeliest = 0
    var flat = 0
    for seed in 0..<seeds {
      var search = ChangePoints()
      search.seed = UInt64(seed)
      let stepped = (0..<100).map { run in 0.03 * normal() + (run >= 60 ? log(1.05) : 0) }
      let places = search.changes(in: stepped).map(\.place)
      for distance in within.keys where places.contains(where: { abs($0 - 60) <= distance }) {
        within[distance, default: 0] += 1
      }
      if abs(Self.likeliestStep(stepped) - 60) <= 2 { likeliest += 1 }
      if !search.changes(in: (0..<100).map { _ in 0.03 * normal() }).isEmpty { flat += 1 }
    }
    let found = Double(within[2] ?? 0) / Double(seeds)
    let best = Double(likeliest) / Double(seeds)
    say(
      "a step of 5 % at run 60 of 100 that differ by 3 %: found within ± 2 in \(percent(found)) of \(seeds), within ± 4 in "
        + "\(percent(Double(within[4] ?? 0) / Double(seeds))) (the likeliest place, known to be one: \(percent(best)), less 3 points)",
      isKept: found >= best - 0.03)
    let share = Double(flat) / Double(seeds)
    say(
      "a flat history names a change in \(flat) of \(seeds), \(percent(share)) (bound \(percent(bound(0.05, seeds))))",
      isKept: share <= bound(0.05, seeds))
  }

  /// Where a normal series with exactly one step most likely has it: nobody can tell better.
  private static func likeliestStep(_ series: [Double]) -> Int {
    let mean = series.reduce(0, +) / Double(series.count)
    var sum = 0.0
    var best = (place: 0, gain: 0.0)
    for (index, value) in series.enumerated().dropLast() {
      sum += value - mean
      let size = Double(index + 1)
      let gain = sum * sum / (size * (Double(series.count) - size))
      if gain > best.gain { best = (index + 1, gain) }
    }
    return best.place
  }
}
