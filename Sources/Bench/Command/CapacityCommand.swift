import ArgumentParser
import BenchCapacity
import BenchEngine
import BenchScenario
import BenchVerdict
import Evidence
import Foundation
import Terminal
import Wording

/// `outgrown bench capacity SCENARIO`.
struct CapacityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity",
    abstract: "Finds the highest rate, or number of users, at which the scenario's budgets hold.",
    discussion: """
      outgrown bench capacity scenario.yaml --target http://127.0.0.1:8000

      A scenario with a rate is tried at one rate after the other, in arrivals (iterations) a second; one with users at \
      one number of users after the other. A search finds about where a budget breaks; then loads around it are tried \
      again and again in random order. The answer is the highest load that holds more often than not, within the \
      highest up to which all trials held and the lowest from which on none did. Before each trial the service has \
      drained. The report is out/capacity/<scenario>/capacity.json.

      Exit codes: 0 found · 64 usage · 96 never answered · 97 the generator was the limit · 98 a budget is about what \
      nobody saw, or time ran out before anything held · 99 no load held · 104 a scenario with phases · 105 interrupted.
      """)

  @Argument(help: "The scenario, with a load of rate or users; how much is what is sought.")
  var scenario: String

  @Option(help: "Load this service instead of the scenario's target: http://host:port or https://host.")
  var target: String?

  @Option(help: "No higher rate is tried, in arrivals. (default: 5000/s)")
  var maxRate: String?

  @Option(help: "No more users are tried. (default: 5000)")
  var maxUsers: Int?

  @Option(
    help: "How long a full trial is measured, after its warm-up. (default: 6s; with users twice their pauses, to 60s)")
  var trial: String?

  @Option(help: "How often each load around the answer is tried.")
  var rounds = 3

  @Option(help: "It ends by then, with what is known.")
  var maxTime = "5m"

  @Option(help: "Repeats the order of the trials. (default: another every time, which is printed)")
  var seed: UInt64?

  @OptionGroup var variables: VariableOptions

  @OptionGroup var load: LoadOptions

  func validate() throws {
    guard (1...20).contains(rounds) else { throw ValidationError("--rounds \(rounds): expected 1 to 20") }
    if let maxUsers, !Scenario.Bounds.users.contains(maxUsers) {
      throw ValidationError("--max-users \(maxUsers): expected 1 to \(Scenario.Bounds.users.upperBound)")
    }
  }

  func run() throws {
    let scenario = try CapacityScenario(try ScenarioReader.read(path: scenario))
    var settings = CapacityCourse.Settings(
      unit: scenario.unit, start: scenario.start, highest: try highest(scenario.unit),
      seed: seed ?? UInt64.random(in: 1...999_999))
    settings.rounds = rounds
    let control = LoadEngine.Control()
    let run = CapacityRun(
      scenario: scenario, target: try target.map { text throws(ScenarioError) in try TargetURL.parse(text) },
      load: load, variables: try variables.values, file: self.scenario, settings: settings,
      timing: try timing(scenario), control: control)
    let folder = load.out ?? "out/capacity/\(FolderName.from(scenario.name))"
    // Not only after the trials, which take minutes.
    try EvidenceFile.requireWritable(folder: folder)
    let signals = InterruptSignals { control.interrupt() }
    defer { signals.cancel() }
    let report = try run.run()
    let path = "\(folder)/capacity.json"
    var unwritten: EvidenceError?
    do { try EvidenceFile.write(report, to: path) } catch { unwritten = error }
    if load.json {
      Console.write(try EvidenceFile.encode(report))
    } else {
      Console.write(lines: CapacityText(report).lines(style: Console.style, path: unwritten == nil ? path : nil))
    }
    if let unwritten { throw unwritten }
    throw (ExitStatus(rawValue: Int32(report.exitCode)) ?? .internal).end
  }

  // MARK: What was asked

  private func highest(_ unit: CapacityReport.Unit) throws(CommandFailure) -> Double {
    switch unit {
    case .users:
      guard maxRate == nil else {
        throw CommandFailure(.usage, "--max-rate: the scenario's load is users: did you mean --max-users?")
      }
      return Double(maxUsers ?? 5_000)
    case .arrivalsPerSecond:
      guard maxUsers == nil else {
        throw CommandFailure(.usage, "--max-users: the scenario's load is a rate: did you mean --max-rate?")
      }
      guard let maxRate else { return 5_000 }
      guard let rate = RateText.parse(maxRate), rate >= CapacitySearch.lowestRate,
        rate <= Scenario.Bounds.rate.upperBound
      else { throw CommandFailure(.usage, "--max-rate \(maxRate): expected a rate from 0.5/s, such as 2000/s") }
      return rate
    }
  }

  private func timing(_ scenario: CapacityScenario) throws(CommandFailure) -> CapacityRun.Timing {
    let pause = scenario.pauseSeconds
    let trial = try trial.map { text throws(CommandFailure) in try PlanOptions.duration("--trial", text) }
    if let trial, !(.seconds(1)...Duration.seconds(600)).contains(trial) {
      throw CommandFailure(.usage, "--trial \(DurationText.format(trial)): expected 1s to 10m")
    }
    let most = try PlanOptions.duration("--max-time", maxTime)
    guard most >= .seconds(1), most <= .seconds(86_400) else {
      throw CommandFailure(.usage, "--max-time \(maxTime): expected 1s to 1d")
    }
    let full = trial ?? .seconds(min(max(6, 2 * pause), 60))
    return CapacityRun.Timing(
      warmUp: .seconds(min(max(1, pause), 30)), look: min(full, .seconds(min(max(2, pause), 20))), trial: full,
      most: most)
  }
}
