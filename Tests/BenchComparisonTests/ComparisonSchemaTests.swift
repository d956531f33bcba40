import Evidence
import Foundation
import TestSupport
import Testing

@testable import BenchComparison

/// `schemas/comparison.schema.json`, `schemas/history.schema.json` and the decoders judge alike, the schemas by Python's
/// jsonschema.
@Suite(.enabled(if: SchemaCorpus.python != nil, "needs python3 with PyPI jsonschema"))
struct ComparisonSchemaTests {
  @Test("a comparison with one part changed is judged alike by schema and decoder")
  func comparison() throws {
    var report = try RunComparison().compare(
      KeptRuns.set("base", p95s: [100, 101, 102, 103, 104]), KeptRuns.set("head", p95s: [90, 150, 110, 95, 130]))
    report.warnings = ["a warning"]
    var control = try #require(report.figures.first)
    control.reason = "undecided"
    report.duet = ComparisonReport.Duet(
      blockSeconds: 3, warmUpSeconds: 1, startsAnew: true, busy: 0.25, control: control,
      findable: [.init(figure: control.name, blocks: 12, seconds: 60, effect: 0.08)])
    try SchemaCorpus("comparison").expectAlike(
      EvidenceFile.encode(report), extra: [("absurd", 1e300)],
      stricter: SchemaCorpus.estimates(["figures.0.change", "figures.1.change", "duet.control.change"]),
      expecting: (documents: 200, refused: 100)
    ) { (try? EvidenceFile.decode(ComparisonReport.self, from: $0)) != nil }
  }

  @Test("a history with one part changed is judged alike by schema and decoder")
  func history() throws {
    let reports = (0..<12).map { KeptRuns.report(p95: $0 < 6 ? 100 : 200, startedAt: Double($0) * 60) }
    let report = try ReportHistory(KeptRuns.set("kept", reports)).report()
    #expect(report.figures.first?.changes.count == 1)
    // How many values there are, and which run a change is of, only the decoder can hold against the runs.
    let places = Set(["runs", "figures.0.values", "figures.1.values", "figures.0.changes.0.place"])
    try SchemaCorpus("history").expectAlike(
      EvidenceFile.encode(report), extra: [("absurd", 1e300)], stricter: places,
      expecting: (documents: 200, refused: 100)
    ) { (try? EvidenceFile.decode(HistoryReport.self, from: $0)) != nil }
  }
}
