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
      base: base, head: head, kind: "gate", rule: try options.rule(level: DuetComparison.level)
    ) { report in
      if base == head {
        report.warnings.append("base and head are the same words: a service was compared with itself")
      }
      return try options.show(&report)
    }
    .end
  }
}
