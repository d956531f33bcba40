package import Documents
package import Plans
import ProvisionBlueprint

/// One rule: what it holds, and how it is found broken.
package struct LintRule: Sendable {
  package var id: String
  package var severity: LintFinding.Severity
  /// In a line, for the list of rules.
  package var summary: String
  let check: @Sendable (BlueprintOutline, Catalogue) -> [Breach]

  struct Breach {
    var what: String
    var remedy: String
    var position: DocumentPosition
    /// What changes nothing but what is told here; empty where a person has to decide.
    var fix: [TextEdit]

    init(_ what: String, _ remedy: String, at position: DocumentPosition, fix: [TextEdit] = []) {
      self.what = what
      self.remedy = remedy
      self.position = position
      self.fix = fix
    }
  }

  init(
    _ id: String, _ severity: LintFinding.Severity, _ summary: String,
    check: @escaping @Sendable (BlueprintOutline, Catalogue) -> [Breach]
  ) {
    self.id = id
    self.severity = severity
    self.summary = summary
    self.check = check
  }

  package static let all =
    structureRules + commandRules + valueRules + spellingRules + planRules + databaseRules + referenceRules
    + environmentRules

  /// `'starter'`, or all of the words when none is near.
  static func nearest(_ word: String, _ words: [String]) -> String {
    RenderVocabulary.expected(for: word, among: words)
  }
}

/// Judges one blueprint by every rule.
package enum Linter {
  /// In the order of the file.
  /// - Parameter catalogue: for what a finding costs.
  package static func findings(in root: DocumentNode, catalogue: Catalogue) -> [LintFinding] {
    let outline = BlueprintOutline(root)
    let findings = LintRule.all.flatMap { rule in
      rule.check(outline, catalogue).map { breach in
        LintFinding(
          rule: rule.id, severity: rule.severity, position: breach.position, what: breach.what, remedy: breach.remedy,
          fix: breach.fix)
      }
    }
    let start = DocumentPosition(line: 0, column: 0)
    return findings.enumerated()
      .sorted { ($0.element.position ?? start, $0.offset) < ($1.element.position ?? start, $1.offset) }
      .map(\.element)
  }
}
