import Documents
import Wording

/// Findings for people.
package enum LintText {
  /// A block a finding, and a last line with the counts.
  /// - Parameter counted: what the last line counts, where that isn't what is shown.
  package static func render(
    _ findings: [LintFinding], file: String, counting counted: [LintFinding]? = nil
  ) -> [String] {
    var lines: [String] = []
    for finding in findings {
      let place = finding.position.map { "\(file):\($0.line):\($0.column)" } ?? file
      lines.append("\(place): \(finding.severity.rawValue): \(finding.what) [\(finding.rule)]")
      lines.append("  \(finding.remedy)")
    }
    let counted = counted ?? findings
    let errors = counted.count { $0.severity == .error }
    let warnings = CountText.plural(counted.count - errors, "warning")
    return lines + ["\(file): \(CountText.plural(errors, "error")), \(warnings)"]
  }
}
