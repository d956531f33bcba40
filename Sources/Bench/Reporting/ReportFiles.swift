package import BenchEngine
package import Evidence
import Foundation

/// A run's files: `report.json`, `junit.xml`, `latency.hlog`.
package enum ReportFiles {
  /// Writes each file whole or not at all.
  /// - Returns: their paths.
  /// - Throws: `EvidenceError`, its message beginning with the path; `HistogramCodecError`.
  package static func write(
    _ report: BenchReport, plan: LoadPlan, result: LoadResult, to folder: String
  ) throws -> [String] {
    let folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let files = [
      ("report.json", try EvidenceFile.encode(report)),
      ("junit.xml", Data(JUnitReport.render(report).utf8)),
      ("latency.hlog", Data(try LatencyLog.render(plan: plan, result: result, report: report).utf8)),
    ]
    return try files.map { name, data in
      let path = "\(folder)/\(name)"
      try EvidenceFile.write(data, to: path)
      return path
    }
  }
}
