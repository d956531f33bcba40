import ArgumentParser
import BenchComparison
import Evidence
import Terminal

/// `outgrown bench gate --base URL|CMD --head URL|CMD SCENARIO`.
struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Measures two versions of a service at once, and says whether the head is slower.",
    discussion: """
      outgrown bench gate --base 'base/server' --head 'head/server' scenario.yaml
      outgrown bench gate --base http://127.0.0.1:8000 --head http://127.0.0.1:8001 scenario.yaml

      A command runs in a shell, gets PORT, and is started anew for every block, so that what is peculiar to one process \
      is no difference. Both sides bear the same load at once: what the machine does meanwhile it does to both. Judged \
      are the scenario's own budgets, without their limits, else the response times of its steps and what failed.

      Exit codes: 0 equivalent or improved · 69 a side does not start · 98 undecided, or no answer · 99 regressed · \
      104 a scenario without a steady load.
      """)

  @Option(help: ArgumentHelp("What is there now: where it listens, or what starts it.", valueName: "url|command"))
  var base: String

  @Option(help: ArgumentHelp("What is to be judged, likewise.", valueName: "url|command"))
  var head: String

  @OptionGroup var duet: DuetOptions

  @OptionGroup var rule: ComparisonOptions

  func run() throws {
    var options = rule
    if duet.load.json { options.format = .json }
    throw try duet.run(
      base: base, head: head, kind: "gate", rule: try options.rule(level: DuetComparison.level),
      finish: options.show
    )
    .end
  }
}

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
