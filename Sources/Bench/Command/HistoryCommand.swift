import ArgumentParser
import BenchComparison
import Evidence
import Foundation
import Terminal

/// `outgrown bench history DIR`.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Finds the commits in which a service's figures changed for good.",
    discussion: """
      outgrown bench run s.yaml --target … --out kept/$(git rev-parse --short HEAD)
      outgrown bench history kept

      DIR has a folder a commit with its report.json; the folders' names are the commits' in what is printed, their \
      order is that of the runs. A history that never changed names a change in 5 % of cases at most.

      Exit codes: 0 · 65 reports of different things · 98 fewer than 10 runs · 99 with --fail-on-worse, where the last \
      change of a figure was for the worse.
      """)

  @Argument(help: "The folder of kept reports.")
  var folder: String

  @Flag(help: "End with 99 where the last change of a figure was for the worse.")
  var failOnWorse = false

  @Flag(help: "Print JSON: schemas/history.schema.json.")
  var json = false

  func run() throws {
    let report = try ReportHistory.read(folder).report()
    if json {
      Console.write(try EvidenceFile.encode(report))
    } else {
      Console.write(lines: HistoryText(report).lines(style: Console.style))
    }
    let isWorse = report.figures.contains { $0.changes.last?.isWorse == true }
    throw (failOnWorse && isWorse ? ExitStatus.notMet : .pass).end
  }
}
