import ArgumentParser
import BenchComparison
import Evidence
import Terminal

/// `outgrown bench noise --service URL|CMD SCENARIO`.
struct NoiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "noise",
    abstract: "Says what difference a gate can find on this machine, and in which time.",
    discussion: """
      outgrown bench noise --service './server' scenario.yaml

      Measures a service against itself, as `outgrown bench gate` measures two versions, and says by how far the blocks \
      lie apart what gates of 1 to 20 minutes call by its name nine times of ten.
      """)

  @Option(help: ArgumentHelp("Where it listens, or what starts it.", valueName: "url|command"))
  var service: String

  @Option(help: "The least change of a time, rate or count that counts: 5%.")
  var effect = "5%"

  @OptionGroup var duet: DuetOptions

  func validate() throws { _ = try ComparisonOptions.share("--effect", effect) }

  func run() throws {
    let rule = ComparisonReport.Rule(
      effect: try ComparisonOptions.share("--effect", effect), level: DuetComparison.level)
    throw try duet.run(base: service, head: service, kind: "noise", rule: rule) { report in
      if duet.load.json {
        Console.write(try EvidenceFile.encode(report))
      } else {
        Console.write(lines: ComparisonText(report).noise(style: Console.style))
      }
      return .pass
    }
    .end
  }
}
