import Evidence
import Foundation
import ProvisionDecision

/// A decision's files: `decision.json`, `decision.md`, `decision.html`, and the blueprint's change.
enum DecisionFiles {
  /// Writes each file whole or not at all.
  /// - Returns: their paths.
  static func write(_ decision: Decision, blueprint: String?, to folder: String) throws -> [String] {
    let folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let files = [
      ("decision.json", try EvidenceFile.encode(decision))
    ]
    return try files.map { name, data in
      let path = "\(folder)/\(name)"
      try EvidenceFile.write(data, to: path)
      return path
    }
  }
}
