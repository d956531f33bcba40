package import Documents
package import Evidence
import Wording

/// What a decision changes in a `render.yaml`, as a unified diff.
package enum BlueprintChange {
  /// The lines to change where there is no blueprint at hand; empty when no plan changes.
  package static func lines(_ decision: Decision) -> [String] {
    guard let candidate = decision.candidate, decision.verdict != .inconclusive else { return [] }
    var lines: [String] = []
    if candidate.webPlan != decision.now.webPlan {
      lines += ["-    plan: \(decision.now.webPlan)", "+    plan: \(candidate.webPlan)    # of the web service"]
    }
    if let plan = candidate.databasePlan, plan != decision.now.databasePlan {
      let before = decision.now.databasePlan ?? "free"
      lines += ["-    plan: \(before)", "+    plan: \(plan)    # of the database"]
    }
    return lines
  }

  /// A unified diff of `text` with the web service that the decision names by its URL, else every one on its plan (and
  /// the databases on theirs, where the decision moves them), on the candidate's; empty when nothing changes. Comments and layout stay.
  /// - Throws: `DocumentError` where the blueprint can't be read or has no service.
  package static func diff(_ decision: Decision, text: String, file: String) throws(DocumentError) -> String {
    let root = try DocumentReader().read(text: text, file: file)
    var problems = DocumentProblems(file: file)
    let mapping = root.mapping(&problems)
    let services = mapping?.required("services", &problems)?.list(&problems) ?? []
    try problems.throwIfAny()
    guard let candidate = decision.candidate, decision.verdict != .inconclusive else { return "" }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let old = lines
    // Another service's plan is another decision.
    let web = services.compactMap { $0.mapping(&problems) }.filter {
      $0["type"]?.scalar?.text == "web" && isOn(decision.now.webPlan, $0)
    }
    let host = decision.service.flatMap { $0.split(separator: "/").dropFirst().first?.split(separator: ".").first }
    let named = web.filter { fields in host.map { fields["name"]?.scalar?.text == String($0) } ?? false }
    if candidate.webPlan != decision.now.webPlan {
      for fields in named.isEmpty ? web : named { set(candidate.webPlan, in: fields, &lines) }
    }
    if let plan = candidate.databasePlan, plan != decision.now.databasePlan {
      for database in mapping?["databases"]?.list(&problems) ?? [] {
        let fields = database.mapping(&problems)
        if let now = decision.now.databasePlan, let fields, !isOn(now, fields) { continue }
        set(plan, in: fields, &lines)
      }
    }
    return UnifiedDiff.changed(old, lines, file: file)
  }

  private static func isOn(_ plan: String, _ fields: DocumentMapping) -> Bool {
    fields["plan"]?.scalar?.text.lowercased() == plan.lowercased()
  }

  /// Only plans that stand on a line of their own are changed.
  private static func set(_ plan: String, in fields: DocumentMapping?, _ lines: inout [String]) {
    guard let value = fields?["plan"], let scalar = value.scalar, lines.indices.contains(value.position.line - 1) else {
      return
    }
    let index = value.position.line - 1
    let line = lines[index]
    let start = line.unicodeScalars.index(
      line.unicodeScalars.startIndex, offsetBy: value.position.column - 1, limitedBy: line.unicodeScalars.endIndex)
    guard let start else { return }
    let length = scalar.text.unicodeScalars.count + (scalar.style == .quoted ? 2 : 0)
    guard let end = line.unicodeScalars.index(start, offsetBy: length, limitedBy: line.unicodeScalars.endIndex) else {
      return
    }
    lines[index] = String(line.unicodeScalars[..<start]) + plan + String(line.unicodeScalars[end...])
  }
}
