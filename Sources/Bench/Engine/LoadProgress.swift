package import Histograms
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

/// All loads' part of one second, added up.
package struct Second: Sendable {
  /// Its end, since the run's start.
  package var elapsedNanoseconds: UInt64 = 0
  package var isWarmUp = false
  /// Virtual users, or iterations in flight.
  package var active = 0
  /// Arrivals that are due and wait for a connection.
  package var waiting = 0
  package var completed: UInt64 = 0
  package var failed: UInt64 = 0
  package var response = Histogram()
  package var lag = Histogram()

  package init() {}

  package init(_ progress: LoadProgress) {
    elapsedNanoseconds = progress.elapsedNanoseconds
    isWarmUp = !progress.spans.isEmpty && progress.spans.allSatisfy(\.isWarmUp)
    for span in progress.spans {
      if span.phase == nil || !span.isLast {
        active += span.active
        waiting += span.waiting
      }
      for step in span.steps + span.warmUpSteps where step.attempts > 0 {
        completed += step.answered
        failed += step.failed
        response.merge(step.response)
        lag.merge(step.lag)
      }
    }
  }
}
