/// How long a message waits after a try that failed: exponential, the upper half of it random, so that messages which
/// failed together are not tried together.
package struct RetryDelay: Sendable, Equatable {
  package var base: Duration
  package var cap: Duration

  package init(base: Duration = .seconds(10), cap: Duration = .seconds(600)) {
    self.base = base
    self.cap = cap
  }

  /// - Parameters:
  ///   - attempt: the failed try's number, from 1.
  ///   - random: 0..<1.
  package func after(_ attempt: Int, random: Double) -> Duration {
    let ceiling = min(base * (1 << min(max(attempt - 1, 0), 16)), cap)
    return ceiling * (0.5 + min(max(random, 0), 1) / 2)
  }
}
