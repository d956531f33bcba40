import Foundation
import Plans

/// `RegretBenchmark FIRST-SEED LAST-SEED [OWNERS] [--groups] [--wrong] [--open] [--uncovered] [--gate]`: prints the table;
/// 200 owners a seed. `--gate` ends with 99 when the figures are not what `docs/decision.md` promises.
@main
struct RegretBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    let numbers = arguments.compactMap { UInt64($0) }
    guard numbers.count >= 2, numbers[0] <= numbers[1], let catalogue = try Catalogue.bundled("render-2026-10") else {
      print("usage: RegretBenchmark FIRST-SEED LAST-SEED [OWNERS] [--groups] [--wrong] [--open] [--uncovered] [--gate]")
      exit(64)
    }
    let owners = numbers.count > 2 ? Int(numbers[2]) : 200
    let started = Date()
    let run = RegretRun(seeds: numbers[0]...numbers[1], owners: owners, catalogue: catalogue)
    let table = RegretTable(name: "\(numbers[0])–\(numbers[1])", run: run)
    print(table.text)
    if arguments.contains("--groups") { print("\n\(table.groups)") }
    let list = OutcomeList(run)
    if arguments.contains("--wrong") { print("\n\(list.wrong)") }
    if arguments.contains("--open") { print("\n\(list.open)") }
    if arguments.contains("--uncovered") { print("\n\(list.uncovered)") }
    print("\n\(run.outcomes.count) owners in \((Date().timeIntervalSince(started) * 10).rounded() / 10) s")
    guard arguments.contains("--gate") else { return }
    let gate = RegretGate(run)
    for promise in gate.promises { print("\(promise.isKept ? "ok  " : "FAIL") \(promise.text): \(promise.found)") }
    if !gate.isKept { exit(99) }
  }
}
