import AppComposition
import ArgumentParser
import BenchCommand
import MonitorCommand
import ProvisionCommand
import Support

/// The one installed command: subcommands, nothing else.
@main
struct Outgrown: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outgrown",
    abstract: "Has your service outgrown its free plan? Measured, priced, decided.",
    version: Version.string,
    subcommands: [
      BenchCommand.self, MonitorCommand.self, ProvisionCommand.self, DecideCommand.self, AppCommand.self,
    ]
  )
}
