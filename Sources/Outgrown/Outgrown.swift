import AppComposition
import ArgumentParser
import BenchCommand
import Evidence
import Foundation
import MonitorCommand
import ProvisionCommand
import Terminal

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

  /// Says what was probably meant, where the parser would only say that a word is unexpected.
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let words = CommandWords(self)
    if let advice = words.adviceOnCommand(arguments) { refuse(advice) }
    var command: any ParsableCommand
    do {
      command = try await asyncParseAsRoot(arguments)
    } catch {
      if let advice = words.adviceOnOption(arguments) { refuse(advice) }
      exit(withError: error)
    }
    do {
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      // Help that was asked for is thrown, too, and ends well.
      exit(withError: exitCode(for: error).isSuccess ? error : CommandFailure.ending(with: error))
    }
  }

  private static func refuse(_ advice: String) -> Never {
    Console.say(advice)
    Foundation.exit(ExitStatus.usage.rawValue)
  }
}

extension CommandWords {
  init(_ command: any ParsableCommand.Type) {
    func name(_ command: any ParsableCommand.Type) -> String { command.configuration.commandName ?? "" }
    let configuration = command.configuration
    self.init(
      name(command), subcommands: configuration.subcommands.map { CommandWords($0) },
      defaultName: configuration.defaultSubcommand.map(name),
      borrowed: (command as? any BorrowsOptions.Type)?.borrowedOptions ?? [:])
  }
}
