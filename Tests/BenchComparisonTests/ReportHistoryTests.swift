import Evidence
import Foundation
import Terminal
import TestSupport
import Testing

@testable import BenchComparison

struct ReportHistoryTests {
  private func reports(_ count: Int, stepAt place: Int?) -> [BenchReport] {
    (0..<count).map { run in
      let noise = Double(run * 7 % 5) - 2
      let slow = place.map { run >= $0 } == true ? 20.0 : 0
      return KeptRuns.report(p95: 100 + noise + slow, startedAt: Double(run) * 60)
    }
  }

  @Test("the run in which a figure changed is named, with what it was before and after")
  func named() throws {
    let names = (0..<30).map { "commit-\($0)" }
    let report = try ReportHistory(KeptRuns.set("kept", reports(30, stepAt: 18)), names: names).report()
    let change = try #require(report.figures.first?.changes.first)
    #expect(report.figures.first?.changes.count == 1)
    #expect(change.run == "commit-18")
    #expect(change.isWorse)
    #expect(abs(change.before - 100) <= 2 && abs(change.after - 120) <= 2)
    #expect(report.figures.last?.changes.isEmpty == true, "nothing failed, before or after")
    #expect(try EvidenceFile.decode(HistoryReport.self, from: EvidenceFile.encode(report)) == report)
    let lines = HistoryText(report).lines(style: .plain)
    #expect(lines.contains { $0.contains("✗") && $0.contains("from commit-18 on") }, "\(lines)")
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test("folders are read in the order of their runs, whatever they are called")
  func folders() async throws {
    try await withTemporaryDirectory { folder in
      for (run, report) in reports(12, stepAt: nil).enumerated() {
        let name = "\(folder)/\(String(UInt8(truncatingIfNeeded: run * 89), radix: 16))-\(run)"
        try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
        try EvidenceFile.write(report, to: name + "/report.json")
      }
      let report = try ReportHistory.read(folder).report()
      #expect(report.runs.map { $0.name.split(separator: "-").last.map(String.init) } == (0..<12).map { "\($0)" })
      #expect(report.figures.allSatisfy { $0.changes.isEmpty })
    }
  }

  @Test("few runs, no folder, an empty one and another program's file are told")
  func refused() async throws {
    let few = try #require(throws: CommandFailure.self) {
      try ReportHistory(KeptRuns.set("kept", reports(9, stepAt: nil)), names: []).report()
    }
    #expect(few.exitStatus == .noData)
    try await withTemporaryDirectory { folder in
      #expect(throws: EvidenceError.self) { try ReportSet.read(folder) }
      #expect(throws: EvidenceError.self) { try ReportSet.read("\(folder)/none") }
      try Data("{}".utf8).write(to: URL(filePath: "\(folder)/report.json"))
      let error = try #require(throws: EvidenceError.self) { try ReportSet.read(folder) }
      #expect(error.message.hasPrefix("\(folder)/report.json"))
    }
  }

  @Test("bars keep the order of the values, and share columns where they are many")
  func bars() {
    #expect(HistoryText.bars([1, 2, 3, 4, 5, 6, 7, 8]) == "▁▂▃▄▅▆▇█")
    #expect(HistoryText.bars([3, 3]) == "▄▄")
    #expect(HistoryText.bars((0..<200).map(Double.init)).count == 60)
    #expect(HistoryText.bars([]) == "")
  }
}
