/// Findings as data.
package struct LintDocument: Encodable, Sendable {
  private var errors: Int
  private var warnings: Int
  private var files: [File]

  package init(_ files: [(file: String, findings: [LintFinding])]) {
    let findings = files.flatMap(\.findings)
    errors = findings.count { $0.severity == .error }
    warnings = findings.count - errors
    self.files = files.map { File(file: $0.file, findings: $0.findings) }
  }

  private struct File: Encodable, Sendable {
    var file: String
    var findings: [LintFinding]
  }
}
