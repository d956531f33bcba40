/// A share that was counted: `hits` of `trials`.
package struct Proportion: Sendable, Equatable {
  package var hits: Int
  package var trials: Int

  package init(hits: Int, trials: Int) {
    self.hits = hits
    self.trials = trials
  }

  /// Nil without trials.
  package var value: Double? { trials > 0 ? Double(hits) / Double(trials) : nil }

  /// Wilson's score interval for independent trials; 0...1 without trials.
  ///
  /// - Parameter z: the normal quantile of the confidence, 1.96 for 95 %.
  /// - Source: E. B. Wilson, JASA 22 (1927) 209–212.
  package func wilson(z: Double = 1.959_964) -> ClosedRange<Double> {
    guard trials > 0 else { return 0...1 }
    let n = Double(trials)
    let p = Double(hits) / n
    let denominator = 1 + z * z / n
    let centre = (p + z * z / (2 * n)) / denominator
    let half = z * ((p * (1 - p) + z * z / (4 * n)) / n).squareRoot() / denominator
    return max(0, centre - half)...min(1, centre + half)
  }

  /// Below so many trials bounds are exact ones.
  package static let fewestTrials = 30.0

  /// Exact bounds; `hits` may be a sum of probabilities, from 0 to `trials`.
  /// - Parameter confidence: two-sided.
  /// - Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404–413, by the beta distribution.
  package static func clopperPearson(hits: Double, trials: Double, confidence: Double = 0.95) -> ClosedRange<Double> {
    guard trials > 0 else { return 0...1 }
    let tail = (1 - confidence) / 2
    let misses = max(0, trials - hits)
    let lower = hits > 0 ? IncompleteBeta.quantile(tail, a: hits, b: misses + 1) : 0
    let upper = misses > 0 ? IncompleteBeta.quantile(1 - tail, a: hits + 1, b: misses) : 1
    let share = min(1, hits / trials)
    return min(lower, share)...max(upper, share)
  }
}
