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
    let report = try ReportHistory(KeptRuns.set("kept", reports(30, stepAt: 18))).report()
    let change = try #require(report.figures.first?.changes.first)
    #expect(report.figures.first?.changes.count == 1)
    #expect(change.run == "18")
    #expect(change.isWorse)
    let (before, after) = (try #require(change.before), try #require(change.after))
    #expect(abs(before - 100) <= 2 && abs(after - 120) <= 2)
    #expect(abs(change.shift - 0.2) <= 0.02)
    #expect(report.figures.last?.changes.isEmpty == true, "nothing failed, before or after")
    #expect(try EvidenceFile.decode(HistoryReport.self, from: EvidenceFile.encode(report)) == report)
    let lines = HistoryText(report).lines(style: .plain)
    #expect(lines.contains { $0.contains("✗") && $0.contains("from 18 on") }, "\(lines)")
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test("one run without an answer hides nothing, and a service that dies for good is the last change")
  func dead() throws {
    var runs = reports(30, stepAt: 15)
    runs[5] = KeptRuns.report(p95: nil, failed: 1_000, startedAt: 300)
    let one = try ReportHistory(KeptRuns.set("kept", runs)).report()
    #expect(one.figures.first?.changes.map(\.run) == ["15"])
    #expect(one.figures.first?.values[5] == nil)
    let six = (30..<36).map { KeptRuns.report(p95: nil, failed: 1_000, startedAt: Double($0) * 60) }
    let gone = try ReportHistory(KeptRuns.set("kept", runs + six)).report()
    #expect(gone.figures.allSatisfy { $0.changes.last?.run == "30" && $0.changes.last?.isWorse == true })
    #expect(gone.figures.first?.changes.last?.after == nil)
    #expect(try EvidenceFile.decode(HistoryReport.self, from: EvidenceFile.encode(gone)) == gone)
  }

  @Test("where most runs are alike on both sides, the others tell which side is worse")
  func mixtures() throws {
    let runs = (0..<60).map { run in
      KeptRuns.report(
        p95: 100 + Double(run % 3), failed: run >= 30 && run.isMultiple(of: 3) ? 500 : 0, startedAt: Double(run) * 60)
    }
    let report = try ReportHistory(KeptRuns.set("kept", runs)).report()
    #expect(report.figures.last?.changes.allSatisfy(\.isWorse) == true)
    #expect(report.figures.last?.changes.isEmpty == false)
  }

  @Test("folders are read in the order of their runs, whatever they are called")
  func folders() async throws {
    try await withTemporaryDirectory { folder in
      for (run, report) in reports(12, stepAt: nil).enumerated() {
        let name = "\(folder)/\(String(UInt8(truncatingIfNeeded: run * 89), radix: 16))-\(run)"
        try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
        try EvidenceFile.write(report, to: name + "/report.json")
      }
      // As a link to the newest set is.
      try FileManager.default.createSymbolicLink(atPath: "\(folder)-link", withDestinationPath: folder)
      defer { try? FileManager.default.removeItem(atPath: "\(folder)-link") }
      let report = try ReportHistory.read("\(folder)-link").report()
      #expect(report.runs.map { $0.name.split(separator: "-").last.map(String.init) } == (0..<12).map { "\($0)" })
      #expect(report.figures.allSatisfy { $0.changes.isEmpty })
    }
  }

  @Test("few runs, no folder, an empty one and another program's file are told")
  func refused() async throws {
    let few = try #require(throws: CommandFailure.self) {
      try ReportHistory(KeptRuns.set("kept", reports(9, stepAt: nil))).report()
    }
    #expect(few.exitStatus == .noData)
    try await withTemporaryDirectory { folder in
      #expect(throws: EvidenceError.self) { try ReportSet.read(folder) }
      #expect(throws: EvidenceError.self) { try ReportSet.read("\(folder)/none") }
      // A pipe would be waited for.
      #expect(mkfifo("\(folder)/report.json", 0o600) == 0)
      #expect(throws: EvidenceError.self) { try ReportSet.read(folder) }
      try FileManager.default.removeItem(atPath: "\(folder)/report.json")
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
