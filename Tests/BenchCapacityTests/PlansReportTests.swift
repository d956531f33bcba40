import Evidence
import Foundation
import Plans
import TestSupport
import Testing

@testable import BenchCapacity

@Suite struct PlansReportTests {
  private func isAccepted(_ document: Data) -> Bool {
    (try? EvidenceFile.decode(PlansReport.self, from: document)) != nil
  }

  @Test(
    "a report with one part changed is judged alike by schema and decoder",
    .enabled(if: SchemaCorpus.python != nil, "needs python3 with PyPI jsonschema"))
  func mutations() throws {
    let newer: [String: any Sendable] = ["name": "outgrown-plans-report", "version": 2]
    try SchemaCorpus("plans-report").expectAlike(
      EvidenceFile.encode(SamplePlans.report), extra: [("newer", newer), ("absurd", 1e300)],
      stricter: SchemaCorpus.estimates(
        ["capacity", "start", "platform_wake_s", "cold_visit_s"].map { "plans.0.\($0)" }),
      expecting: (documents: 900, refused: 500),
      decoder: isAccepted)
  }

  @Test("a report is read as it was written")
  func roundTrip() throws {
    let report = SamplePlans.report
    #expect(try EvidenceFile.decode(PlansReport.self, from: EvidenceFile.encode(report)) == report)
  }

  @Test("the summary for people")
  func summary() throws {
    let catalogue = try #require(try Catalogue.bundled(Catalogue.render2026October))
    let lines = PlansSummary(report: SamplePlans.report, catalogue: catalogue, path: "out/plans.json").lines
    try Golden.expect(lines.joined(separator: "\n") + "\n", equals: "plans-summary.txt")
    var approximate = SamplePlans.report
    approximate.limiter = .approximate
    let marked = PlansSummary(report: approximate, catalogue: catalogue, path: "x").lines
    #expect(marked[1].hasSuffix("APPROXIMATE LIMITS"))
  }
}
