import Evidence
import Foundation
import Statistics
import Terminal
import TestSupport
import Testing

@testable import BenchComparison

struct RunComparisonTests {
  private let base: [Double] = [100, 103, 98, 101, 99, 102]

  private func outcome(_ head: [Double], base: [Double]? = nil) throws -> ComparisonReport {
    try RunComparison().compare(
      KeptRuns.set("base", p95s: base ?? self.base), KeptRuns.set("head", p95s: head))
  }

  @Test(
    "what the runs say is what is said",
    arguments: [
      ([115, 118, 113, 116, 114, 117], ComparisonReport.Outcome.regressed, Terminal.ExitStatus.notMet),
      ([85, 88, 83, 86, 84, 87], .improved, .pass), ([100, 102, 99, 101, 98, 103], .equivalent, .pass),
      ([70, 130, 90, 160, 100, 120], .undecided, .noData),
    ] as [([Double], ComparisonReport.Outcome, Terminal.ExitStatus)])
  func outcomes(head: [Double], expected: ComparisonReport.Outcome, status: Terminal.ExitStatus) throws {
    let report = try outcome(head)
    let figure = try #require(report.figures.first)
    #expect(figure.outcome == expected, "\(figure)")
    #expect(RunComparison.exitStatus(of: report.outcome) == status)
  }

  @Test("a difference that is sure and less than counts is none that counts")
  func small() throws {
    let report = try outcome([102.1, 102, 102.2, 101.9, 102.3, 102], base: [100, 100.1, 99.9, 100.2, 99.8, 100])
    #expect(report.figures.first?.chance ?? 1 < 0.01)
    #expect(report.figures.first?.outcome == .equivalent)
  }

  @Test("four runs a side decide nothing, and it is said how many would")
  func tooFew() throws {
    let report = try outcome([200, 201, 202, 203], base: [100, 101, 102, 103])
    #expect(report.outcome == .undecided)
    #expect(report.exitCode == 98)
    #expect(report.figures.first?.reason?.hasPrefix("4 runs of a side: at least 5 of each are needed") == true)
    // Two figures together take no more than five; seven take six.
    #expect(RunComparison.runsNeeded(level: 0.05 / 2) == 5)
    #expect(RunComparison.runsNeeded(level: 0.05 / 7) == 6)
  }

  @Test("a service that never answered is worse than any that did")
  func unanswered() throws {
    let dead = KeptRuns.set("head", (0..<6).map { _ in KeptRuns.report(p95: nil, failed: 1_000) })
    let report = try RunComparison().compare(KeptRuns.set("base", p95s: base), dead)
    #expect(report.outcome == .regressed)
    #expect(report.figures.first?.head == nil)
    #expect(report.figures.first?.change == nil)
    // And two dead ones are nothing to be told apart by.
    let other = KeptRuns.set("base", (0..<6).map { _ in KeptRuns.report(p95: nil, failed: 1_000) })
    #expect(try RunComparison().compare(other, dead).outcome == .undecided)
  }

  @Test("failures that were none before are a regression, half a point of them")
  func failures() throws {
    let healthy = KeptRuns.set("base", (0..<6).map { KeptRuns.report(p95: 100 + Double($0)) })
    let failing = KeptRuns.set(
      "head", (0..<6).map { KeptRuns.report(p95: 100 + Double($0), failed: 9 + UInt64($0)) })
    let report = try RunComparison().compare(healthy, failing)
    #expect(report.figures.map(\.name) == ["response_time p(95)", "failed rate"])
    #expect(report.figures.map(\.outcome) == [.equivalent, .regressed])
    #expect(report.outcome == .regressed)
  }

  @Test("a service that fails at once is no faster one, whatever its budgets are about")
  func fast() throws {
    let budget = "response_time: p(95) < 300ms"
    let healthy = KeptRuns.set("base", (0..<6).map { KeptRuns.report(p95: 60 + Double($0), budget: budget) })
    let failing = KeptRuns.set(
      "head", (0..<6).map { KeptRuns.report(p95: 5 + Double($0), failed: 1_000, budget: budget) })
    let report = try RunComparison().compare(healthy, failing)
    #expect(report.figures.map(\.outcome) == [.improved, .regressed])
    #expect(report.outcome == .regressed)
  }

  @Test("a step that is not asked any more is a figure that nobody can judge", arguments: [true, false])
  func gone(isFromHead: Bool) throws {
    let both = KeptRuns.set("base", base.map { KeptRuns.report(p95: $0, steps: ["home": $0, "pay": $0]) })
    let one = KeptRuns.set("head", base.map { KeptRuns.report(p95: $0, steps: ["home": $0, "other": $0]) })
    let report = try isFromHead ? RunComparison().compare(both, one) : RunComparison().compare(one, both)
    let figure = try #require(report.figures.first { $0.name.contains("pay") })
    #expect(figure.outcome == .undecided)
    #expect(
      figure.reason
        == "no sample in \(isFromHead ? 0 : 6) runs of the base and in \(isFromHead ? 6 : 0) runs of the head")
    #expect(report.outcome == .undecided)
  }

  @Test("a service that dies in one run of six is not what it was")
  func outbreak() throws {
    let head = base.enumerated().map { place, p95 in
      place == 2 ? KeptRuns.report(p95: nil, failed: 1_000) : KeptRuns.report(p95: p95)
    }
    let report = try RunComparison().compare(KeptRuns.set("base", p95s: base), KeptRuns.set("head", head))
    #expect(report.outcome == .undecided)
    #expect(report.figures.allSatisfy { $0.reason?.hasPrefix("1 of 6 runs of the head far worse") == true })
  }

  @Test(
    "what is better is what the author asks for",
    arguments: [("requests: rate > 100/s", ComparisonReport.Outcome.improved), ("requests: rate < 200/s", .regressed)])
  func direction(budget: String, expected: ComparisonReport.Outcome) throws {
    let slow = KeptRuns.set("base", (0..<6).map { KeptRuns.report(p95: 100 + Double($0), budget: budget) })
    let fast = KeptRuns.set("head", (0..<6).map { KeptRuns.report(p95: 190 + Double($0), budget: budget) })
    #expect(try RunComparison().compare(slow, fast).figures.first?.outcome == expected)
  }

  @Test("an effect is as large down as up")
  func symmetric() throws {
    let report = try outcome([95.21, 95.2, 95.22, 95.19, 95.2, 95.2], base: [100, 100.1, 99.9, 100, 100, 100.05])
    #expect(report.figures.first?.outcome == .equivalent, "−4.8 % is less than 5 %")
  }

  @Test("the author's budgets are compared whatever their limits, else the steps")
  func figures() throws {
    let one = KeptRuns.report(p95: 1, budget: "response_time{step:a}: p(95) < 300ms")
    let two = KeptRuns.report(p95: 1, budget: "response_time{step:a}: p(95) < 500ms abort after 10s")
    #expect(ComparedFigure.all(in: [one]) == ComparedFigure.all(in: [two]))
    #expect(ComparedFigure.all(in: [one]).map(\.name) == ["response_time{step:a} p(95)", "failed rate"])
    // The worst window is another figure than the whole run's.
    let windowed = KeptRuns.report(p95: 1, budget: "response_time: p(95) < 500ms over 10s")
    var warning = windowed
    warning.budgets[0].level = .warn
    #expect(ComparedFigure.all(in: [warning]).map(\.name) == ["response_time p(95)", "failed rate"])
    #expect(ComparedFigure.all(in: [windowed]).first?.name == "response_time p(95) over 10s")
    let steps = KeptRuns.report(p95: 5, steps: ["a": 1, "b": 2])
    #expect(
      ComparedFigure.all(in: [steps]).map(\.name) == [
        "response_time p(95)", "response_time{step:a} p(95)", "response_time{step:b} p(95)", "failed rate",
      ])
    #expect(ComparedFigure(source: .responseTime(step: "b")).value(in: steps)?.number == 2)
  }

  @Test(
    "reports of different things are refused, and other machines warned of",
    arguments: [
      (KeptRuns.report(p95: 1, scenario: "other"), "other scenarios"),
      (KeptRuns.report(p95: 1, users: 20), "another load"),
    ])
  func refused(report: BenchReport, expected: String) {
    let error = #expect(throws: CommandFailure.self) {
      try RunComparison().compare(KeptRuns.set("base", p95s: base), KeptRuns.set("head", [report]))
    }
    #expect(error?.exitStatus == .badData)
    #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
  }

  @Test("a copy of a run is no further run, on one side or on both")
  func copies() throws {
    let runs = KeptRuns.set("base", p95s: base)
    #expect(throws: CommandFailure.self) { try RunComparison().compare(runs, runs) }
    let copied = ReportSet(
      source: "head", reports: (0..<6).map { ("\($0)", KeptRuns.report(p95: 150, startedAt: 90_000)) })
    let error = #expect(throws: CommandFailure.self) { try RunComparison().compare(runs, copied) }
    #expect(error?.message.contains("twice") == true)
  }

  @Test("a base that was measured after what it is to be the base of is asked about")
  func order() throws {
    let later = KeptRuns.set("head", p95s: [100, 101, 102, 99, 100, 101])
    let earlier = KeptRuns.set("base", p95s: [100, 101, 102, 99, 100, 101])
    func warned(_ base: ReportSet, _ head: ReportSet) throws -> Bool {
      try RunComparison().compare(base, head).warnings.contains { $0.contains("is it the base?") }
    }
    #expect(try warned(later, earlier))
    #expect(try !warned(earlier, later))
  }

  @Test("another machine and a changed file are warned of")
  func warnings() throws {
    let head = KeptRuns.set("head", base.map { KeptRuns.report(p95: $0, cores: 8, digest: "b") })
    let report = try RunComparison().compare(KeptRuns.set("base", p95s: base), head)
    #expect(report.warnings.count == 2)
    #expect(report.warnings.first?.contains("other machines") == true)
  }

  @Test("nobody pays for a figure that is the same in every run")
  func constant() throws {
    func judged(_ others: Int, _ values: [Double]) -> ComparisonReport.Outcome? {
      let other = RunComparison.Series(
        name: "other", unit: .ratio, base: Array(values.prefix(5)), head: Array(values.suffix(5)))
      let slower = RunComparison.Series(
        name: "slower", unit: .milliseconds, base: [100, 101, 102, 103, 104], head: [200, 201, 202, 203, 204])
      return RunComparison().judge([slower] + Array(repeating: other, count: others)).first?.outcome
    }
    #expect(judged(20, Array(repeating: 0, count: 10)) == .regressed)
    #expect(judged(20, (0..<10).map { Double($0) / 100 }) == .undecided)
  }

  /// Source: S. Holm's own procedure: the smallest against level / m, the next against level / (m − 1), until one fails.
  @Test("figures that are looked at together pay for it")
  func holm() {
    #expect(RunComparison.holm([0.01, 0.04, 0.03], level: 0.05) == [true, false, false])
    #expect(RunComparison.holm([0.01, 0.02, 0.03], level: 0.05) == [true, true, true])
    #expect(RunComparison.holm([0.02, 0.02], level: 0.03) == [false, false])
    #expect(RunComparison.holm([], level: 0.05) == [])
  }

  @Test("equal services are called different no more often than promised")
  func falseAlarms() throws {
    var generator = SeededGenerator(seed: 3)
    func runs() -> [Double] {
      (0..<6).map { _ in
        let noise = (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
        return 100 * exp(0.1 * noise)
      }
    }
    let comparisons = 400
    let alarms = (0..<comparisons).count { _ in
      let figure = RunComparison().judge([.init(name: "f", unit: .milliseconds, base: runs(), head: runs())])
      return figure.contains { $0.outcome == .regressed || $0.outcome == .improved }
    }
    #expect(Double(alarms) / Double(comparisons) <= 0.05 + 3 * (0.05 * 0.95 / Double(comparisons)).squareRoot())
  }

  @Test("the report is whole when it is read again, and Markdown lets no name out of its cell")
  func output() throws {
    let hostile = base.map { KeptRuns.report(p95: $0, steps: ["a|b<img src=x>\n": $0, "c @all http://x WWW.x": $0]) }
    let report = try RunComparison().compare(KeptRuns.set("base", hostile), KeptRuns.set("head", hostile))
    #expect(try EvidenceFile.decode(ComparisonReport.self, from: EvidenceFile.encode(report)) == report)
    let markdown = ComparisonText(report).markdown
    #expect(!markdown.replacing("\\<", with: "").contains("<"), "\(markdown)")
    let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
    for link in ["@all", "http://", "WWW."] { #expect(!markdown.contains(link), "\(markdown)") }
    #expect(rows.allSatisfy { $0.replacing("\\|", with: "").count { $0 == "|" } == 6 }, "\(markdown)")
    #expect(ComparisonText(report).lines(style: .plain).allSatisfy { $0.count <= 80 })
  }
}
