package import Statistics

/// Long-run figures of what was seen day by day: the days are the sample, since what one day brings hangs together.
package enum LongRun {
  /// The share of `hits` in `trials` with a 95 % interval, as the decision reckons it from a log; nil without trials.
  package static func share(_ days: [(hits: Int, trials: Int)]) -> Estimate? {
    let days = days.filter { $0.trials > 0 }
    guard !days.isEmpty else { return nil }
    return DayClusters(
      days.map { DayClusters.Day(hits: Double($0.hits), trials: Double($0.trials), isWeekend: false) }
    ).share().told(as: .counted)
  }

  /// The mean of a figure by day, with a 95 % interval by Student's t within 0...`limit`; nil below two days.
  package static func mean(_ values: [Double], limit: Double, basis: Estimate.Basis) -> Estimate? {
    guard values.count >= 2 else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let half = StudentT.quantile(0.975, degrees: count - 1) * (variance / count).squareRoot()
    return Estimate(mean, lower: max(0, mean - half), upper: max(mean, min(limit, mean + half)), basis: basis)
  }
}
