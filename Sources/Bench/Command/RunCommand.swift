import ArgumentParser
import BenchScenario
import Documents
import Foundation
import Support

/// `outgrown bench run FILE`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a scenario file and judges its budgets.")

  @Argument(help: "The scenario, as docs/scenario.md describes it.")
  var scenario: String

  @Option(help: "Load this service instead of the scenario's target: http://host:port or https://host.")
  var target: String?

  @Option(name: .customLong("var"), help: ArgumentHelp("Set a variable of the scenario.", valueName: "name=value"))
  var variables: [String] = []

  @OptionGroup var load: LoadOptions

  func run() throws {
    do {
      let scenario = try ScenarioReader.read(path: scenario)
      let target = try target.map { text throws(ScenarioError) in try TargetURL.parse(text) }
      var session = BenchSession(scenario: scenario, target: target, load: load)
      session.variables = try VariableOption.parse(variables)
      session.file = self.scenario
      throw ArgumentParser.ExitCode(try session.run().rawValue)
    } catch {
      throw BenchFailure.exit(for: error)
    }
  }
}

/// `name=value` on the command line.
enum VariableOption {
  static func parse(_ options: [String]) throws(BenchFailure) -> [String: String] {
    var result: [String: String] = [:]
    for option in options {
      guard let equals = option.firstIndex(of: "="), equals > option.startIndex else {
        throw BenchFailure(.usage, "--var \(option): expected name=value")
      }
      result[String(option[..<equals])] = String(option[option.index(after: equals)...])
    }
    return result
  }
}
