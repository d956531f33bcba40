import BenchCapacity
import BenchEngine
import BenchScenario
import BenchVerdict
import Evidence
import Foundation
import Histograms
import Measures
import Terminal
import Wording

/// The trials of one scenario against a service that is there already, one after the other.
struct CapacityRun {
  let scenario: CapacityScenario
  let target: TargetURL?
  let load: LoadOptions
  let variables: [String: String]
  /// The scenario's, for its digest.
  let file: String
  let settings: CapacityCourse.Settings
  let timing: Timing
  let control: LoadEngine.Control

  struct Timing {
    var warmUp: Duration
    /// A trial that says where to look.
    var look: Duration
    /// One that judges.
    var trial: Duration
    /// All of it.
    var most: Duration

    func measured(_ stage: CapacityReport.Trial.Stage) -> Duration { stage == .look ? look : trial }
  }

  /// How long a service may take to do what an overload left it to do.
  private static let drainSeconds = 60.0
  /// A visit that takes longer has not come back.
  private static let visitTimeout = Duration.seconds(10)
  private static let visitsBefore = 5

  /// What trials share once the service is known to be there.
  private struct Ground {
    let address: SocketAddress
    let mayMove: @Sendable (SocketAddress) -> Bool
    /// What setup captured, by slot.
    var values: [Int: [UInt8]] = [:]
    /// One iteration by itself.
    var visit: LoadPlan
    /// Seconds of visits before any load; nil for one that failed.
    var before: [Double?] = []
  }

  /// Blocks for all of it; says on standard error how far it is.
  /// - Throws: what is wrong with the scenario or what was asked, before any load; what befalls the trials is in the report.
  func run() throws -> CapacityReport {
    let startedAt = Date()
    let started = MonotonicClock.now()
    let compiled = try compile(settings.highest, measured: timing.trial)
    let policy = try load.policy()
    var course = CapacityCourse(settings)
    var warnings = scenario.warnings
    var failure: CommandFailure?
    do {
      let ground = try reach(compiled.load, policy)
      try within(compiled, ground) { ground in
        try perform(&course, ground, &warnings, started: started)
      }
    } catch let error as EngineError {
      failure = CommandFailure(error.exitStatus, error.message)
    } catch let error as CommandFailure where [.targetNeverAnswered, .interrupted].contains(error.exitStatus) {
      failure = error
    }
    if let failure, ![.targetNeverAnswered, .interrupted].contains(failure.exitStatus) { throw failure }
    return report(course, failure, warnings, plan: compiled.load, startedAt: startedAt, started: started)
  }

  // MARK: Before the first trial

  private var place: TargetURL? { target ?? scenario.target }

  private func compile(_ load: Double, measured: Duration, number: Int = 0) throws -> CompiledScenario {
    try self.load.compile(
      scenario.trial(load: load, warmUp: timing.warmUp, measured: measured, number: number), target: target,
      variables: variables, at: Date())
  }

  /// The rule on targets holds for the highest load that may be tried, and wherever the name leads later.
  private func reach(_ plan: LoadPlan, _ policy: TargetPolicy) throws -> Ground {
    let address = try Preflight.reach(plan)
    let place = place
    let peak = TargetPolicy.peakRate(of: plan)
    let endpoint = plan.endpoint
    let judge = { @Sendable (address: SocketAddress) -> TargetPolicy.Decision in
      guard let place else { return .allowed("") }
      return policy.judge(target: place, endpoint: endpoint, address: address.numericHost, peak: peak)
    }
    if case .refused(let reason) = judge(address) {
      throw CommandFailure(
        .invalidConfiguration,
        "\(reason) (\(settings.unit == .users ? "--max-users" : "--max-rate \(settings.highest)/s"))")
    }
    var visit = plan
    if let heaviest = plan.journeys.max(by: { $0.weight < $1.weight }) { visit = plan.once(heaviest) }
    for step in visit.steps.indices { visit.steps[step].thinkTime = .none }
    visit.responseTimeout = min(visit.responseTimeout, Self.visitTimeout)
    return Ground(
      address: address,
      mayMove: { address in
        if case .refused = judge(address) { return false }
        return true
      }, visit: visit)
  }

  /// Setup, the trials, and teardown however they end.
  private func within(_ compiled: CompiledScenario, _ ground: Ground, _ body: (Ground) throws -> Void) throws {
    var ground = ground
    let outcome = Result {
      if let plan = compiled.setup {
        let side = SideRun(name: "setup", plan: plan).run(to: ground.address, control: control)
        ground.values = side.values
        if let failure = side.failure { throw failure }
      }
      ground.visit = ground.visit.fixing(ground.values)
      if let place,
        TargetPolicy.isHosted(
          target: place, endpoint: compiled.load.endpoint, address: ground.address.numericHost)
      {
        // At most: the highest load for all of the time.
        let most = try compile(settings.highest, measured: timing.most).load.fixing(ground.values)
        _ = try EgressCheck(plan: most, host: place.host, isAgreed: load.yes, mayProbe: true)
          .run(to: ground.address, control: control, say: Console.say)
      }
      try body(ground)
    }
    let (teardown, leftOut) = SideRun.teardown(compiled.teardown, values: ground.values)
    if !leftOut.isEmpty {
      Console.say("teardown left out, for want of what setup was to capture: \(leftOut.joined(separator: ", "))")
    }
    if let failure = teardown?.run(to: ground.address, control: LoadEngine.Control()).failure {
      Console.say(failure.message)
    }
    try outcome.get()
  }

  // MARK: Trials

  private func perform(
    _ course: inout CapacityCourse, _ ground: Ground, _ warnings: inout [String], started: UInt64
  ) throws {
    let deadline = started + UInt64(timing.most.nanosecondCount)
    var ground = ground
    for _ in 0..<Self.visitsBefore where !control.isInterrupted { ground.before.append(try visit(ground)) }
    Console.note(
      "at most \(CapacityText.load(settings.highest, settings.unit)), trials of "
        + "\(DurationText.format(timing.trial)), within \(DurationText.format(timing.most)); order by --seed \(settings.seed)"
    )
    while let trial = course.next {
      let measured = timing.measured(trial.stage)
      guard !control.isInterrupted else { return course.end(.interrupted) }
      guard MonotonicClock.now() + UInt64((timing.warmUp + measured).nanosecondCount) <= deadline else {
        return course.end(.timeRanOut)
      }
      let outcome = try perform(trial, measured: measured, number: course.trials.count, ground)
      guard !control.isInterrupted else { return course.end(.interrupted) }
      if let warning = outcome.hostWarning, !warnings.contains(where: { $0.hasPrefix("noisy host") }) {
        warnings.append("noisy host: \(warning)")
      }
      course.record(outcome, budgets: Set(scenario.budgets.map(\.text)))
      Console.note(line(trial, outcome))
      guard course.next != nil else { return }
      if try !drain(ground, deadline: deadline), !control.isInterrupted, MonotonicClock.now() < deadline {
        return course.end(
          .notDrained(
            "\(Int(Self.drainSeconds)) s after the trial of \(CapacityText.load(trial.load, settings.unit)) the service "
              + "did not answer a visit as before it: no further trial"))
      }
    }
  }

  private func perform(
    _ trial: CapacityCourse.Trial, measured: Duration, number: Int, _ ground: Ground
  ) throws -> LoadTrial.Outcome {
    let plan = try compile(trial.load, measured: measured, number: number).load.fixing(ground.values)
    if let lack = Self.lack(for: plan) { return .notOffered(lack) }
    let rate = settings.unit == .users ? nil : trial.load * scenario.requestsPerIteration
    return try LoadTrial(plan: plan, budgets: scenario.budgets, requestsPerSecond: rate, control: control)
      .run(to: ground.address, mayMove: ground.mayMove)
  }

  /// What of this process a load has too little of; nil when it has enough.
  private static func lack(for plan: LoadPlan) -> String? {
    do { try Preflight.requireResources(for: plan) } catch { return error.message }
    return nil
  }

  /// Seconds of one iteration by itself; nil when it failed.
  private func visit(_ ground: Ground) throws(EngineError) -> Double? {
    let result = try LoadEngine.run(
      ground.visit, to: ground.address, control: control, mayMove: ground.mayMove, observe: { _ in .goOn })
    let all = result.steps.sum()
    guard all.attempts > 0, all.failed == 0, result.iterations.completed == 1 else { return nil }
    return result.steps.reduce(0) { $0 + Double($1.attempts) * ($1.response.mean ?? 0) } / 1e9
  }

  /// - Returns: whether the service has done what the last trial left it to do.
  private func drain(_ ground: Ground, deadline: UInt64) throws(EngineError) -> Bool {
    var watch = DrainWatch(before: ground.before)
    let end = min(deadline, MonotonicClock.now() + UInt64(Self.drainSeconds * 1e9))
    var pause = 0.02
    while !control.isInterrupted, MonotonicClock.now() < end {
      if watch.record(try visit(ground)) { return true }
      Thread.sleep(forTimeInterval: pause)
      pause = min(pause * 1.5, 1)
    }
    return false
  }

  private func line(_ trial: CapacityCourse.Trial, _ outcome: LoadTrial.Outcome) -> String {
    let load = TextLayout.left(CapacityText.load(trial.load, settings.unit), 12)
    let p95 = outcome.p95Milliseconds.map { "p(95) \(DurationText.format(.seconds($0 / 1_000)))" } ?? "no p(95)"
    let broken = outcome.broken.first ?? "it could not hold any more"
    let words =
      switch outcome.verdict {
      case .held: "held   \(p95)"
      case .broke:
        "broke  \(outcome.isDisturbed ? "(the machine stood still) " : "")\(broken)"
      case .notOffered: "could not be offered: \(outcome.generatorBound ?? "")"
      }
    return "  \(TextLayout.left(trial.stage.rawValue, 8)) \(load) \(words)"
  }

  // MARK: What came of it

  private func report(
    _ course: CapacityCourse, _ failure: CommandFailure?, _ warnings: [String], plan: LoadPlan, startedAt: Date,
    started: UInt64
  ) -> CapacityReport {
    var conclusion = course.conclusion
    if let failure {
      conclusion.outcome = failure.exitStatus == .interrupted ? .interrupted : .neverAnswered
      conclusion.exitStatus = failure.exitStatus
      conclusion.reason = failure.message
    }
    let model = ScenarioSummary.Model(
      kind: settings.unit == .users ? .users : .rate,
      stages: [
        .init(durationSeconds: (timing.warmUp + timing.trial).seconds, target: settings.highest, isStep: true)
      ],
      maxInFlight: scenario.maxInFlight)
    return CapacityReport(
      startedAt: UTCInstant(startedAt), durationSeconds: Double(MonotonicClock.now() - started) / 1e9,
      outgrown: .current, machine: .current,
      scenario: ScenarioSummary(
        name: scenario.name, fileSHA256: FileDigest.sha256(file), target: place.map(\.description) ?? "",
        model: model, seed: scenario.seed, warmUpSeconds: timing.warmUp.seconds,
        gracefulStopSeconds: scenario.gracefulStop.seconds),
      unit: settings.unit, requestsPerIteration: scenario.requestsPerIteration,
      rule: .init(
        trialSeconds: timing.trial.seconds, warmUpSeconds: timing.warmUp.seconds, rounds: settings.rounds,
        step: settings.step, highest: settings.highest, maxSeconds: timing.most.seconds, seed: settings.seed),
      outcome: conclusion.outcome, capacity: conclusion.capacity, reason: conclusion.reason, loads: conclusion.loads,
      trials: course.trials, warnings: warnings + conclusion.warnings, exitCode: Int(conclusion.exitStatus.rawValue))
  }
}
