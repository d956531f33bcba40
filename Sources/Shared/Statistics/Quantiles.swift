import Foundation

/// Quantiles of a sample, with a distribution-free interval.
package struct Quantiles: Sendable {
  /// Ascending.
  package let sorted: [Double]

  package init(_ values: some Sequence<Double>) { sorted = values.sorted() }

  /// The smallest value with at least `share` of the sample at or below it; nil without a sample.
  package func value(_ share: Double) -> Double? {
    guard !sorted.isEmpty else { return nil }
    let rank = Int((share * Double(sorted.count)).rounded(.up))
    return sorted[min(sorted.count, max(1, rank)) - 1]
  }

  /// Order statistics between which the long-run quantile lies: exact binomial ranks, so at least `confidence` where
  /// the sample is large enough, and the extremes where it is not.
  /// - Source: B. C. Arnold et al., A First Course in Order Statistics, §7.1.
  package func interval(_ share: Double, confidence: Double = 0.95) -> ClosedRange<Double>? {
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let count = sorted.count
    let tail = (1 - confidence) / 2
    // P(Binomial(n, share) ≤ k) = I_{1−share}(n − k, k + 1).
    func cumulative(_ k: Int) -> Double {
      k >= count ? 1 : k < 0 ? 0 : IncompleteBeta.regularized(1 - share, a: Double(count - k), b: Double(k + 1))
    }
    var low = 0
    while low < count, cumulative(low) <= tail { low += 1 }
    var high = low
    while high < count, cumulative(high) < 1 - tail { high += 1 }
    let lower = low == 0 ? first : sorted[low - 1]
    let upper = high >= count ? last : sorted[high]
    return lower...max(lower, upper)
  }
}
