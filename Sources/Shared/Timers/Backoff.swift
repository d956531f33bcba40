/// How long to wait before the next try: exponential up to a cap, with jitter, so that what failed together isn't tried
/// together.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter" (full jitter: uniform between 0 and the attempt's ceiling; equal
/// jitter: the upper half of that).
package struct Backoff: Sendable, Equatable {
  package enum Jitter: Sendable { case full, equal }

  package var base: Duration
  package var cap: Duration
  package var jitter: Jitter

  package init(base: Duration, cap: Duration, jitter: Jitter = .full) {
    self.base = base
    self.cap = cap
    self.jitter = jitter
  }

  /// - Parameters:
  ///   - attempt: the failed try's number, from 1.
  ///   - random: 0..<1.
  package func delay(after attempt: Int, random: Double) -> Duration {
    let ceiling = min(base * (1 << min(max(attempt, 1) - 1, 16)), cap)
    let share = min(max(random, 0), 1)
    return ceiling * (jitter == .full ? share : 0.5 + share / 2)
  }
}
