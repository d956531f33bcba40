package import BenchEngine
package import Evidence
import Foundation

/// A run's files: `report.json`, `junit.xml`, `latency.hlog`.
package enum ReportFiles {
  /// Writes each file whole or not at all.
  /// - Returns: their paths.
  /// - Throws: `EvidenceError`, its message beginning with the path; `HistogramCodecError`.
  package static func write(
    _ report: BenchReport, plan: LoadPlan, result: LoadResult, timeline: Timeline, to folder: String
  ) throws -> [String] {
    let folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    func path(_ name: String) -> String { "\(folder)/\(name)" }
    try EvidenceFile.write(try EvidenceFile.encode(report), to: path("report.json"))
    try EvidenceFile.write(Data(JUnitReport.render(report).utf8), to: path("junit.xml"))
    try EvidenceFile.write(to: path("latency.hlog")) { append in
      try LatencyLog.write(plan: plan, result: result, timeline: timeline, report: report) { try append(Data($0.utf8)) }
    }
    return ["report.json", "junit.xml", "latency.hlog"].map(path)
  }
}
