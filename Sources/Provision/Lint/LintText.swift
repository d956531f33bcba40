import Documents
import Wording

/// Findings for people.
package enum LintText {
  /// A block a finding, and a last line with the counts.
  package static func render(_ findings: [LintFinding], file: String) -> [String] {
    var lines: [String] = []
    for finding in findings {
      let place = finding.position.map { "\(file):\($0.line):\($0.column)" } ?? file
      lines.append("\(place): \(finding.severity.rawValue): \(finding.what) [\(finding.rule)]")
      lines.append("  \(finding.remedy)")
    }
    let errors = findings.count { $0.severity == .error }
    let warnings = CountText.plural(findings.count - errors, "warning")
    return lines + ["\(file): \(CountText.plural(errors, "error")), \(warnings)"]
  }
}
