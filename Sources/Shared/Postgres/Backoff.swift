/// How long to wait before the next try: exponential, with full jitter.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter" (full jitter: uniform between 0 and the cap of the attempt).
package struct Backoff: Sendable, Equatable {
  package var base: Duration
  package var cap: Duration

  package init(base: Duration = .milliseconds(50), cap: Duration = .seconds(2)) {
    self.base = base
    self.cap = cap
  }

  /// - Parameters:
  ///   - attempt: the failed try's number, from 1.
  ///   - random: 0..<1.
  package func delay(after attempt: Int, random: Double) -> Duration {
    let ceiling = min(base * (1 << min(max(attempt - 1, 0), 16)), cap)
    return ceiling * min(max(random, 0), 1)
  }
}
