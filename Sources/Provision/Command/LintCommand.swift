import ArgumentParser
import Documents
import Foundation
import Plans
import ProvisionLint
import Terminal
import Wording

/// `outgrown provision lint`.
struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Says what is wrong or costly in Render blueprints, as file:line:column.",
    discussion: """
      outgrown provision lint --fix            shows what can be mended without asking, as a diff
      outgrown provision lint --fix --write    mends it; comments and layout stay

      Exit codes: 0 clean or warnings only · 99 errors (with --strict: warnings too) · 104 unreadable.
      """)

  @Argument(help: "Blueprints. (default: render.yaml)")
  var files: [String] = []

  @Flag(help: "Exit 99 for warnings too.")
  var strict = false

  @Option(help: "Prices that findings name: render-2026-10, or a .json file of your own.")
  var catalogue: String = Catalogue.render2026October

  @Option(help: "How to print: text, json, github (annotations of a workflow) or sarif (2.1.0).")
  var format: Format = .text

  @Flag(help: "Print the findings as JSON; the same as --format json.")
  var json = false

  @Flag(help: "Show what can be mended without asking, as a diff.")
  var fix = false

  @Flag(help: "With --fix: mend the files.")
  var write = false

  @Flag(help: "List the rules.")
  var rules = false

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, github, sarif }

  func validate() throws {
    if write, !fix { throw ValidationError("--write without --fix: expected both") }
    if json, format != .text {
      throw ValidationError("both --json and --format \(format.rawValue): expected one of them")
    }
    if fix, json || format != .text { throw ValidationError("--fix prints a diff: expected no other format") }
  }

  private typealias Judged = (file: String, findings: [LintFinding])

  func run() throws {
    if rules { return listRules() }
    let catalogue = try Catalogue.named(catalogue)
    let files = files.isEmpty ? ["render.yaml"] : files
    if fix { try files.forEach { try mend($0, catalogue) } }
    // Without --write the diff is a promise: the code is that of the file as it stands.
    var judged: [Judged] = []
    for file in files {
      let root = try DocumentReader().read(path: file)
      judged.append((file, Linter.findings(in: root, catalogue: catalogue)))
    }
    if fix {
      for (file, findings) in judged { Console.note(LintText.render([], file: file, counting: findings).joined()) }
    } else {
      try show(judged)
    }
    let worst = judged.flatMap(\.findings).map(\.severity).max()
    guard worst != .error, !strict || worst == nil else { throw ExitStatus.notMet.end }
  }

  private func show(_ judged: [Judged]) throws {
    switch json ? .json : format {
    case .text: Console.write(lines: judged.flatMap { LintText.render($0.findings, file: $0.file) })
    case .json: try Console.write(json: LintDocument(judged))
    case .github: Console.write(lines: judged.flatMap { LintAnnotations.render($0.findings, file: $0.file) })
    case .sarif: try Console.write(json: LintLog(judged))
    }
  }

  private func mend(_ file: String, _ catalogue: Catalogue) throws {
    let bytes = try DocumentReader().contents(path: file)
    // The reader says what is wrong with bytes that are no text.
    _ = try DocumentReader().read(bytes: bytes, file: file)
    let fixer = try LintFixer(String(decoding: bytes, as: UTF8.self), file: file, catalogue: catalogue)
    guard !fixer.mended.isEmpty else { return }
    Console.write(Data(fixer.difference.utf8))
    guard write else {
      return Console.note("\(file): \(CountText.plural(fixer.mended.count, "finding")) to mend; --write does it")
    }
    do {
      try replaceFile(at: file, with: fixer.text)
    } catch {
      throw CommandFailure(.unavailable, "\(file): can't be written (\(error.localizedDescription))")
    }
    Console.note("\(file): \(CountText.plural(fixer.mended.count, "finding")) mended")
  }

  /// All of it or nothing; a link stays a link, and the file keeps its mode.
  private func replaceFile(at path: String, with text: String) throws {
    let url = URL(filePath: path).resolvingSymlinksInPath()
    let mode = try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions]
    try Data(text.utf8).write(to: url, options: .atomic)
    if let mode { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path) }
  }

  private func listRules() {
    var table = TextTable([.left, .left, .left])
    for rule in LintRule.all { table.add(rule.id, rule.severity == .error ? "error" : "warning", rule.summary) }
    print(table.lines(indent: 0).joined(separator: "\n"))
  }
}
