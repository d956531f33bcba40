/// A few timings of the same thing.
package struct RepeatedTiming: Sendable, Equatable {
  /// Seconds, in order of size; never empty.
  package let sorted: [Double]

  package init?(_ seconds: [Double]) {
    guard !seconds.isEmpty else { return nil }
    sorted = seconds.sorted()
  }

  package var median: Double {
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The fastest and the slowest: they enclose the median of all such timings with probability 1 − 2^(1−n), 94 % for
  /// five, whatever their distribution.
  /// - Source: order statistics; all n lie on one side of the median with probability 2 · 2^−n.
  package var interval: (lower: Double, upper: Double) { (sorted[0], sorted[sorted.count - 1]) }
}
