/// Intervals of a share that was counted.
package enum Proportion {
  /// Wilson's score interval for independent trials.
  ///
  /// - Parameters:
  ///   - share: of the trials that were hits.
  ///   - n: above 0; less than were counted where they hang together.
  ///   - z: the normal quantile of the confidence, 1.96 for 95 %.
  /// - Source: E. B. Wilson, JASA 22 (1927) 209–212.
  package static func wilson(_ share: Double, trials n: Double, z: Double) -> ClosedRange<Double> {
    let denominator = 1 + z * z / n
    let centre = (share + z * z / (2 * n)) / denominator
    let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / denominator
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
