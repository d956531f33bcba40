/// Where the time of requests went. `service_time` of an answered request is the sum of its phases from `connect` on.
package struct PhaseFigures: Codable, Sendable, Equatable {
  /// Look-ups of the target's name during the run, which no request waits for; in totals only.
  package var dns = PhaseSummary()
  /// By new connection.
  package var connect = PhaseSummary()
  /// By new connection.
  package var tls = PhaseSummary()
  /// From a request's first write to its last: 0 where the kernel took it at once.
  package var send = PhaseSummary()
  /// To the answer's first byte.
  package var wait = PhaseSummary()
  /// To its last: 0 where it came in one piece.
  package var receive = PhaseSummary()

  package init() {}
}

/// One phase's times in milliseconds, of all that completed it.
package struct PhaseSummary: Codable, Sendable, Equatable {
  package var count: UInt64 = 0
  @Nullable package var mean: Double?
  @Nullable package var p50: Double?
  @Nullable package var p95: Double?
  @Nullable package var p99: Double?
  @Nullable package var maximum: Double?

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case count
    case mean = "mean_ms"
    case p50 = "p50_ms"
    case p95 = "p95_ms"
    case p99 = "p99_ms"
    case maximum = "max_ms"
  }
}
