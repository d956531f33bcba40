import ArgumentParser
import BenchEmulator
import BenchEngine
import BenchReporting
import BenchScenario
import BenchVerdict
import Documents
import Evidence
import Foundation
import Plans
import Support

/// `outgrown bench plans SCENARIO.yaml --plans free,starter,standard -- COMMAND…`.
struct PlansCommand: ParsableCommand {
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

  @Option(name: .customLong("var"), help: ArgumentHelp("Set a variable of the scenario.", valueName: "name=value"))
  var variables: [String] = []

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
    do {
      throw ArgumentParser.ExitCode(try measure().rawValue)
    } catch {
      throw BenchFailure.exit(for: error)
    }
  }

  private func measure() throws -> Support.ExitCode {
    let catalogue = try options.loadCatalogue()
    let chosen = try plans.split(separator: ",").map { id throws(BenchFailure) in
      try options.plan(id.filter { !$0.isWhitespace }, in: catalogue)
    }
    guard !chosen.isEmpty else { throw BenchFailure(.usage, "--plans: expected ids such as free,starter") }
    let read = try ScenarioReader.read(path: scenario)
    guard read.setup.isEmpty, read.teardown.isEmpty else {
      throw BenchFailure(
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
    let control = LoadEngine.Control()
    let signals = InterruptSignals(repeated: {}, { control.interrupt() })
    defer { signals.cancel() }
    let startedAt = Date()
    let started = MonotonicClock.now()
    var figures: [PlanFigures] = []
    var warnings = scenario.warnings
    var kind: LimiterKind?
    for (plan, platformWake) in zip(chosen, wakes) {
      let limiter = try options.limiter(plan.limits)
      defer { limiter.remove() }
      if kind == nil { EventJournal.say("limits by \(limiter.kind.name)") }
      kind = limiter.kind
      let measurement = PlanMeasurement(
        plan: plan, platformWake: platformWake, settings: settings, limiter: limiter, control: control,
        say: EventJournal.say)
      guard let found = try measurement.run(guess: guess(for: plan, from: figures)) else { break }
      figures.append(found.figures)
      warnings += found.warnings
    }
    guard let kind, !figures.isEmpty else {
      throw BenchFailure(.interrupted, "interrupted before any plan was measured: there is no report")
    }
    if kind == .approximate {
      warnings.insert("approximate: CPU by SIGSTOP to within about 12 % of the quota, memory by watching", at: 0)
    }
    for plan in chosen where plan.limits.cpu > Double(ProcessInfo.processInfo.activeProcessorCount) {
      warnings.append("\(plan.plan.id): the plan has more CPU than this machine")
    }
    if control.isInterrupted {
      warnings.append("interrupted: \(figures.count) of \(CountText.plural(chosen.count, "plan")) measured")
    }

    let report = PlansReport(
      origin: .emulated, startedAt: UTCInstant(startedAt),
      durationSeconds: Double(MonotonicClock.now() - started) / 1e9,
      outgrown: .init(version: Version.number, commit: Version.commit), machine: .current, command: command,
      scenario: summary(settings), catalogue: catalogue.id, limiter: evidence(kind),
      timeScale: EdgeRule.timeScale(chosen.lazy.compactMap(\.plan.sleep).first, idle: settings.idle),
      plans: figures, warnings: warnings)
    let path = "\(folder)/plans.json"
    var unwritten: EvidenceError?
    do {
      try EvidenceFile.write(report, to: path)
    } catch {
      unwritten = error
    }
    let shown = unwritten == nil ? path : "not written"
    if json {
      FileHandle.standardOutput.write(try EvidenceFile.encode(report))
    } else {
      print(PlansSummary(report: report, catalogue: catalogue, path: shown).lines.joined(separator: "\n"))
    }
    if let unwritten { throw unwritten }
    return exitCode(figures, interrupted: control.isInterrupted)
  }

  // MARK: What was asked

  private func settings(_ scenario: RateScenario) throws -> PlanMeasurement.Settings {
    guard let highest = RateText.parse(maxRate), highest >= 1, highest <= 1e6 else {
      throw BenchFailure(.usage, "--max-rate \(maxRate): expected a rate such as 2000/s")
    }
    let trial = try PlanOptions.duration("--trial", trial)
    guard trial >= .seconds(1), trial <= .seconds(600) else {
      throw BenchFailure(.usage, "--trial \(self.trial): expected 1s to 10m")
    }
    let idle = try PlanOptions.duration("--idle", idle).seconds
    guard idle > 0 else { throw BenchFailure(.usage, "--idle \(self.idle): expected more than 0s") }
    return PlanMeasurement.Settings(
      scenario: scenario, variables: try VariableOption.parse(variables), command: try options.service(command),
      idle: idle,
      startTimeout: try PlanOptions.duration("--start-timeout", options.startTimeout).seconds, highestRate: highest,
      trial: trial, warmUp: .seconds(1), starts: starts, coldVisits: coldVisits,
      servicePort: try LocalPort.free(UInt16(options.servicePort)))
  }

  /// CPU-bound services scale with the quota: a little below is where to begin.
  private func guess(for plan: EmulatedPlan, from measured: [PlanFigures]) -> Double? {
    guard let last = measured.last(where: { $0.capacity != nil }), let capacity = last.capacity else { return nil }
    return capacity.value * plan.limits.cpu / last.cpu * 0.8
  }

  // MARK: What is said

  private func summary(_ settings: PlanMeasurement.Settings) -> ScenarioSummary {
    ScenarioSummary(
      name: settings.scenario.name, fileSHA256: FileDigest.sha256(scenario),
      target: "http://127.0.0.1:\(settings.servicePort)",
      model: .init(
        kind: .rate,
        stages: [
          .init(
            durationSeconds: (settings.warmUp + settings.trial).seconds,
            target: settings.highestRate / settings.scenario.requestsPerArrival, isStep: true)
        ],
        maxInFlight: RateScenario.maxInFlight),
      seed: settings.scenario.seed, warmUpSeconds: settings.warmUp.seconds,
      gracefulStopSeconds: RateScenario.gracefulStop.seconds)
  }

  private func evidence(_ kind: LimiterKind) -> PlansReport.Limiter {
    switch kind {
    case .cgroupV1: .cgroupV1
    case .cgroupV2: .cgroupV2
    case .approximate: .approximate
    }
  }

  private func exitCode(_ figures: [PlanFigures], interrupted: Bool) -> Support.ExitCode {
    var codes: Set<Support.ExitCode> = []
    if interrupted { codes.insert(.interrupted) }
    if figures.allSatisfy({ $0.outcome == .neverStarted }) { codes.insert(.targetNeverAnswered) }
    if figures.contains(where: { $0.constraint == .generator }) { codes.insert(.generatorBound) }
    return .first(of: codes)
  }
}
