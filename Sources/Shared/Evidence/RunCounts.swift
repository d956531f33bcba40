/// `scheduled = started + dropped`; `started = completed + failed + interrupted`; warm-up included.
package struct IterationFigures: Codable, Sendable, Equatable {
  package var scheduled: UInt64 = 0
  package var started: UInt64 = 0
  /// Due, but not begun: when the run ended, or because of the next.
  package var dropped: UInt64 = 0
  /// Of the dropped, those that found every place taken under `overflow: drop`.
  package var droppedByOverflow: UInt64?
  package var completed: UInt64 = 0
  /// At least one request failed.
  package var failed: UInt64 = 0
  package var interrupted: UInt64 = 0
  /// Of the started, arrivals that had waited over a second for a place when the planned time was over.
  package var startedLate: UInt64?
  /// Both equations hold; anything else is a defect of the generator.
  package var conserved = true

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case scheduled, started, dropped, completed, failed, interrupted, conserved
    case droppedByOverflow = "dropped_by_overflow"
    case startedLate = "started_late"
  }
}

package struct ConnectionFigures: Codable, Sendable, Equatable {
  package var opened: UInt64 = 0
  /// Closed by the peer between requests.
  package var closedIdle: UInt64 = 0
  /// Idempotent requests sent anew, once each, because they met the idle close of a kept connection.
  package var retried: UInt64 = 0
  /// Of the opened, those whose TLS handshake took up an earlier session.
  package var resumed: UInt64?
  /// Look-ups of the target's name during the run that gave no address.
  package var failedLookUps: UInt64?
  /// Times the name had moved to another address, and new connections followed.
  package var moves: UInt64?

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case opened, retried, resumed, moves
    case closedIdle = "closed_idle"
    case failedLookUps = "failed_look_ups"
  }
}

/// One interval of about a second.
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
