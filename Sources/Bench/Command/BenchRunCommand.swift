import ArgumentParser
import BenchScenario
import Documents
import Foundation
import Terminal

/// `outgrown bench run FILE`.
struct BenchRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a scenario file and judges its budgets.")

  @Argument(help: "The scenario, as docs/scenario.md describes it.")
  var scenario: String

  @Option(help: "Load this service instead of the scenario's target: http://host:port or https://host.")
  var target: String?

  @OptionGroup var variables: VariableOptions

  @OptionGroup var verdict: VerdictOptions

  @OptionGroup var load: LoadOptions

  func run() throws {
    let scenario = try ScenarioReader.read(path: scenario)
    let target = try target.map { text throws(ScenarioError) in try TargetURL.parse(text) }
    var session = BenchSession(scenario: scenario, target: target, load: load)
    session.variables = try variables.values
    session.file = self.scenario
    session.isSure = verdict.sure
    throw try session.run().end
  }
}

/// `name=value` on the command line.
struct VariableOptions: ParsableArguments {
  @Option(name: .customLong("var"), help: ArgumentHelp("Set a variable of the scenario.", valueName: "name=value"))
  var variables: [String] = []

  var values: [String: String] {
    get throws(CommandFailure) {
      var result: [String: String] = [:]
      for option in variables {
        guard let equals = option.firstIndex(of: "="), equals > option.startIndex else {
          throw CommandFailure(.usage, "--var \(option): expected name=value")
        }
        result[String(option[..<equals])] = String(option[option.index(after: equals)...])
      }
      return result
    }
  }
}
