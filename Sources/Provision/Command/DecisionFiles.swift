import Documents
import Evidence
import Foundation
import ProvisionDecision

/// A decision's files: `decision.json`, `decision.md`, `decision.html`, and the blueprint's change.
enum DecisionFiles {
  /// Writes each file whole or not at all.
  /// - Returns: their paths.
  static func write(_ decision: Decision, blueprint: String?, to folder: String) throws -> [String] {
    let folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    var files = [
      ("decision.json", try EvidenceFile.encode(decision)),
      ("decision.md", Data(DecisionMarkdown.render(decision).utf8)),
      ("decision.html", Data(DecisionPage.render(decision).utf8)),
    ]
    if let blueprint {
      let text = String(decoding: try DocumentReader().contents(path: blueprint), as: UTF8.self)
      let name = blueprint.split(separator: "/").last.map(String.init) ?? blueprint
      let diff = try BlueprintChange.diff(decision, text: text, file: name)
      if !diff.isEmpty { files.append(("\(name).diff", Data(diff.utf8))) }
    }
    return try files.map { name, data in
      let path = "\(folder)/\(name)"
      try EvidenceFile.write(data, to: path)
      return path
    }
  }
}
