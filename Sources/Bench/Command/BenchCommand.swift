package import ArgumentParser

/// `outgrown bench`: loads a service and gates on latency.
package struct BenchCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Loads an HTTP service, measures it from the users' side, and gates on budgets.",
    discussion: """
      outgrown bench http://127.0.0.1:8000/ --users 100 --for 30s --budget 'p(95)<300ms'
      outgrown bench run scenarios/campus-morning.yaml --target http://127.0.0.1:8000

      Exit codes: 0 pass · 64 usage · 96 the target never answered · 97 generator-bound · 98 no data · \
      99 a budget was not met · 104 invalid scenario · 105 interrupted. Reports are written on every path.
      """,
    subcommands: [
      QuickCommand.self, BenchRunCommand.self, ValidateCommand.self, TryCommand.self, ImportCommand.self,
      CalibrateCommand.self, BenchInitCommand.self, CompareCommand.self, HistoryCommand.self, GateCommand.self,
      NoiseCommand.self, CapacityCommand.self, EmulateCommand.self, BenchPlansCommand.self,
    ],
    defaultSubcommand: QuickCommand.self
  )

  package init() {}
}
