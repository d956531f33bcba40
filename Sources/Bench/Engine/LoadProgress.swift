package import Measures

/// What the observer of a run sees each second, and once at its end.
package struct LoadProgress: Sendable {
  /// Since the last observation: one for each load that was under way.
  package var spans: [LoadSpan]
  /// Of all spans so far.
  package var total: LoadResult
  /// When the last arrival is due or the hold ends.
  package var plannedNanoseconds: UInt64
  /// The run is over, and `total` what it came to.
  package var isLast = false

  package init(spans: [LoadSpan], total: LoadResult, plannedNanoseconds: UInt64) {
    self.spans = spans
    self.total = total
    self.plannedNanoseconds = plannedNanoseconds
  }

  package var elapsedNanoseconds: UInt64 { total.elapsedNanoseconds }
}
