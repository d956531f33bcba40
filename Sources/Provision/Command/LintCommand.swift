import ArgumentParser
import Documents
import Foundation
import Plans
import ProvisionLint
import Terminal

/// `outgrown provision lint`.
struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Says what is wrong or costly in Render blueprints, as file:line:column.",
    discussion: "Exit codes: 0 clean or warnings only · 99 errors (with --strict: warnings too) · 104 unreadable.")

  @Argument(help: "Blueprints. (default: render.yaml)")
  var files: [String] = []

  @Flag(help: "Exit 99 for warnings too.")
  var strict = false

  @Option(help: "Prices that findings name: render-2026-10, or a .json file of your own.")
  var catalogue: String = Catalogue.render2026October

  @Flag(help: "Print the findings as JSON.")
  var json = false

  @Flag(help: "List the rules.")
  var rules = false

  private struct Document: Encodable {
    var errors: Int
    var warnings: Int
    var files: [File]

    struct File: Encodable {
      var file: String
      var findings: [LintFinding]
    }
  }

  func run() throws {
    if rules { return listRules() }
    let catalogue = try Catalogue.named(catalogue)
    var judged: [Document.File] = []
    for file in files.isEmpty ? ["render.yaml"] : files {
      let root = try DocumentReader().read(path: file)
      judged.append(.init(file: file, findings: Linter.findings(in: root, catalogue: catalogue)))
    }
    let findings = judged.flatMap(\.findings)
    let errors = findings.count { $0.severity == .error }
    let warnings = findings.count - errors
    if json {
      try Console.write(json: Document(errors: errors, warnings: warnings, files: judged))
    } else {
      print(judged.flatMap { LintText.render($0.findings, file: $0.file) }.joined(separator: "\n"))
    }
    guard errors == 0, !strict || warnings == 0 else {
      throw ExitStatus.notMet.end
    }
  }

  private func listRules() {
    var table = TextTable([.left, .left, .left])
    for rule in LintRule.all { table.add(rule.id, rule.severity == .error ? "error" : "warning", rule.summary) }
    print(table.lines(indent: 0).joined(separator: "\n"))
  }
}
