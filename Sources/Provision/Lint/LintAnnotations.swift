import Documents

/// Findings as workflow commands of GitHub Actions, which shows them at the lines of a pull request.
///
/// Source: docs.github.com, workflow commands for GitHub Actions, "Setting an error message", read 2026-11.
package enum LintAnnotations {
  package static func render(_ findings: [LintFinding], file: String) -> [String] {
    findings.map { finding in
      var properties = ["file=\(property(file))"]
      if let place = finding.position { properties += ["line=\(place.line)", "col=\(place.column)"] }
      properties.append("title=\(property("\(finding.rule) (outgrown provision lint)"))")
      return "::\(finding.severity.rawValue) \(properties.joined(separator: ","))::"
        + data("\(finding.what): \(finding.remedy)")
    }
  }

  private static func data(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
