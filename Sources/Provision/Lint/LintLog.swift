import Documents
import Evidence
import Wording

/// Findings as a log of SARIF 2.1.0, which code scanning and its tools read.
///
/// Source: OASIS, Static Analysis Results Interchange Format 2.1.0, §3 (errata 01, 2023-08-28).
package struct LintLog: Encodable, Sendable {
  private var version = "2.1.0"
  private var schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
  private var runs: [Run]

  private enum CodingKeys: String, CodingKey {
    case version, runs
    case schema = "$schema"
  }

  /// - Parameter files: names as the user gave them, relative to the repository's root where code scanning is to find them.
  package init(_ files: [(file: String, findings: [LintFinding])]) {
    let rules = LintRule.all.map { rule in
      Rule(
        id: rule.id, shortDescription: Message(text: rule.summary),
        defaultConfiguration: .init(level: rule.severity.rawValue))
    }
    let indices = Dictionary(uniqueKeysWithValues: LintRule.all.enumerated().map { ($1.id, $0) })
    let results = files.flatMap { file, findings in
      findings.map { finding in
        Result(
          ruleId: finding.rule, ruleIndex: indices[finding.rule] ?? -1, level: finding.severity.rawValue,
          message: Message(text: "\(finding.what): \(finding.remedy)"),
          locations: [
            Location(
              physicalLocation: .init(
                artifactLocation: .init(uri: PercentEncoding.encoded(file, keeping: "/")),
                region: finding.position.map { .init(startLine: max(1, $0.line), startColumn: max(1, $0.column)) }))
          ])
      }
    }
    runs = [
      Run(
        tool: .init(
          driver: .init(
            name: "outgrown provision lint", semanticVersion: Version.number, informationUri: Version.repository,
            rules: rules)), results: results)
    ]
  }

  private struct Run: Encodable, Sendable {
    var tool: Tool
    /// As this reader counts columns.
    var columnKind = "unicodeCodePoints"
    var results: [Result]
  }

  private struct Tool: Encodable, Sendable { var driver: Driver }

  private struct Driver: Encodable, Sendable {
    var name: String
    var semanticVersion: String
    var informationUri: String?
    var rules: [Rule]
  }

  private struct Rule: Encodable, Sendable {
    var id: String
    var shortDescription: Message
    var defaultConfiguration: Configuration

    struct Configuration: Encodable, Sendable { var level: String }
  }

  private struct Message: Encodable, Sendable { var text: String }

  private struct Result: Encodable, Sendable {
    var ruleId: String
    var ruleIndex: Int
    var level: String
    var message: Message
    var locations: [Location]
  }

  private struct Location: Encodable, Sendable {
    var physicalLocation: Physical

    struct Physical: Encodable, Sendable {
      var artifactLocation: Artifact
      var region: Region?
    }

    struct Artifact: Encodable, Sendable { var uri: String }

    struct Region: Encodable, Sendable {
      var startLine: Int
      var startColumn: Int
    }
  }
}
