/// Values in order of size.
package struct SortedSample: Sendable, Equatable {
  /// Ascending.
  package let sorted: [Double]

  package init(_ values: some Sequence<Double>) { sorted = values.sorted() }

  /// The middle value, of an even number the mean of the two middle ones; nil without a sample.
  package var median: Double? {
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The least and the largest: they enclose the median of all such values with probability 1 − 2^(1−n), 94 % for
  /// five, whatever their distribution; nil without a sample.
  /// - Source: order statistics; all n lie on one side of the median with probability 2 · 2^−n.
  package var range: ClosedRange<Double>? {
    guard let first = sorted.first, let last = sorted.last else { return nil }
    return first...last
  }
}
