import BenchVerdict
import Foundation

/// `SilenceBenchmark RUNS [FIRST-SEED] [--gate]`: healthy services in virtual time, and how many of their runs the
/// default budgets call red. `--gate` ends with 99 above one in a thousand.
@main
struct SilenceBenchmark {
  static let users = [1, 10, 100]
  static let rates = [20.0, 200]
  static let medians = [0.001, 0.005, 0.02, 0.05, 0.2, 0.8, 3]
  static let tails: [SimulatedService.Tail] = [.logNormal(0.3), .logNormal(0.8), .pareto(3)]
  static let promised = 0.001

  static func main() {
    let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
    guard let runs = numbers.first, runs > 0 else {
      print("usage: SilenceBenchmark RUNS [FIRST-SEED] [--gate]")
      exit(64)
    }
    var seed = numbers.count > 1 ? numbers[1] : 1
    let loads: [SimulatedRun.Load] =
      users.flatMap { [.users($0, think: 0), .users($0, think: 1)] } + rates.map { .rate($0, maxInFlight: 1_000) }
    let settings = loads.flatMap { load in medians.flatMap { median in tails.map { (load, median, $0) } } }
    let each = max(1, (Int(runs) + settings.count - 1) / settings.count)
    var red = 0
    var total = 0
    print("healthy services, \(each) runs of each of \(settings.count) settings")
    for (load, median, tail) in settings {
      var found: [String] = []
      for _ in 0..<each {
        let run = SimulatedRun(
          load: load, service: .init(median: median, tail: tail), duration: median < 0.05 ? 6 : 20, seed: seed)
        seed += 1
        total += 1
        let broken = run.verdicts().filter { $0.outcome == .notMet }
        if !broken.isEmpty {
          found.append(broken.map { "\($0.budget.text) was \($0.observedText)" }.joined(separator: ", "))
        }
      }
      red += found.count
      if let first = found.first {
        print("  \(load), median \(median) s, \(tail): \(found.count) of \(each) red, such as \(first)")
      }
    }
    let share = Double(red) / Double(total)
    print("\(red) of \(total) healthy runs were red: \((share * 100_000).rounded() / 1_000) %")
    if CommandLine.arguments.contains("--gate"), share > promised { exit(99) }
  }
}
