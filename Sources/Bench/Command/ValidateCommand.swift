import ArgumentParser
import BenchEngine
import BenchScenario
import Foundation
import Terminal
import Wording

/// `outgrown bench validate FILE`.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Reads a scenario as a run would, and says what is wrong as file:line:column.")

  @Argument(help: "Scenario files.")
  var scenarios: [String]

  @Option(help: "The target that the run will be given, for a scenario without one.")
  var target: String?

  @OptionGroup var variables: VariableOptions

  func run() throws {
    let values = try variables.values
    var failure: (any Error)?
    for path in scenarios {
      do {
        let scenario = try ScenarioReader.read(path: path)
        let target = try target.map { text throws(ScenarioError) in try TargetURL.parse(text) }
        // A secret that isn't set here is for the run; the scenario is valid without it.
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let set = ProcessInfo.processInfo.environment
        let missing = EnvironmentNames.names(in: text).filter { set[$0] == nil }
        let plan = try ScenarioCompiler.plan(
          scenario,
          .init(
            // Whether there is a target is a question for the run.
            target: target ?? scenario.target ?? TargetURL(host: "localhost"), variables: values,
            secondsSince1970: Int64(Date().timeIntervalSince1970),
            environment: set.merging(EnvironmentNames.standIns(in: text)) { set, _ in set }))
        let counts = [
          (plan.phases.count, "phase"), (scenario.setup.count, "setup step"), (plan.journeys.count, "journey"),
          (plan.steps.count, "step"), (scenario.teardown.count, "teardown step"), (scenario.budgets.count, "budget"),
        ]
        // What a scenario always has is told even where there is none of it.
        let told = counts.filter { $0 > 0 || ["journey", "step", "budget"].contains($1) }
        print(
          "\(path): valid: \(told.map { CountText.plural($0, $1) }.joined(separator: ", ")), \(Int(plan.duration.seconds)) s"
            + (missing.isEmpty ? "" : "; a run needs \(missing.joined(separator: ", ")) in the environment")
        )
      } catch {
        failure = CommandFailure.ending(with: error)
      }
    }
    if let failure { throw failure }
  }
}
