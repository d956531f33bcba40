package import Plans

/// What the edge does with a service: its plan's rule, with the clocks that this run uses. Times are seconds.
package struct EdgeRule: Sendable, Equatable {
  /// Without an inbound request for this long the service is spun down; nil for a plan that never sleeps.
  package var idle: Double?
  /// Assumed: from the request that wakes until the platform starts the process. Never scaled.
  package var platformWake = 3.0
  /// A start that has not answered by then has failed.
  package var startTimeout = 120.0
  /// From SIGTERM to SIGKILL.
  package var stopGrace = 30.0
  /// Running time after which everything is suspended; nil for no limit.
  package var pooledSeconds: Double?
  /// Requests that wait for a wake at the same time; those beyond are turned away.
  package var heldLimit = 1_000
  /// A failed wake is tried again by the first request after this.
  package var wakeRetryBackoff = 1.0
  /// Before the first restart of a process that died; doubled by each further death.
  package var restartBackoff = 1.0
  package var restartBackoffLimit = 60.0
  /// So many deaths, each within `stableAfter` of the last start, make a crash loop.
  package var crashLoopDeaths = 3
  package var stableAfter = 60.0

  package init(idle: Double?) { self.idle = idle }

  /// A catalogue's rule with its idle clock shortened; the pooled hours shrink by the same factor.
  /// - Parameters:
  ///   - idle: instead of the rule's; nil leaves it.
  ///   - pooledHours: instead of the rule's, before scaling.
  package init(_ sleep: SleepRule?, idle: Double? = nil, pooledHours: Double? = nil) {
    guard let sleep else {
      self.idle = nil
      return
    }
    self.idle = idle ?? sleep.idleSeconds
    pooledSeconds = (pooledHours ?? sleep.pooledHoursPerMonth) * 3_600 / Self.timeScale(sleep, idle: idle)
  }

  /// How many times faster the idle clock runs.
  package static func timeScale(_ sleep: SleepRule?, idle: Double?) -> Double {
    guard let sleep, let idle, idle > 0 else { return 1 }
    return sleep.idleSeconds / idle
  }
}
