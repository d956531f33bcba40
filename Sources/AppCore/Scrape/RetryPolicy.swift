import Curl

/// Whether and when a fetch is tried again: exponential backoff with full jitter, or what the server asks for.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter" (full jitter: uniform between 0 and the cap of the attempt).
package struct RetryPolicy: Sendable {
  /// Tries in all, the first one included.
  package var maxAttempts: Int
  package var base: Duration
  package var cap: Duration
  /// A server that asks for a longer `Retry-After` is not tried again.
  package var maxRetryAfter: Duration

  package init(
    maxAttempts: Int = 3, base: Duration = .milliseconds(500), cap: Duration = .seconds(5),
    maxRetryAfter: Duration = .seconds(30)
  ) {
    self.maxAttempts = maxAttempts
    self.base = base
    self.cap = cap
    self.maxRetryAfter = maxRetryAfter
  }

  /// How long to wait after the failed try number `attempt` (from 1), nil to give up.
  /// - Parameters:
  ///   - retryAfter: the response's `Retry-After`; only its form in seconds is read.
  ///   - random: 0..<1.
  func delay(after attempt: Int, retryAfter: String? = nil, random: Double) -> Duration? {
    guard attempt < maxAttempts else { return nil }
    if let retryAfter, let seconds = Int(retryAfter), seconds >= 0 {
      let asked = Duration.seconds(min(seconds, 86_400))
      return asked <= maxRetryAfter ? max(asked, base) : nil
    }
    let ceiling = min(base * (1 << min(max(attempt - 1, 0), 16)), cap)
    return ceiling * min(max(random, 0), 1)
  }

  static func isTransient(status: Int) -> Bool { status == 429 || (500...599).contains(status) }
}
