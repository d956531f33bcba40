import BenchEngine
import BenchReporting
import BenchScenario
import BenchVerdict
import Evidence
import Foundation
import Terminal

/// One run from a validated scenario to its reports.
struct BenchSession {
  let scenario: Scenario
  let target: TargetURL?
  let load: LoadOptions
  var variables: [String: String] = [:]
  /// The scenario's file, for its digest.
  var file: String?
  /// Of the reports' folder in `out/bench`; nil: the scenario's.
  var folderName: String?
  /// A percentile fails it only where the whole of its interval is beyond the limit.
  var isSure = false
  /// Of several that are measured at once none has the screen.
  var showsProgress = true
  /// Called when all is ready, before the first request of the load.
  var whenReady: @Sendable () -> Void = {}

  /// A run with its report.
  ///
  /// Unchecked because of the timeline, which nobody adds to any more.
  struct Finished: @unchecked Sendable {
    var report: BenchReport
    var plan: LoadPlan
    var result: LoadResult
    let timeline: Timeline
    /// Why it ended before its time, or did not begin.
    var failure: CommandFailure?
    /// Why the report has no timeline.
    var unwritten: EvidenceError?
  }

  /// What a run leaves behind for its report.
  private struct Record {
    var plan: LoadPlan
    var watch: BudgetWatch
    /// As far as it came.
    var result: LoadResult
    let timeline: Timeline
    var startedAt: Date
    var failure: CommandFailure?
    var setup: SideFigures?
    var teardown: SideFigures?
    var egress: EgressFigures?

    init(plan: LoadPlan, watch: BudgetWatch, timeline: Timeline, startedAt: Date) {
      self.plan = plan
      self.watch = watch
      self.timeline = timeline
      self.startedAt = startedAt
      result = LoadResult(plan)
    }
  }

  /// Runs on the calling thread, which it blocks; progress goes to standard error, the summary to standard output.
  /// - Throws: what is wrong with the scenario or the reports' folder, or an egress that nobody has agreed to; whatever
  ///   befalls the run itself is in the reports and the code.
  func run() throws -> ExitStatus {
    let control = LoadEngine.Control()
    let signals = InterruptSignals { control.interrupt() }
    defer { signals.cancel() }
    return try show(try measure(control))
  }

  /// Runs on the calling thread, which it blocks.
  /// - Throws: as `run` does.
  func measure(_ control: LoadEngine.Control) throws -> Finished {
    let now = Date()
    let compiled = try load.compile(scenario, target: target, variables: variables, at: now)
    let policy = try load.policy()
    // Not only after the load, which may take hours.
    try EvidenceFile.requireWritable(folder: folder)
    let budgets = Budget.complete(scenario.budgets.map(\.budget), with: Budget.defaults(for: compiled.load))
    var record = Record(
      plan: compiled.load, watch: BudgetWatch(budgets: budgets, plan: compiled.load, wake: wake, isSure: isSure),
      timeline: try Timeline(folder: folder), startedAt: now)
    do {
      try Preflight.requireResources(for: compiled.load)
      let address = try Preflight.reach(compiled.load)
      try obey(policy, plan: compiled.load, address: address)
      try perform(compiled, address, policy, control, &record)
    } catch let error as EngineError {
      record.failure = CommandFailure(error.exitStatus, error.message)
    }
    return try finished(record)
  }

  // MARK: Steps

  private var shownTarget: String { (target ?? scenario.target).map(\.description) ?? "" }

  private var folder: String { load.out ?? "out/bench/\(folderName ?? FolderName.from(scenario.name))" }

  private var wake: (phase: Int, budget: Budget)? {
    scenario.phases.enumerated().lazy.compactMap { index, phase in phase.wakes.map { (index, $0) } }.first
  }

  private func obey(_ policy: TargetPolicy, plan: LoadPlan, address: SocketAddress) throws {
    guard let target = target ?? scenario.target else { return }
    if case .refused(let reason) = policy.judge(
      target: target, endpoint: plan.endpoint, address: address.numericHost, peak: TargetPolicy.peakRate(of: plan))
    {
      throw CommandFailure(.invalidConfiguration, reason)
    }
  }

  /// Setup, the load, and teardown however they end.
  private func perform(
    _ compiled: CompiledScenario, _ address: SocketAddress, _ policy: TargetPolicy, _ control: LoadEngine.Control,
    _ record: inout Record
  ) throws {
    var values: [Int: [UInt8]] = [:]
    var refusal: CommandFailure?
    do {
      if let plan = compiled.setup {
        let outcome = SideRun(name: "setup", plan: plan).run(to: address, control: control)
        values = outcome.values
        record.setup = outcome.figures
        if let failure = outcome.failure { throw failure }
      }
      record.plan = compiled.load.fixing(values)
      record.egress = try estimateEgress(record.plan, address, control)
      record.startedAt = Date()
      try measure(address, policy, control, &record)
    } catch let error as CommandFailure where error.exitStatus == .usage {
      refusal = error
    } catch let error as CommandFailure {
      record.failure = error
    } catch let error as EngineError {
      record.failure = CommandFailure(error.exitStatus, error.message)
    }
    let (teardown, leftOut) = SideRun.teardown(compiled.teardown, values: values)
    if !leftOut.isEmpty {
      Console.say("teardown left out, for want of what setup was to capture: \(leftOut.joined(separator: ", "))")
    }
    if let teardown {
      // It has an interrupt of its own: the first one ended the load and is not to end this.
      let outcome = teardown.run(to: address, control: LoadEngine.Control())
      record.teardown = outcome.figures
      if let failure = outcome.failure { Console.say(failure.message) }
    }
    if let refusal { throw refusal }
  }

  /// - Returns: nil for a target on this machine or a private network.
  private func estimateEgress(
    _ plan: LoadPlan, _ address: SocketAddress, _ control: LoadEngine.Control
  ) throws -> EgressFigures? {
    guard let target = target ?? scenario.target,
      TargetPolicy.isHosted(target: target, endpoint: plan.endpoint, address: address.numericHost)
    else { return nil }
    return try EgressCheck(plan: plan, host: target.host, isAgreed: load.yes, mayProbe: wake == nil)
      .run(to: address, control: control, say: Console.say)
  }

  private func measure(
    _ address: SocketAddress, _ policy: TargetPolicy, _ control: LoadEngine.Control, _ record: inout Record
  ) throws(EngineError) {
    let plan = record.plan
    let isOpenModel = plan.loads.allSatisfy { load in
      if case .rate = load.workload { true } else { false }
    }
    let screen =
      showsProgress
      ? LiveScreen.standardError(
        view: LiveView(scenarioName: scenario.name, isOpenModel: isOpenModel, phaseNames: plan.phases.map(\.name)),
        environment: ProcessInfo.processInfo.environment) : nil
    defer { screen?.finish() }
    // The rule on targets holds for wherever the name leads later, too.
    let target = target ?? scenario.target
    let peak = TargetPolicy.peakRate(of: plan)
    let mayMove = { @Sendable (address: SocketAddress) -> Bool in
      guard let target else { return true }
      let decision = policy.judge(target: target, endpoint: plan.endpoint, address: address.numericHost, peak: peak)
      if case .refused = decision { return false }
      return true
    }
    whenReady()
    _ = try LoadEngine.run(plan, to: address, control: control, mayMove: mayMove) { progress in
      screen?.show(progress)
      record.timeline.add(Second(progress))
      if progress.isLast { record.result = progress.total }
      return record.watch.observe(progress) == nil ? .goOn : .abort
    }
  }

  private func finished(_ record: Record) throws -> Finished {
    var record = record
    record.result = record.watch.completing(record.result)
    let judged = RunVerdict(result: record.result, watch: record.watch)
    let verdict = judged.evidence(failure: record.failure)
    var context = ReportContext(
      scenarioName: scenario.name, scenarioSHA256: file.flatMap { FileDigest.sha256($0) }, target: shownTarget,
      startedAt: record.startedAt, budgets: judged.budgets.map(\.evidence), verdict: verdict,
      generatorIsBound: judged.generator.isBound, generatorWarnings: judged.generator.warnings)
    context.setup = record.setup
    context.teardown = record.teardown
    context.egress = record.egress
    context.silences = judged.silences
    context.wake = record.watch.wake.map { WakeFigures($0, plan: record.plan, result: record.result) }
    context.calibration = CalibrationFile.current()
    var points: [TimelineFigures] = []
    var unwritten: EvidenceError?
    do { points = try record.timeline.figures() } catch {
      unwritten = error as? EvidenceError ?? EvidenceError(.unwritable, "\(folder): no timeline: \(error)")
    }
    return Finished(
      report: try ReportBuilder.report(
        plan: record.plan, result: record.result, timeline: points, context: context),
      plan: record.plan, result: record.result, timeline: record.timeline, failure: record.failure,
      unwritten: unwritten)
  }

  private func show(_ finished: Finished) throws -> ExitStatus {
    let report = finished.report
    var unwritten = finished.unwritten
    var paths: [String] = []
    do {
      paths = try finished.write(to: folder)
    } catch let error as EvidenceError {
      unwritten = unwritten ?? error
    }
    if load.json {
      Console.write(try EvidenceFile.encode(report))
    } else {
      let style = Console.style
      print(ConsoleSummary.render(report, paths: paths, style: style).joined(separator: "\n"))
    }
    if let failure = finished.failure { Console.say(failure.message) }
    if let unwritten {
      Console.say(unwritten.message)
      return .unavailable
    }
    return ExitStatus(rawValue: Int32(report.verdict.exitCode)) ?? .internal
  }
}

extension BenchSession.Finished {
  /// - Returns: the paths of its files.
  func write(to folder: String) throws -> [String] {
    try ReportFiles.write(report, plan: plan, result: result, timeline: timeline, to: folder)
  }
}
