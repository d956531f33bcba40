package import BenchEngine
package import Evidence
import Histograms
import Measures
import Wording

/// Turns what a run counted into its evidence.
package enum ReportBuilder {
  /// - Throws: `HistogramCodecError` when zlib runs out of memory.
  package static func report(
    plan: LoadPlan, result: LoadResult, timeline: [TimelineFigures], context: ReportContext
  ) throws -> BenchReport {
    let elapsed = Double(result.elapsedNanoseconds) / 1e9
    let warmUp = plan.phases.isEmpty ? min(plan.warmUp.seconds, elapsed) : 0
    let measured = elapsed - warmUp
    var totals = try figures("all", result.steps.sum(), plan: nil, seconds: measured)
    totals.phases?.dns = PhaseSummary(result.lookUps)
    var report = BenchReport(
      origin: context.origin,
      timeScale: context.timeScale,
      startedAt: UTCInstant(context.startedAt),
      durationSeconds: elapsed,
      measuredSeconds: measured,
      outgrown: .current,
      machine: context.machine,
      plan: context.plan,
      scenario: scenario(plan, context),
      ending: result.ending,
      totals: totals,
      steps: try steps(result.steps, plan.steps, seconds: measured),
      warmUp: try steps(result.warmUpSteps, plan.steps, seconds: warmUp),
      iterations: result.iterations,
      connections: result.connections,
      timeline: timeline,
      generator: try generator(result.generator, context, responseTime: totals.responseTime),
      budgets: context.budgets.map { WorstStep.fill(into: $0, steps: plan.steps, tallies: result.steps) },
      verdict: context.verdict)
    report.phases = try phases(plan, result)
    report.setup = context.setup
    report.teardown = context.teardown
    report.egress = context.egress
    report.wake = context.wake
    if !context.silences.isEmpty { report.silences = context.silences.map { SilenceFigures($0, plan: plan) } }
    return report
  }

  private static func generator(
    _ tally: GeneratorTally, _ context: ReportContext, responseTime: LatencySummary
  ) throws -> GeneratorFigures {
    var figures = GeneratorFigures(
      workers: max(1, tally.workers), workerCPUSeconds: Double(tally.workerCPUNanoseconds) / 1e9,
      peakWorkerBusy: min(max(tally.peakWorkerBusy, 0), 1), controlLag: try LatencySummary(tally.controlLag),
      resourceFailures: tally.resourceFailures, isBound: context.generatorIsBound, warnings: context.generatorWarnings)
    figures.floor = context.calibration.map { FloorFigures($0, responseTime: responseTime) }
    return figures
  }

  private static func scenario(_ plan: LoadPlan, _ context: ReportContext) -> ScenarioSummary {
    var summary = ScenarioSummary(
      name: context.scenarioName,
      fileSHA256: context.scenarioSHA256,
      target: DisplayText.withoutUserInfo(context.target),
      model: model(of: plan),
      seed: plan.seed,
      warmUpSeconds: plan.phases.isEmpty ? plan.warmUp.seconds : 0,
      gracefulStopSeconds: plan.gracefulStop.seconds)
    summary.thinkTimes = thinkTimes(of: plan)
    return summary
  }

  private static func steps(
    _ tallies: [StepMeasure], _ plans: [StepPlan], seconds: Double
  ) throws -> [StepFigures] {
    try zip(plans, tallies).map { try figures($0.name, $1, plan: $0, seconds: seconds) }
  }

  static func figures(
    _ name: String, _ tally: StepMeasure, plan: StepPlan?, seconds: Double
  ) throws -> StepFigures {
    var figures = StepFigures(name: name)
    if let tags = plan?.tags, !tags.isEmpty { figures.tags = tags }
    figures.requests = RequestFigures(tally, seconds: seconds)
    figures.checks = zip(plan?.checks ?? [], zip(tally.checksPassed, tally.checksFailed)).map {
      .init(label: $0.label, passed: $1.0, failed: $1.1)
    }
    figures.responseTime = try LatencySummary(tally.judgedResponse)
    if !tally.withheld.isEmpty { figures.responseTimeRaw = try LatencySummary(tally.response) }
    figures.serviceTime = try LatencySummary(tally.service)
    figures.scheduleLag = try LatencySummary(tally.lag)
    figures.phases = PhaseFigures(tally.phases)
    return figures
  }
}
