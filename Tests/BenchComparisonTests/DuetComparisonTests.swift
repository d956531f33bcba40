import Evidence
import Foundation
import Terminal
import Testing

@testable import BenchComparison

struct DuetComparisonTests {
  private let base: [Double] = [100, 140, 98, 101, 180, 102, 99, 103, 120, 97, 101, 100]
  private let calm = (
    base: [Double](repeating: 0.1, count: 12),
    head: [0.101, 0.1, 0.099, 0.1, 0.102, 0.1, 0.1, 0.098, 0.1, 0.1, 0.1, 0.1]
  )

  private func compare(
    _ base: [BenchReport], _ head: [BenchReport], control: (base: [Double], head: [Double])? = nil, busy: Double? = 0.2
  ) throws -> ComparisonReport {
    try DuetComparison(.init(level: DuetComparison.level))
      .compare(
        KeptRuns.set("base", base), KeptRuns.set("head", head), control: control ?? calm, blockSeconds: 3,
        warmUpSeconds: 1, secondsPerBlock: 5, startsAnew: true, busy: busy)
  }

  private func compare(_ base: [Double], _ head: [Double], busy: Double? = 0.2) throws -> ComparisonReport {
    try compare(base.map { KeptRuns.report(p95: $0) }, head.map { KeptRuns.report(p95: $0) }, busy: busy)
  }

  @Test(
    "a block's noise is both sides', and only what differs in the blocks is a difference",
    arguments: [
      (1.1, ComparisonReport.Outcome.regressed, Terminal.ExitStatus.notMet), (0.9, .improved, .pass),
      (1.001, .equivalent, .pass), (1.03, .equivalent, .pass),
    ] as [(Double, ComparisonReport.Outcome, Terminal.ExitStatus)])
  func outcomes(slower: Double, expected: ComparisonReport.Outcome, status: Terminal.ExitStatus) throws {
    let wobble = [1.001, 0.999, 1.002, 1, 0.998, 1.001]
    let report = try compare(base, base.enumerated().map { $1 * slower * wobble[$0 % 6] })
    #expect(report.figures.first?.outcome == expected)
    #expect(report.exitCode == Int(status.rawValue))
    #expect(report.duet?.control.outcome == .equivalent)
    // Not at once, the same figures say nothing: one run of the base took twice as long as another.
    let apart = try RunComparison().compare(
      KeptRuns.set("base", p95s: base), KeptRuns.set("head", p95s: base.map { $0 * slower }))
    #expect(apart.outcome != .regressed || slower > 1.05)
  }

  @Test("too few blocks decide nothing, however far the sides lie apart, and it is said how many would")
  func tooFew() throws {
    let seven = Array(base.prefix(7))
    let report = try compare(seven, seven.map { $0 * 3 })
    #expect(report.outcome == .undecided)
    #expect(report.figures.first?.reason == "7 blocks: at least 8 are needed")
    let eight = Array(base.prefix(8))
    #expect(try compare(eight, eight.map { $0 * 3 }).outcome == .regressed)
  }

  @Test("what is not sure says about how many blocks would make it so")
  func needed() throws {
    let head = zip(base, [1.12, 0.9, 1.1, 0.93, 1.08, 0.95, 1.1, 0.92, 1.05, 0.94, 1.09, 0.95]).map { $0 * $1 }
    let figure = try #require(try compare(base, head).figures.first)
    #expect(figure.outcome == .undecided)
    let reason = try #require(figure.reason)
    let match = try #require(try /about (\d+) blocks would tell/.firstMatch(in: reason), "\(reason)")
    let blocks = try #require(Int(match.1))
    #expect((13...80).contains(blocks))
  }

  @Test("a head that answers nothing has regressed; two that don't are no data")
  func dead() throws {
    let alive = base.map { KeptRuns.report(p95: $0) }
    let dead = base.map { _ in
      var report = KeptRuns.report(p95: nil, failed: 1_000)
      report.verdict = VerdictFigures(outcome: .neverAnswered, exitCode: 96)
      return report
    }
    let report = try compare(alive, dead)
    #expect(report.outcome == .regressed)
    #expect(report.figures.first?.change == nil)
    #expect(throws: CommandFailure.self) { try compare(dead, dead) }
  }

  @Test("failures in every block are a regression; in one block of twelve they are looked at")
  func failures() throws {
    let healthy = base.map { KeptRuns.report(p95: $0) }
    let failing = base.enumerated().map { KeptRuns.report(p95: $1, failed: 9 + UInt64($0)) }
    #expect(try compare(healthy, failing).outcome == .regressed)
    let sometimes = base.enumerated().map { KeptRuns.report(p95: $1, failed: $0 == 5 ? 400 : 0) }
    let report = try compare(healthy, sometimes)
    #expect(report.outcome == .undecided)
    let reason = report.figures.last?.reason ?? "none"
    #expect(reason.contains("1 of 12 blocks of the head far worse"), "\(reason)")
  }

  @Test("two sides that fail alike are not equivalent, at once or apart")
  func failing() throws {
    func broken(_ p95: Double) -> BenchReport { KeptRuns.report(p95: p95, failed: 990) }
    let report = try compare(base.map(broken), base.map(broken))
    #expect(report.outcome == .undecided)
    #expect(report.exitCode == 98)
    #expect(report.warnings.contains { $0.hasPrefix("most requests failed on both sides") })
    let apart = try RunComparison().compare(
      KeptRuns.set("base", (0..<6).map { broken(100 + Double($0) / 10) }),
      KeptRuns.set("head", (0..<6).map { broken(100.05 + Double($0) / 10) }))
    #expect(apart.outcome == .undecided)
    // Who alone fails has regressed, and who alone works has improved.
    let healthy = base.map { KeptRuns.report(p95: $0) }
    #expect(try compare(healthy, base.map(broken)).outcome == .regressed)
    #expect(try compare(base.map(broken), healthy).outcome == .improved)
  }

  @Test("a busy machine can't show that sides are equal, and still shows that one is slower")
  func busy() throws {
    #expect(try compare(base, base, busy: 0.6).outcome == .undecided)
    #expect(try compare(base, base.map { $0 * 1.2 }, busy: 0.6).outcome == .regressed)
    #expect(try compare(base, base, busy: nil).outcome == .equivalent)
  }

  @Test("where a server that does nothing was slower on one side, nothing is said of the services")
  func control() throws {
    let slower = (base: calm.base, head: calm.base.map { $0 * 1.6 })
    let reports = base.map { KeptRuns.report(p95: $0) }
    let report = try compare(reports, base.map { KeptRuns.report(p95: $0 * 1.6) }, control: slower)
    #expect(report.outcome == .undecided)
    #expect(report.exitCode == 98)
    #expect(report.warnings.contains { $0.contains("did not treat both alike") })
  }

  @Test("a generator that could not keep up leaves nothing to be said")
  func generator() throws {
    let reports = base.map { KeptRuns.report(p95: $0) }
    var bound = base.map { KeptRuns.report(p95: $0 * 2) }
    bound[3].verdict = VerdictFigures(outcome: .generatorBound, exitCode: 97)
    #expect(try compare(reports, bound).outcome == .undecided)
  }

  @Test("blocks with too few samples of a quantile say no good word by it, and a bad one still")
  func samples() throws {
    func thin(_ p95: Double) -> BenchReport {
      var report = KeptRuns.report(p95: p95)
      report.totals.responseTime.count = 150
      return report
    }
    for factor in [1, 0.5] {
      let report = try compare(base.map(thin), base.map { thin($0 * factor) })
      #expect(report.outcome == .undecided)
      #expect(report.figures.first?.reason?.contains("a block had 150 samples of it: it takes 200") == true)
    }
    // Users who wait for a slow head ask it for little.
    #expect(try compare(base.map(thin), base.map { thin($0 * 2) }).outcome == .regressed)
    // And a longer block is asked for beforehand.
    #expect(DuetComparison.steadySeconds(thin(100)) == 40)
  }

  @Test("a head that ceases to answer has regressed, whatever its blocks still hold")
  func ceasing() throws {
    func gone() -> BenchReport {
      var report = KeptRuns.report(p95: nil)
      report.totals.responseTime.count = 0
      report.totals.responseTime.unansweredQuantiles = []
      report.totals.requests.attempts = 0
      report.verdict = VerdictFigures(outcome: .neverAnswered, exitCode: 96)
      return report
    }
    let alive = base.map { KeptRuns.report(p95: $0) }
    func head(_ dead: Int) -> [BenchReport] { base.indices.map { $0 >= base.count - dead ? gone() : alive[$0] } }
    #expect(try compare(alive, head(9)).outcome == .regressed)
    // One block of twelve is looked at, and is no green.
    #expect(try compare(alive, head(1)).outcome == .undecided)
    let apart = try RunComparison().compare(KeptRuns.set("base", alive), KeptRuns.set("head", head(9)))
    #expect(apart.outcome == .regressed)
  }

  @Test("all figures pay for being looked at together, but not for those that never move")
  func together() throws {
    let eight = Array(base.prefix(8))
    func reports(_ factor: Double, steps: Bool) -> [BenchReport] {
      eight.map {
        KeptRuns.report(p95: $0 * factor, steps: steps ? ["a": $0 * factor, "b": $0 * factor] : [:])
      }
    }
    #expect(try compare(reports(1, steps: false), reports(2, steps: false)).outcome == .regressed)
    let three = try compare(reports(1, steps: true), reports(2, steps: true))
    #expect(three.figures.first?.reason == "8 blocks: at least 10 are needed for 3 figures together")
  }

  @Test("what a gate finds in a time shrinks with the root of it, and is never less than what counts")
  func findable() throws {
    let head = zip(base, [1.1, 0.9, 1.08, 0.93, 1.05, 0.95, 1.1, 0.92, 1.05, 0.94, 1.09, 0.95]).map { $0 * $1 }
    let report = try compare(base, head)
    let findable = try #require(report.duet?.findable.filter { $0.figure == "response_time p(95)" })
    #expect(findable.map(\.seconds) == [60, 120, 300, 600, 1_200])
    #expect(findable.map(\.blocks) == [12, 24, 60, 120, 200])
    #expect(zip(findable, findable.dropFirst()).allSatisfy { $0.effect > $1.effect && $1.effect > 0.05 })
    // Blocks that lie 8 % apart: (2.58 + 1.28) × 0.08 / √12 is 9 %; with few the interval is wider than the normal one.
    #expect((0.09...0.16).contains(findable[0].effect), "\(findable[0])")
  }

  @Test("annotations can't be ended, nor others begun, by what a scenario is called")
  func annotations() throws {
    func hostile(_ p95: Double) -> BenchReport { KeptRuns.report(p95: p95, scenario: "a,b: c\n::error::x 100%") }
    let report = try compare(base.map { hostile($0) }, base.map { hostile($0 * 2) })
    let lines = ComparisonText(report).annotations
    #expect(lines.count == 1)
    #expect(lines.allSatisfy { !$0.contains("\n") })
    #expect(lines.first?.hasPrefix("::error title=REGRESSED a%2Cb%3A c") == true, "\(lines)")
    #expect(lines.first?.contains("100%25") == true)
  }
}
