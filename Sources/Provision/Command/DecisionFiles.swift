import Documents
import Evidence
import Foundation
import ProvisionDecision

/// A decision's files: `decision.json`, `decision.md`, `decision.html`, and the blueprint's change.
enum DecisionFiles {
  /// Where the diff of a blueprint goes, and what it says.
  static func blueprint(_ path: String, _ decision: Decision, in folder: String) throws -> NextSteps.Blueprint {
    let text = String(decoding: try DocumentReader().contents(path: path), as: UTF8.self)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return NextSteps.Blueprint(
      path: path, diff: try BlueprintChange.diff(decision, text: text, file: name),
      diffPath: "\(Self.plain(folder))/\(name).diff")
  }

  /// Writes each file whole or not at all; a diff of an earlier answer goes.
  /// - Returns: their paths.
  static func write(_ decision: Decision, blueprint: NextSteps.Blueprint?, to folder: String) throws -> [String] {
    var files = [
      ("decision.json", try EvidenceFile.encode(decision)),
      ("decision.md", Data(DecisionMarkdown.render(decision).utf8)),
      ("decision.html", Data(DecisionPage.render(decision).utf8)),
    ].map { ("\(Self.plain(folder))/\($0)", $1) }
    if let blueprint {
      if blueprint.diff.isEmpty {
        try? FileManager.default.removeItem(atPath: blueprint.diffPath)
      } else {
        files.append((blueprint.diffPath, Data(blueprint.diff.utf8)))
      }
    }
    return try files.map { path, data in
      try EvidenceFile.write(data, to: path)
      return path
    }
  }

  private static func plain(_ folder: String) -> String {
    folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
  }
}
