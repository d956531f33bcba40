import BenchEngine
import Evidence
import Foundation
import TestSupport
import Testing

@testable import BenchReporting

/// `schemas/bench-report.schema.json` and the decoder judge alike, the schema by Python's jsonschema.
@Suite(.enabled(if: SchemaCorpus.python != nil, "needs python3 with PyPI jsonschema"))
struct SchemaTests {
  private let schema = SchemaCorpus("bench-report")

  private func isAccepted(_ document: Data) -> Bool {
    (try? EvidenceFile.decode(BenchReport.self, from: document)) != nil
  }

  @Test("reports of every outcome are valid")
  func realEncodings() throws {
    let documents = try SampleRun.all.map { try EvidenceFile.encode($0.run.report()) }
    #expect(documents.allSatisfy(isAccepted))
    #expect(try schema.judge(documents) == documents.map { _ in true })
  }

  @Test(
    "a report with one part changed is judged alike by schema and decoder",
    arguments: LongTests.cases(["phased", "fail"], first: 1))
  func mutations(name: String) throws {
    var run = try #require(SampleRun.all.first { $0.name == name }?.run)
    let failed = try #require(SampleRun.all.first { $0.name == "fail" }?.run)
    run.context.budgets = Array(failed.context.budgets.prefix(1))
    run.context.budgets[0].level = .warn
    run.context.budgets[0].observedInterval = .init(lower: 331, upper: 352)
    run.context.verdict = failed.context.verdict
    run.context.calibration = SampleRun.nearFloor.context.calibration
    run.result.lookUps = SampleRun.nearFloor.result.lookUps
    run.seconds.removeLast(69)
    // Only first elements are changed, so that more of them would only make each document longer.
    run.plan.steps = [run.plan.steps[2]]
    run.result.steps = [run.result.steps[2]]
    run.result.warmUpSteps = [run.result.warmUpSteps[2]]
    for index in run.plan.journeys.indices { run.plan.journeys[index].steps = [0] }
    for index in run.result.phases.indices { run.result.phases[index].steps = [run.result.phases[index].steps[0]] }
    var report = try run.report()
    // Changed once is enough: totals, warm-up and load phases have the same definition.
    report.totals.phases = nil
    report.phases = report.phases?.prefix(1).map { phase in
      var phase = phase
      phase.totals.phases = nil
      for index in phase.steps.indices { phase.steps[index].phases = nil }
      return phase
    }
    for index in report.warmUp.indices { report.warmUp[index].phases = nil }
    // Any text is one to the schema, and these are most of a report's bytes.
    func shorten(_ figures: inout StepFigures) {
      for path in [\StepFigures.responseTime.hdr, \.serviceTime.hdr, \.scheduleLag.hdr]
      where figures[keyPath: path] != nil {
        figures[keyPath: path] = "HISTF"
      }
    }
    shorten(&report.totals)
    for index in report.steps.indices { shorten(&report.steps[index]) }
    for index in report.warmUp.indices { shorten(&report.warmUp[index]) }
    report.phases = report.phases?.map { phase in
      var phase = phase
      shorten(&phase.totals)
      for index in phase.steps.indices { shorten(&phase.steps[index]) }
      return phase
    }
    report.generator.controlLag.hdr = "HISTF"
    let newer: [String: any Sendable] = ["name": "outgrown-bench-report", "version": 3]
    try schema.expectAlike(
      EvidenceFile.encode(report), extra: [("newer", newer), ("absurd", 1e300)],
      expecting: (documents: 1_500, refused: 1_000),
      decoder: isAccepted)
  }
}
