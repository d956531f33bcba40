import ArgumentParser
import BenchCapacity
import BenchEmulator
import BenchEngine
import BenchScenario
import BenchVerdict
import Evidence
import Foundation
import Plans
import Terminal
import Wording

/// `outgrown bench plans SCENARIO.yaml --plans free,starter,standard -- COMMAND…`.
struct BenchPlansCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plans",
    abstract: "Measures a service under several hosting plans: start, capacity within the budgets, cold visits.",
    discussion: """
      outgrown bench plans scenarios/campus-morning.yaml --plans free,starter,standard -- python3 app.py

      The scenario's journeys arrive at a constant rate, without their pauses; the highest rate whose budgets hold is \
      sought on the service's own port. What it yields is relative capacity on this machine's CPU.

      Exit codes: 0 measured · 64 usage · 69 no control groups (--approximate) · 96 no plan's service ever answered · \
      97 the generator was the limit · 104 invalid scenario · 105 interrupted.
      """
  )

  @Argument(help: "The scenario, as docs/scenario.md describes it; its load, which it must have, is replaced.")
  var scenario: String

  @Option(help: "Plans by their ids in the catalogue, with commas between.")
  var plans = "free,starter,standard"

  @Option(help: "For cold visits, sleep after this long without a request; wakes are never shortened.")
  var idle = "1s"

  @Option(help: "No higher rate is tried, in requests.")
  var maxRate = "2000/s"

  @Option(help: "How long a trial that judges is measured, after its warm-up of one second.")
  var trial = "6s"

  @Option(help: "Starts that are timed; fewer where they are slow.")
  var starts = 5

  @Option(help: "Cold visits that are timed, on a plan that sleeps.")
  var coldVisits = 3

  @OptionGroup var variables: VariableOptions

  @Option(help: "Folder for plans.json. (default: out/plans/<scenario>)")
  var out: String?

  @Flag(help: "Print the report as JSON on standard output instead of the summary.")
  var json = false

  @OptionGroup var options: PlanOptions

  @Argument(parsing: .postTerminator, help: "What starts the service, after '--'.")
  var command: [String] = []

  func validate() throws {
    guard (1...50).contains(starts) else { throw ValidationError("--starts \(starts): expected 1 to 50") }
    guard (0...50).contains(coldVisits) else {
      throw ValidationError("--cold-visits \(coldVisits): expected 0 to 50")
    }
  }

  func run() throws {
    throw try measure().end
  }

  private func measure() throws -> ExitStatus {
    let catalogue = try Catalogue.named(options.catalogue)
    let chosen = try plans.split(separator: ",").map { id throws(CommandFailure) in
      try options.plan(id.filter { !$0.isWhitespace }, in: catalogue)
    }
    guard !chosen.isEmpty else { throw CommandFailure(.usage, "--plans: expected ids such as free,starter") }
    let read = try ScenarioReader.read(path: scenario)
    guard read.setup.isEmpty, read.teardown.isEmpty else {
      throw CommandFailure(
        .invalidConfiguration,
        "\(scenario): has 'setup' or 'teardown', and plans are measured with a new start of the service for each trial: "
          + "leave them out, or make what they make when the service starts")
    }
    let scenario = RateScenario(read)
    let settings = try settings(scenario)
    // What is wrong with the scenario is said before anything is started.
    _ = try scenario.plan(
      rate: 1, warmUp: .zero, measured: .seconds(1), target: TargetURL(host: "127.0.0.1", port: settings.servicePort),
      variables: settings.variables, secondsSince1970: Int64(Date().timeIntervalSince1970))

    // Not only after the measuring, which takes minutes.
    let folder = out ?? "out/plans/\(FolderName.from(scenario.name))"
    try EvidenceFile.requireWritable(folder: folder)
    let wakes = try chosen.map { try options.platformWake(of: $0.plan.sleep) }
    let series = PlanSeries(
      plans: chosen, platformWakes: wakes, settings: settings, catalogue: catalogue.id,
      fileSHA256: FileDigest.sha256(self.scenario), makeLimiter: options.limiter)
    let control = LoadEngine.Control()
    let signals = InterruptSignals(repeated: {}, { control.interrupt() })
    defer { signals.cancel() }
    let (report, status) = try series.run(control: control, say: Console.note)
    let path = "\(folder)/plans.json"
    var unwritten: EvidenceError?
    do {
      try EvidenceFile.write(report, to: path)
    } catch {
      unwritten = error
    }
    let shown = unwritten == nil ? path : "not written"
    if json {
      Console.write(try EvidenceFile.encode(report))
    } else {
      print(PlansSummary(report: report, catalogue: catalogue, path: shown).lines.joined(separator: "\n"))
    }
    if let unwritten { throw unwritten }
    return status
  }

  // MARK: What was asked

  private func settings(_ scenario: RateScenario) throws -> PlanSettings {
    guard let highest = RateText.parse(maxRate), highest >= 1, highest <= 1e6 else {
      throw CommandFailure(.usage, "--max-rate \(maxRate): expected a rate such as 2000/s")
    }
    let trial = try PlanOptions.duration("--trial", trial)
    guard trial >= .seconds(1), trial <= .seconds(600) else {
      throw CommandFailure(.usage, "--trial \(self.trial): expected 1s to 10m")
    }
    let idle = try PlanOptions.duration("--idle", idle).seconds
    guard idle > 0 else { throw CommandFailure(.usage, "--idle \(self.idle): expected more than 0s") }
    var settings = PlanSettings(
      scenario: scenario, command: try options.service(command),
      servicePort: try LocalPort.free(UInt16(options.servicePort)))
    settings.variables = try variables.values
    settings.idle = idle
    settings.startTimeout = try PlanOptions.duration("--start-timeout", options.startTimeout).seconds
    settings.highestRate = highest
    settings.trial = trial
    settings.starts = starts
    settings.coldVisits = coldVisits
    return settings
  }
}
