package import Histograms
import Measures

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
