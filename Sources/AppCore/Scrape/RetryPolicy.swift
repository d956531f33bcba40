package import Timers

/// Whether and when a fetch is tried again: backoff, or what the server asks for.
package struct RetryPolicy: Sendable {
  /// Tries in all, the first one included.
  package var maxAttempts: Int = 3
  package var backoff: Backoff = Backoff(base: .milliseconds(500), cap: .seconds(5))
  /// A server that asks for a longer `Retry-After` is not tried again.
  package var maxRetryAfter: Duration = .seconds(30)

  /// How long to wait after the failed try number `attempt` (from 1), nil to give up.
  /// - Parameters:
  ///   - retryAfter: what the response's `Retry-After` asks for.
  ///   - random: 0..<1.
  func delay(after attempt: Int, retryAfter: Duration? = nil, random: Double) -> Duration? {
    guard attempt < maxAttempts else { return nil }
    if let retryAfter { return retryAfter <= maxRetryAfter ? max(retryAfter, backoff.base) : nil }
    return backoff.delay(after: attempt, random: random)
  }

  static func isTransient(status: Int) -> Bool { status == 429 || (500...599).contains(status) }
}
