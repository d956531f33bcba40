import BenchEngine
import Evidence
import Foundation
import Measures
import Terminal
import TestSupport
import Testing

@testable import BenchReporting

@Suite struct ConsoleSummaryTests {
  private static let paths = ["report.json", "junit.xml", "latency.hlog"].map { "out/bench/campus-morning/\($0)" }

  @Test("each outcome reads as recorded, within 100 columns and one screen", arguments: SampleRun.all.map(\.name))
  func goldens(name: String) throws {
    let run = try #require(SampleRun.all.first { $0.name == name }?.run)
    let lines = ConsoleSummary.render(try run.report(), paths: Self.paths, style: .plain)
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(lines.count <= 40)
    try Golden.expect(lines.map { $0 + "\n" }.joined(), equals: "summary-\(name).txt")
  }

  @Test("colour adds escape codes and nothing else", arguments: SampleRun.all.map(\.name))
  func colour(name: String) throws {
    let run = try #require(SampleRun.all.first { $0.name == name }?.run)
    let report = try run.report()
    let plain = ConsoleSummary.render(report, paths: Self.paths, style: .plain)
    let coloured = ConsoleSummary.render(report, paths: Self.paths, style: .coloured)
    #expect(coloured != plain)
    #expect(coloured.map { $0.replacing(/\u{1B}\[[0-9;]*m/, with: "") } == plain)
    #expect(plain.allSatisfy { !$0.contains("\u{1B}") })
  }

  @Test("what was sent anew is said, and nothing where nothing was", arguments: [0, 1, 3])
  func sentAnew(count: UInt64) throws {
    var run = SampleRun.pass
    run.result.connections.retried = count
    let lines = ConsoleSummary.render(try run.report(), paths: [], style: .plain)
    let said = lines.filter { $0.contains("sent anew") }
    let requests = count == 1 ? "1 request" : "\(count) requests"
    #expect(said == (count == 0 ? [] : ["  sent anew  \(requests) on kept connections that closed idle"]))
  }

  @Test("a failed budget names its step and figure on its line")
  func failedBudget() throws {
    let lines = ConsoleSummary.render(try SampleRun.fail.report(), paths: [], style: .plain)
    let line = try #require(lines.first { $0.contains("{step:schedules}") })
    #expect(line.hasPrefix("  ✗ response_time{step:schedules}: p(95) < 300 ms"))
    #expect(line.hasSuffix("was 512 ms (1,204 samples)"))
  }

  @Test("a failed budget over all steps names the worst one")
  func worstStep() throws {
    let report = try SampleRun.fail.report()
    #expect(report.budgets[0].worstStep?.name == "schedules")
    #expect(report.budgets[1].worstStep == nil)
    let unanswered = try SampleRun.neverAnswered.report()
    #expect(unanswered.budgets[0].worstStep == .init(name: "health", observed: nil))
  }

  @Test("a figure below twice the floor is marked as this host's own, one above is not")
  func floor() throws {
    let near = try SampleRun.nearFloor.report()
    // 0.15…0.50 ms around 0.35 ms; the floor has no p75, p90 and p99.9.
    #expect(near.totals.responseTime.p95.map { $0 > 0.34 } == true)
    #expect(near.generator.floor?.near == [.p50])
    var run = SampleRun.pass
    run.context.calibration = SampleRun.nearFloor.context.calibration
    #expect(try run.report().generator.floor?.near == [])
    #expect(try SampleRun.pass.report().generator.floor == nil)
  }

  @Test("arrivals that never began are counted by reason")
  func dropped() throws {
    var run = SampleRun.fail
    run.result.iterations.scheduled += 9
    run.result.iterations.dropped = 9
    run.result.iterations.droppedByOverflow = 7
    let report = try run.report()
    #expect(report.iterations.droppedByOverflow == 7)
    let text = ConsoleSummary.render(report, paths: [], style: .plain).joined(separator: "\n")
    #expect(text.contains("  dropped    9 of "))
    #expect(text.contains(": 7 found every place taken, 2 still waited at the end"))
  }

  @Test("why a run took longer than asked is said: answers under way, the grace that ran out, or a stop")
  func overtime() throws {
    var run = SampleRun.pass
    func lines() throws -> [String] {
      ConsoleSummary.render(try run.report(), paths: [], style: .plain).filter { $0.contains("finishing") }
    }
    #expect(try lines() == [])
    run.result.elapsedNanoseconds = 74_000_000_000
    #expect(try lines() == ["  finishing  4.00 s beyond the 70.0 s planned: answers under way"])
    run.plan.gracefulStop = .seconds(10)
    run.result.elapsedNanoseconds = 80_004_000_000
    let grace = try #require(try lines().first)
    #expect(grace.contains("answers under way, until the grace of ") && grace.hasSuffix(" ran out"))
    run = SampleRun.phased
    #expect(try lines() == [])
    run.result.phases[1].elapsedNanoseconds = 62_500_000_000
    #expect(
      try lines() == ["  finishing  2.50 s beyond the 60.0 s planned of phase herd: stopping"])
  }

  @Test("a run that made no request has no table of noughts")
  func noTable() throws {
    var run = SampleRun.neverAnswered
    run.result.steps = run.plan.steps.map { _ in StepMeasure(checks: 2) }
    run.seconds = []
    run.result.elapsedNanoseconds = 0
    let lines = ConsoleSummary.render(try run.report(), paths: [], style: .plain)
    #expect(lines[0].hasPrefix("NEVER ANSWERED"))
    #expect(lines.contains("  no request of the load was made"))
    #expect(!lines.contains { $0.hasPrefix("  step ") } && !lines.joined().contains("0 ns"))
    #expect(lines.contains { $0.hasPrefix("  120 users · 0 s") })
  }

  @Test(
    "arrivals are constant where there is one rate; a ramp and a staircase are told by their stages",
    arguments: [
      ([(30, 50, true)], "open: constant arrivals, 50/s for 30.0 s"),
      ([(10, 50, false), (20, 50, false)], "open: arrivals, 0 to 50/s in 10.0 s, 50/s for 20.0 s"),
      ([(10, 50, false)], "open: arrivals, 0 to 50/s in 10.0 s"),
      ([(10, 50, true), (10, 80, true)], "open: arrivals, 50/s for 10.0 s, 80/s for 10.0 s"),
      ([(0, 5, true), (10, 5, false)], "open: constant arrivals, 5/s for 10.0 s"),
      ([(0, 5, true), (10, 50, false)], "open: arrivals, 5 to 50/s in 10.0 s"),
    ] as [([(Double, Double, Bool)], String)])
  func arrivals(stages: [(Double, Double, Bool)], expected: String) {
    var model = ScenarioSummary.Model(
      kind: .rate, stages: stages.map { .init(durationSeconds: $0.0, target: $0.1, isStep: $0.2) })
    model.arrivals = .even
    #expect(ModelText.line(model, seed: 1, thinkTimes: nil) == expected + " · seed 1")
    model.arrivals = .poisson
    #expect(ModelText.line(model, seed: 1, thinkTimes: nil).hasPrefix("open: Poisson arrivals, "))
  }

  @Test("nothing is said twice: not a budget among the reasons, not a reason among the warnings")
  func repetition() throws {
    var run = SampleRun.generatorBound
    run.context.verdict.reasons = run.context.generatorWarnings + ["failed: rate < 1 %: was 0 %"]
    let text = ConsoleSummary.render(try run.report(), paths: [], style: .plain).joined(separator: "\n")
    #expect(text.ranges(of: "schedule lag p99 79.6 ms").count == 1)
    #expect(text.ranges(of: "failed: rate < 1 %").count == 1)
  }

  @Test("long names, hostile text and a hundred kinds of trouble stay within the screen")
  func hostile() throws {
    var run = SampleRun.fail
    let nasty = "\u{1B}]0;owned\u{7}" + String(repeating: "wide\u{202E} ", count: 60)
    run.context.scenarioName = nasty
    run.context.target = "http://" + String(repeating: "a", count: 300)
    run.context.budgets[0].text = nasty
    run.context.budgets[0].warning = nasty
    run.context.generatorWarnings = Array(repeating: nasty, count: 50)
    for index in run.plan.steps.indices {
      run.plan.steps[index].name = "\(index)" + nasty
      for status in 100..<500 { run.result.steps[index].statuses[status] = UInt64(status) }
      run.result.steps[index].failures = [.dns: 12_345_678_901_234, .reset: 1, .tls: 2, .write: 3]
    }
    let lines = ConsoleSummary.render(
      try run.report(), paths: [String(repeating: "p", count: 40) + "/a.json"], style: .plain)
    #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines.max { $0.count < $1.count } ?? "")")
    #expect(lines.count <= 80)
    #expect(!lines.joined().unicodeScalars.contains { $0.value < 32 || $0.value == 0x202E })
  }

  @Test(
    "colour is for terminals without NO_COLOR",
    arguments: [
      (true, [:], .coloured), (false, [:], .plain), (true, ["NO_COLOR": "1"], .plain),
      (true, ["NO_COLOR": ""], .coloured), (true, ["TERM": "dumb"], .plain),
    ] as [(Bool, [String: String], ConsoleStyle)])
  func style(isTerminal: Bool, environment: [String: String], expected: ConsoleStyle) {
    #expect(ConsoleStyle.detect(isTerminal: isTerminal, environment: environment) == expected)
  }
}
