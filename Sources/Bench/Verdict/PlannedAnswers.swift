import BenchEngine

/// How many answers of a step an open load's plan has due: its arrivals, times the share of them that ask for the step.
struct PlannedAnswers: Sendable {
  private let schedule: ArrivalSchedule
  private let share: Double

  /// - Returns: nil for a closed model. Steps that are asked on a condition or in a loop are taken as asked once.
  init?(_ plan: LoadPlan, step: Int) {
    guard case .rate(let stages, _) = plan.workload else { return nil }
    schedule = ArrivalSchedule(stages)
    let all = plan.journeys.reduce(0) { $0 + $1.weight }
    let asking = plan.journeys.filter { $0.steps.contains(step) }.reduce(0) { $0 + $1.weight }
    let isSure = plan.steps[step].condition == nil
    share = all > 0 && isSure ? asking / all : 0
  }

  /// - Parameters: nanoseconds since the load's start.
  func count(from: UInt64, to: UInt64) -> Double {
    to > from ? share * (schedule.arrivals(before: to) - schedule.arrivals(before: from)) : 0
  }
}
