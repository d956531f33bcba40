package import Documents

/// One thing that a blueprint should not say, or not like this.
package struct LintFinding: Sendable, Equatable {
  /// The rule's id.
  package var rule: String
  package var severity: Severity
  package var position: DocumentPosition?
  /// What was found; a secret's value is never in it.
  package var what: String
  /// What to do.
  package var remedy: String
  /// The edits that mend it, where that is safe to do without asking.
  package var fix: [TextEdit] = []

  package enum Severity: String, Codable, Sendable, Comparable {
    /// It may be meant, and has a price or a risk.
    case warning
    /// Render refuses it, or it can't work.
    case error

    package static func < (left: Severity, right: Severity) -> Bool { left == .warning && right == .error }
  }
}

extension LintFinding: Encodable {
  private enum CodingKeys: String, CodingKey { case rule, severity, line, column, what, remedy, fixable }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rule, forKey: .rule)
    try container.encode(severity, forKey: .severity)
    try container.encode(position?.line, forKey: .line)
    try container.encode(position?.column, forKey: .column)
    try container.encode(what, forKey: .what)
    try container.encode(remedy, forKey: .remedy)
    try container.encode(!fix.isEmpty, forKey: .fixable)
  }
}
