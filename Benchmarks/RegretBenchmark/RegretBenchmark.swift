import Foundation
import Plans

/// `RegretBenchmark FIRST-SEED LAST-SEED [OWNERS] [--wrong] [--open] [--gate]`: prints the table; 200 owners a seed.
/// `--gate` ends with 99 when the figures are not what `docs/decision.md` promises.
@main
struct RegretBenchmark {
  static func main() throws {
    let numbers = CommandLine.arguments.compactMap { UInt64($0) }
    guard numbers.count >= 2, numbers[0] <= numbers[1], let catalogue = try Catalogue.bundled("render-2026-10") else {
      print("usage: RegretBenchmark FIRST-SEED LAST-SEED [OWNERS] [--wrong] [--open] [--gate]")
      exit(64)
    }
    let owners = numbers.count > 2 ? Int(numbers[2]) : 200
    let started = Date()
    let run = RegretRun(seeds: numbers[0]...numbers[1], owners: owners, catalogue: catalogue)
    print(RegretTable(runs: [("\(numbers[0])–\(numbers[1])", run)]).text)
    if CommandLine.arguments.contains("--wrong") {
      for outcome in run.outcomes where outcome.isWrong {
        print(
          "\(outcome.seed)/\(outcome.index) \(outcome.kind) ×\(outcome.toBreakEven) \(outcome.verdict) "
            + "\(outcome.chosen) best \(outcome.best) regret \(outcome.regret) \(outcome.why)")
      }
    }
    if CommandLine.arguments.contains("--open") {
      for outcome in run.outcomes where !outcome.isConclusive {
        print(
          "\(outcome.seed)/\(outcome.index) ×\(outcome.toBreakEven) \(outcome.chosen) best \(outcome.best) \(outcome.regret) \(outcome.why)"
        )
      }
    }
    print("\(run.outcomes.count) owners in \((Date().timeIntervalSince(started) * 10).rounded() / 10) s")
    if CommandLine.arguments.contains("--gate"), !run.isAsPromised { exit(99) }
  }
}
