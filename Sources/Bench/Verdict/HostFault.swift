import BenchEngine
import Histograms
import Measures
import Wording

/// What this host did to a run by standing still: a verdict that it could have made is not the service's.
enum HostFault {
  /// - Returns: the sentence that says so; nil when no verdict hangs on it.
  static func cause(of verdicts: [BudgetVerdict], result: LoadResult, watch: BudgetWatch) -> String? {
    let gaps = result.generator.hostGaps
    guard let longest = gaps.max(by: { $0.end - $0.start < $1.end - $1.start }) else { return nil }
    let stood = Double(gaps.reduce(0) { $0 + ($1.end - $1.start) }) / 1e9
    let words =
      "this host stood still for \(DurationText.format(.nanoseconds(Int64(clamping: longest.end - longest.start)))) "
      + "from \(DurationText.format(.nanoseconds(Int64(clamping: longest.start)))) on, the control timer too"
    let withHost = watch.verdicts(for: result, includingHost: true)
    for (verdict, other) in zip(verdicts, withHost) where verdict.budget.level == .fail {
      switch verdict.budget.selector.metric {
      case .silence where verdict.outcome == .met && other.outcome == .notMet:
        return "\(words), and no request was answered meanwhile"
      case .responseTime where verdict.outcome == .notMet:
        // Lag is the generator's; of an open load it says what was sent late.
        guard case .quantile(let quantile) = verdict.budget.method, let observed = verdict.observed else { continue }
        var lag = Histogram()
        for step in result.steps { lag.merge(step.lag) }
        if lag.value(at: quantile) ?? 0 >= observed / 2 { return "\(words), and requests were sent late" }
      case .dropped where verdict.outcome == .notMet:
        // Arrivals that fell due while nobody was awake to send them.
        let elapsed = Double(result.elapsedNanoseconds) / 1e9
        let lost = Double(result.iterations.dropped + result.iterations.startedLate)
        let dueMeanwhile = Double(result.iterations.scheduled) * stood / max(elapsed, stood)
        if dueMeanwhile * 2 >= lost { return "\(words), and arrivals that were due meanwhile were not served" }
      default: break
      }
    }
    return nil
  }
}
