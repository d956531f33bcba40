import ArgumentParser
import BenchComparison
import Evidence
import Foundation
import Terminal

/// `outgrown bench compare BASE NEW`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares kept reports of two versions of a service, a run being one sample.",
    discussion: """
      for n in 1 2 3 4 5 6; do outgrown bench run s.yaml --target … --out out/base/$n; done
      outgrown bench compare out/base out/head

      Each side is a report, or a folder with a report.json a run. Compared are the scenario's own budgets, else the \
      response times of its steps and what failed. A difference is one that chance makes in 5 % of comparisons at most \
      and that is at least the effect; sides are equivalent where the difference is surely less.

      Exit codes: 0 equivalent or improved · 65 other scenarios or no report · 98 undecided, or no run was \
      answered · 99 regressed.
      """)

  @Argument(help: "The base: a report, or a folder of runs.")
  var base: String

  @Argument(help: "What is to be judged.")
  var new: String

  @OptionGroup var rule: ComparisonOptions

  func run() throws {
    var report = try RunComparison(rule.rule()).compare(try ReportSet.read(base), try ReportSet.read(new))
    throw try rule.show(&report).end
  }
}

/// What counts as a difference, and how it is shown.
struct ComparisonOptions: ParsableArguments {
  @Option(help: "The least change of a time, rate or count that counts: 5%.")
  var effect = "5%"

  @Option(help: "The least change of a share that counts, in points: 0.5%.")
  var shareEffect = "0.5%"

  @Option(help: ArgumentHelp("What an undecided comparison ends with: pass, or fail (98).", valueName: "pass|fail"))
  var undecided = Undecided.fail

  enum Undecided: String, ExpressibleByArgument, CaseIterable { case pass, fail }

  @Option(
    help:
      "Print text, json (schemas/comparison.schema.json), markdown for a pull request, or github: annotations, and the markdown in GITHUB_STEP_SUMMARY."
  )
  var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown, github }

  func validate() throws {
    _ = try Self.share("--effect", effect)
    _ = try Self.share("--share-effect", shareEffect)
  }

  func rule(level: Double = ComparisonReport.Rule().level) throws -> ComparisonReport.Rule {
    ComparisonReport.Rule(
      effect: try Self.share("--effect", effect), shareEffect: try Self.share("--share-effect", shareEffect),
      level: level)
  }

  /// Writes it out, with the code that the command ends with.
  func show(_ report: inout ComparisonReport) throws -> ExitStatus {
    let status: ExitStatus =
      report.outcome == .undecided && undecided == .pass ? .pass : RunComparison.exitStatus(of: report.outcome)
    report.exitCode = Int(status.rawValue)
    switch format {
    case .text: Console.write(lines: ComparisonText(report).lines(style: Console.style))
    case .json: Console.write(try EvidenceFile.encode(report))
    case .markdown: Console.write(Data(ComparisonText(report).markdown.utf8))
    case .github:
      Console.write(lines: ComparisonText(report).annotations)
      if let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty {
        try Self.add(ComparisonText(report).markdown, to: path)
      }
    }
    return status
  }

  /// What other steps have written there stays.
  private static func add(_ text: String, to path: String) throws(CommandFailure) {
    let url = URL(filePath: path)
    do {
      if !FileManager.default.fileExists(atPath: path) { try Data().write(to: url) }
      let file = try FileHandle(forWritingTo: url)
      defer { try? file.close() }
      try file.seekToEnd()
      try file.write(contentsOf: Data((text + "\n").utf8))
    } catch {
      throw CommandFailure(
        .unavailable, "GITHUB_STEP_SUMMARY \(path): can't be written: \(error.localizedDescription)")
    }
  }

  /// - Throws: `ValidationError`.
  static func share(_ name: String, _ text: String) throws -> Double {
    guard text.hasSuffix("%"), let percent = Double(text.dropLast()), percent > 0, percent <= 100 else {
      throw ValidationError("\(name) \(text): expected a percentage above 0 %, at most 100 %, such as 5%")
    }
    return percent / 100
  }
}
