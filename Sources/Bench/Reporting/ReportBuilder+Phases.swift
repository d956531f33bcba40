package import BenchEngine
package import BenchVerdict
package import Evidence
import Measures
import Wording

extension ReportBuilder {
  static func model(of plan: LoadPlan) -> ScenarioSummary.Model {
    let stages = plan.workload.stages.map {
      ScenarioSummary.Stage(durationSeconds: $0.duration.seconds, target: $0.target, isStep: $0.isStep)
    }
    guard plan.phases.isEmpty else { return .init(kind: .phases, stages: []) }
    switch plan.workload {
    case .users:
      var model = ScenarioSummary.Model(kind: .users, stages: stages)
      model.pacing = plan.pacing.text
      switch plan.iterationLimit {
      case nil: break
      case .shared(let count)?: model.iterations = UInt64(clamping: count)
      case .perUser(let count)?: model.iterationsPerUser = UInt64(clamping: count)
      }
      return model
    case .rate(_, let maxInFlight):
      var model = ScenarioSummary.Model(kind: .rate, stages: stages, maxInFlight: maxInFlight)
      model.arrivals = plan.arrivals == .poisson ? .poisson : .even
      model.overflow = plan.overflow == .drop ? .drop : .queue
      return model
    }
  }

  /// Each once, in the steps' order.
  static func thinkTimes(of plan: LoadPlan) -> [String] {
    var times: [String] = []
    for text in plan.steps.compactMap(\.thinkTime.text) where !times.contains(text) { times.append(text) }
    return times
  }

  static func phases(_ plan: LoadPlan, _ result: LoadResult) throws -> [LoadPhaseFigures]? {
    guard !plan.phases.isEmpty else { return nil }
    return try zip(plan.phases, result.phases).map { phase, tally in
      let seconds = Double(tally.elapsedNanoseconds) / 1e9
      let measured = max(0, seconds - phase.warmUp.seconds)
      let own = Set(phase.journeys.flatMap { plan.journeys[$0].steps }).sorted()
      return LoadPhaseFigures(
        name: phase.name, startSeconds: tally.startNanoseconds.map { Double($0) / 1e9 }, durationSeconds: seconds,
        model: model(of: plan.plan(of: phase)), seed: phase.seed, warmUpSeconds: phase.warmUp.seconds,
        journeys: phase.journeys.map { plan.journeys[$0].name }, iterations: tally.iterations,
        totals: try figures("all", tally.steps.sum(), plan: nil, seconds: measured),
        steps: try own.map { index in
          try figures(plan.steps[index].name, tally.steps[index], plan: plan.steps[index], seconds: measured)
        },
        firstByteSeconds: tally.firstByteNanoseconds.map { Double($0) / 1e9 })
    }
  }
}

extension SilenceFigures {
  init(_ silence: Silence, plan: LoadPlan) {
    self.init(
      step: plan.steps[silence.step].name, phase: silence.phase.map { plan.phases[$0].name },
      startSeconds: Double(silence.start) / 1e9, endSeconds: Double(silence.end) / 1e9,
      measuredSeconds: Double(silence.measured.count) / 1e9, due: silence.due.rounded(),
      isAnsweredAfter: silence.isAnsweredAfter, isOfHost: silence.isOfHost)
  }
}

extension WakeFigures {
  package init(_ observed: WakeObservation, plan: LoadPlan, result: LoadResult) {
    let start = result.phases.indices.contains(observed.phase) ? result.phases[observed.phase].startNanoseconds : nil
    self.init(
      phase: plan.phases[observed.phase].name, startSeconds: Double(start ?? 0) / 1e9,
      firstByteSeconds: observed.firstByteSeconds, budget: observed.budget.conditionText,
      budgetMetSeconds: observed.budgetMetSeconds, attempts: result.steps.reduce(0) { $0 + $1.attempts },
      failed: result.steps.reduce(0) { $0 + $1.failed })
  }
}
