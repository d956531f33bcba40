import BenchEngine
import BenchReporting
import BenchScenario
import BenchVerdict
import Evidence
import Foundation
import Support

/// One run from a validated scenario to its reports.
struct BenchSession {
  let scenario: Scenario
  let target: TargetURL?
  let load: LoadOptions
  var variables: [String: String] = [:]
  /// The scenario's file, for its digest.
  var file: String?

  /// Runs on the calling thread, which it blocks; progress goes to standard error, the summary to standard output.
  /// - Throws: what is wrong with the scenario or the reports' folder; whatever befalls the run itself is in the reports and the code.
  func run() throws -> Support.ExitCode {
    let now = Date()
    var options = ScenarioCompiler.Options(
      target: target, variables: variables, secondsSince1970: Int64(now.timeIntervalSince1970),
      tick: load.tickDuration ?? .zero, tls: load.tls)
    options.connectTo = load.connectTo.flatMap { ConnectAddress($0) }
    options.family = load.family
    options.pinsWorkers = load.pin
    var plan = try ScenarioCompiler.plan(scenario, options)
    options.workers = load.workers(for: plan.workload)
    plan.workers = options.workers
    let policy = try load.policy()
    // Not only after the load, which may take hours.
    try EvidenceFile.requireWritable(folder: folder)
    let budgets = Budget.complete(scenario.budgets.map(\.budget))
    var watch = BudgetWatch(budgets: budgets, plan: plan)
    var startedAt = now
    var failure: BenchFailure?
    var result = LoadResult(
      steps: plan.steps.map { StepTally(checks: $0.checks.count) },
      warmUpSteps: plan.steps.map { StepTally(checks: $0.checks.count) })
    do {
      try Preflight.requireResources(for: plan)
      let address = try Preflight.reach(plan)
      try obey(policy, plan: plan, address: address)
      startedAt = Date()
      result = try measure(plan, address, policy, &watch)
    } catch let error as EngineError {
      failure = BenchFailure(error)
    }
    return try report(plan: plan, result: result, watch: watch, startedAt: startedAt, failure: failure)
  }

  // MARK: Steps

  private var shownTarget: String { (target ?? scenario.target).map(\.description) ?? "" }

  private var folder: String { load.out ?? "out/bench/\(FolderName.from(scenario.name))" }

  private func obey(_ policy: TargetPolicy, plan: LoadPlan, address: SocketAddress) throws {
    guard let target = target ?? scenario.target else { return }
    if case .refused(let reason) = policy.judge(
      target: target, endpoint: plan.endpoint, address: address.numericHost, peak: TargetPolicy.peakRate(of: plan))
    {
      throw BenchFailure(.invalidConfiguration, reason)
    }
  }

  private func measure(
    _ plan: LoadPlan, _ address: SocketAddress, _ policy: TargetPolicy, _ watch: inout BudgetWatch
  ) throws(EngineError) -> LoadResult {
    let control = LoadEngine.Control()
    let signals = InterruptSignals { control.interrupt() }
    defer { signals.cancel() }
    var isOpenModel = false
    if case .rate = plan.workload { isOpenModel = true }
    let screen = LiveScreen.standardError(
      view: LiveView(scenarioName: scenario.name, isOpenModel: isOpenModel),
      environment: ProcessInfo.processInfo.environment)
    defer { screen.finish() }
    // The rule on targets holds for wherever the name leads later, too.
    let target = target ?? scenario.target
    let peak = TargetPolicy.peakRate(of: plan)
    let mayMove = { @Sendable (address: SocketAddress) -> Bool in
      guard let target else { return true }
      let decision = policy.judge(target: target, endpoint: plan.endpoint, address: address.numericHost, peak: peak)
      if case .refused = decision { return false }
      return true
    }
    return try LoadEngine.run(plan, to: address, control: control, mayMove: mayMove) { progress in
      screen.show(progress)
      return watch.observe(progress) == nil ? .goOn : .abort
    }
  }

  private func report(
    plan: LoadPlan, result: LoadResult, watch: BudgetWatch, startedAt: Date, failure: BenchFailure?
  ) throws -> Support.ExitCode {
    let judged = BenchVerdict.RunVerdict(result: result, watch: watch)
    let verdict = judged.evidence(failure: failure)
    var context = ReportContext(
      scenarioName: scenario.name, scenarioSHA256: file.flatMap { FileDigest.sha256($0) }, target: shownTarget,
      startedAt: startedAt, budgets: judged.budgets.map(\.evidence), verdict: verdict,
      generatorIsBound: judged.generator.isBound, generatorWarnings: judged.generator.warnings)
    context.calibration = CalibrationFile.current()
    let report = try ReportBuilder.report(plan: plan, result: result, context: context)
    var paths: [String] = []
    var unwritten: EvidenceError?
    do {
      paths = try ReportFiles.write(report, plan: plan, result: result, to: folder)
    } catch let error as EvidenceError {
      unwritten = error
    }
    if load.json {
      FileHandle.standardOutput.write(try EvidenceFile.encode(report))
    } else {
      let style = ConsoleStyle.detect(
        isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
      print(ConsoleSummary.render(report, paths: paths, style: style).joined(separator: "\n"))
    }
    if let failure {
      FileHandle.standardError.write(Data("outgrown: \(failure.message)\n".utf8))
    }
    if let unwritten {
      FileHandle.standardError.write(Data("outgrown: \(unwritten.message)\n".utf8))
      return .unavailable
    }
    return Support.ExitCode(rawValue: Int32(verdict.exitCode)) ?? .internal
  }
}

/// A scenario's name as a folder's.
enum FolderName {
  static func from(_ name: String) -> String {
    let kept = name.unicodeScalars.map { scalar -> Character in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      return isPlain || scalar == "-" || scalar == "_" ? Character(scalar) : "-"
    }
    let text = String(kept.prefix(80))
    return text.isEmpty ? "scenario" : text
  }
}
