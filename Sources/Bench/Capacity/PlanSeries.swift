package import BenchEmulator
package import BenchEngine
package import Evidence
import Foundation
import Plans
package import Statistics
package import Terminal
import Wording

/// Measures a service under one plan after the other.
package struct PlanSeries {
  package var plans: [EmulatedPlan]
  /// What the platform adds to a wake, plan by plan; nil for one that never sleeps.
  package var platformWakes: [Estimate?]
  package var settings: PlanSettings
  /// Where the plans are from.
  package var catalogue: String
  /// Of the scenario's file.
  package var fileSHA256: String?
  package var makeLimiter: (PlanLimits) throws -> any PlanLimiter

  package init(
    plans: [EmulatedPlan], platformWakes: [Estimate?], settings: PlanSettings, catalogue: String,
    fileSHA256: String?, makeLimiter: @escaping (PlanLimits) throws -> any PlanLimiter
  ) {
    self.plans = plans
    self.platformWakes = platformWakes
    self.settings = settings
    self.catalogue = catalogue
    self.fileSHA256 = fileSHA256
    self.makeLimiter = makeLimiter
  }

  /// Blocks the calling thread.
  /// - Throws: `CommandFailure` when it was interrupted before any plan was measured.
  package func run(
    control: LoadEngine.Control, say: @escaping (String) -> Void
  ) throws -> (report: PlansReport, status: ExitStatus) {
    let startedAt = Date()
    let started = MonotonicClock.now()
    var figures: [PlanFigures] = []
    var warnings = settings.scenario.warnings
    var kind: LimiterKind?
    for (plan, platformWake) in zip(plans, platformWakes) {
      let limiter = try makeLimiter(plan.limits)
      defer { limiter.remove() }
      if kind == nil { say("limits by \(limiter.kind.name)") }
      kind = limiter.kind
      let measurement = PlanMeasurement(
        plan: plan, platformWake: platformWake, settings: settings, limiter: limiter, control: control, say: say)
      guard let found = try measurement.run(guess: guess(for: plan, from: figures)) else { break }
      figures.append(found.figures)
      warnings += found.warnings
    }
    guard let kind, !figures.isEmpty else {
      throw CommandFailure(.interrupted, "interrupted before any plan was measured: there is no report")
    }
    if kind == .approximate {
      warnings.insert("approximate: CPU by SIGSTOP to within about 12 % of the quota, memory by watching", at: 0)
    }
    for plan in plans where plan.limits.cpu > Double(ProcessInfo.processInfo.activeProcessorCount) {
      warnings.append("\(plan.plan.id): the plan has more CPU than this machine")
    }
    if control.isInterrupted {
      warnings.append("interrupted: \(figures.count) of \(CountText.plural(plans.count, "plan")) measured")
    }
    let report = PlansReport(
      origin: .emulated, startedAt: UTCInstant(startedAt),
      durationSeconds: Double(MonotonicClock.now() - started) / 1e9, outgrown: .current, machine: .current,
      command: settings.command.words, scenario: summary, catalogue: catalogue, limiter: evidence(kind),
      timeScale: EdgeRule.timeScale(plans.lazy.compactMap(\.plan.sleep).first, idle: settings.idle), plans: figures,
      warnings: warnings)
    return (report, status(figures, interrupted: control.isInterrupted))
  }

  /// CPU-bound services scale with the quota: a little below is where to begin.
  private func guess(for plan: EmulatedPlan, from measured: [PlanFigures]) -> Double? {
    guard let last = measured.last(where: { $0.capacity != nil }), let capacity = last.capacity else { return nil }
    return capacity.value * plan.limits.cpu / last.cpu * 0.8
  }

  private var summary: ScenarioSummary {
    ScenarioSummary(
      name: settings.scenario.name, fileSHA256: fileSHA256, target: "http://127.0.0.1:\(settings.servicePort)",
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

  private func status(_ figures: [PlanFigures], interrupted: Bool) -> ExitStatus {
    var codes: Set<ExitStatus> = []
    if interrupted { codes.insert(.interrupted) }
    if figures.allSatisfy({ $0.outcome == .neverStarted }) { codes.insert(.targetNeverAnswered) }
    if figures.contains(where: { $0.constraint == .generator }) { codes.insert(.generatorBound) }
    return .first(of: codes)
  }
}
