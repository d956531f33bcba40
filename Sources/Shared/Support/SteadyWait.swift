/// The wait of a loop: one that fails is told, and made up for by one that needs nothing, longer with each failure in a row,
/// so that the loop neither stops in silence nor spins.
package struct SteadyWait {
  private static let backoff = Backoff(base: .milliseconds(200), cap: .seconds(30), jitter: .equal)

  private let wait: @Sendable (Duration) async throws -> Void
  private let spare: @Sendable (Duration) async throws -> Void
  private let onFailure: @Sendable (any Error) -> Void
  private var failures = 0

  /// - Parameters:
  ///   - wait: ends early, with any error, when its task is cancelled.
  ///   - onFailure: told of the first failure in a row.
  package init(
    _ wait: @escaping @Sendable (Duration) async throws -> Void = { try await ThreadWait.sleep(for: $0) },
    onFailure: @escaping @Sendable (any Error) -> Void
  ) {
    self.init(wait, spare: { try await ThreadWait.sleepWithoutBell(for: $0) }, onFailure: onFailure)
  }

  init(
    _ wait: @escaping @Sendable (Duration) async throws -> Void,
    spare: @escaping @Sendable (Duration) async throws -> Void, onFailure: @escaping @Sendable (any Error) -> Void
  ) {
    self.wait = wait
    self.spare = spare
    self.onFailure = onFailure
  }

  /// - Returns: false when the task was cancelled.
  @discardableResult
  package mutating func callAsFunction(_ duration: Duration) async -> Bool {
    do {
      try await wait(duration)
      failures = 0
    } catch {
      guard !Task.isCancelled else { return false }
      failures += 1
      if failures == 1 { onFailure(error) }
      try? await spare(max(duration, Self.backoff.delay(after: failures, random: .random(in: 0..<1))))
    }
    return !Task.isCancelled
  }
}
