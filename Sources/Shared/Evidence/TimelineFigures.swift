/// One interval: a second, or of a run of over ten minutes so many that there are at most 600.
package struct TimelineFigures: Codable, Sendable, Equatable {
  /// The interval's end.
  package var elapsedSeconds: Double = 0
  package var isWarmUp = false
  /// Virtual users, or iterations in flight.
  package var active = 0
  /// Arrivals that are due and wait for a connection.
  package var waiting = 0
  /// Complete responses, whatever their status.
  package var completed: UInt64 = 0
  /// Failures of all kinds.
  package var failed: UInt64 = 0
  /// Attempts in this interval that got no answer; a quantile among them is null.
  package var unanswered: UInt64 = 0
  @Nullable package var p50: Double?
  @Nullable package var p95: Double?
  @Nullable package var p99: Double?
  @Nullable package var maximum: Double?
  @Nullable package var lagP99: Double?

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case active, waiting, completed, failed, unanswered
    case elapsedSeconds = "elapsed_s"
    case isWarmUp = "is_warm_up"
    case p50 = "p50_ms"
    case p95 = "p95_ms"
    case p99 = "p99_ms"
    case maximum = "max_ms"
    case lagP99 = "lag_p99_ms"
  }
}
