import BenchEngine
import BenchVerdict
import Histograms
import Matching
import Measures

/// Says when a trial can't hold any more, so that it need not run to its end.
enum HopelessTrial {
  /// A quantile can't come back under its limit once more samples lie above than the whole trial may have, and a share
  /// of failures can't once there are more than the whole trial may have. What is still to come is taken as if
  /// everything arrived and was good, and a tenth more.
  /// - Parameter rate: requests a second; nil for users, who may ask twice as often as so far.
  static func isHopeless(_ progress: LoadProgress, plan: LoadPlan, budgets: [Budget], rate: Double?) -> Bool {
    let view = MetricsView(plan: plan, result: progress.total)
    guard view.measuredSeconds >= 0.9 else { return false }
    let attempts = progress.total.steps.reduce(0) { $0 + $1.attempts }
    let left = max(0, Double(progress.plannedNanoseconds) - Double(progress.elapsedNanoseconds)) / 1e9
    let expected = rate ?? 2 * Double(attempts) / view.measuredSeconds
    let toCome = left * expected + progress.spans.reduce(0) { $0 + Double($1.active + $1.waiting) }
    return budgets.contains { budget in
      guard budget.comparison == .less || budget.comparison == .lessOrEqual else { return false }
      let samples = view.samples(for: budget.selector)
      let share = attempts > 0 ? min(1, Double(samples.count) / Double(attempts)) : 1
      let final = 1.1 * (Double(samples.count) + toCome * share) + 10
      switch (samples, budget.method) {
      case (.times(let histogram), .quantile(let quantile)):
        let limit = UInt64(min(max(budget.limit * budget.selector.metric.histogramScale, 0), 9e18))
        let above = Double(histogram.count - histogram.count(atOrBelow: limit))
        return above > (1 - quantile) * final + 1
      case (.share(let hits, _), .rate):
        return Double(hits) > budget.limit * final + 1
      default: return false
      }
    }
  }
}
