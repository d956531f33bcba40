import Evidence
import Foundation
import Terminal
import TestSupport
import Testing

@testable import BenchCapacity

@Suite struct CapacityReportTests {
  static var report: CapacityReport {
    CapacityReport(
      startedAt: UTCInstant(Date(timeIntervalSince1970: 1_764_086_400)), durationSeconds: 161.2,
      outgrown: .init(version: "0.1.0", commit: nil),
      machine: Machine(cores: 2, cpuModel: "Example CPU", memoryBytes: 8 << 30, kernel: "6.1.0"),
      scenario: ScenarioSummary(
        name: "campus-morning", fileSHA256: nil, target: "http://127.0.0.1:8000",
        model: .init(kind: .rate, stages: [.init(durationSeconds: 7, target: 5_000, isStep: true)], maxInFlight: 1_000),
        seed: 1, warmUpSeconds: 1, gracefulStopSeconds: 2),
      unit: .arrivalsPerSecond, requestsPerIteration: 1.25,
      rule: .init(
        trialSeconds: 6, warmUpSeconds: 1, rounds: 3, step: 1.03, highest: 5_000, maxSeconds: 300, seed: 4_711),
      outcome: .found, capacity: .init(value: 412, lower: 400, upper: 437),
      reason: "at 424/s response_time: p(95) < 300ms was 812 ms",
      loads: [
        .init(load: 400, tried: 3, held: 3, fitted: 1, p95Milliseconds: 31),
        .init(load: 412, tried: 3, held: 2, fitted: 2 / 3, p95Milliseconds: 44),
        .init(load: 424, tried: 3, held: 1, fitted: 1 / 3, p95Milliseconds: 812),
        .init(load: 437, tried: 3, held: 0, fitted: 0, p95Milliseconds: nil),
      ],
      trials: [
        .init(
          load: 20, stage: .look, outcome: .held, broken: [], p95Milliseconds: 3, failedShare: 0, measuredSeconds: 2),
        .init(
          load: 437, stage: .confirm, outcome: .broke, broken: ["failed: rate < 1% was 8 %"], p95Milliseconds: nil,
          failedShare: 0.08, measuredSeconds: 2.5),
      ], warnings: ["pauses are left out"], exitCode: 0)
  }

  @Test(
    "a report with one part changed is judged alike by schema and decoder",
    .enabled(if: SchemaCorpus.python != nil, "needs python3 with PyPI jsonschema"))
  func mutations() throws {
    let newer: [String: any Sendable] = ["name": "outgrown-capacity", "version": 2]
    // That the answer lies within its interval, and that no more held than were tried, only the decoder can tell.
    let places =
      ["capacity.value", "capacity.lower", "capacity.upper"]
      + (0..<4).flatMap { ["loads.\($0).tried", "loads.\($0).held"] }
    try SchemaCorpus("capacity").expectAlike(
      EvidenceFile.encode(Self.report), extra: [("newer", newer), ("absurd", 1e300)], stricter: Set(places),
      expecting: (documents: 700, refused: 400)
    ) { (try? EvidenceFile.decode(CapacityReport.self, from: $0)) != nil }
  }

  @Test("a report is read as it was written")
  func roundTrip() throws {
    #expect(try EvidenceFile.decode(CapacityReport.self, from: EvidenceFile.encode(Self.report)) == Self.report)
  }

  @Test("the text for people")
  func text() throws {
    let lines = CapacityText(Self.report).lines(style: .plain, path: "out/capacity/campus-morning/capacity.json")
    try Golden.expect(lines.joined(separator: "\n") + "\n", equals: "capacity.txt")
  }

  @Test("no line is over 80 columns, whatever the scenario is called and whatever broke", arguments: [false, true])
  func columns(isNothing: Bool) {
    var report = Self.report
    report.scenario.name = String(repeating: "long ", count: 40)
    report.reason = "at 1/s response_time{step:" + String(repeating: "x", count: 200) + "}: p(95) < 1s was 2 s"
    report.warnings = [String(repeating: "a warning of words ", count: 12)]
    report.rule.seed = .max
    report.capacity = .init(value: 123_456_789, lower: 0, upper: nil)
    report.outcome = .generatorBound
    if isNothing {
      report.capacity = nil
      report.outcome = .nothingHeld
      report.loads = []
    }
    let lines = CapacityText(report).lines(style: .plain, path: "out/c.json")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
    #expect(lines[0].contains(isNothing ? "NO LOAD HELD" : "[…, …]"))
  }

  @Test(
    "headlines",
    arguments: [
      (CapacityReport.Outcome.found, "CAPACITY 412/s [400, 437]  campus-morning"),
      (.atLeast, "CAPACITY ≥ 412/s [400, 437]  campus-morning"),
      (.generatorBound, "CAPACITY ≥ 412/s [400, 437]  GENERATOR-BOUND  campus-morning"),
      (.interrupted, "CAPACITY 412/s [400, 437]  INTERRUPTED  campus-morning"),
    ])
  func headline(outcome: CapacityReport.Outcome, line: String) {
    var report = Self.report
    report.outcome = outcome
    #expect(CapacityText(report).lines(style: .plain, path: nil)[0] == line)
  }
}
