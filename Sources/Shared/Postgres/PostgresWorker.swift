import Timers

/// What one thread of the pool has: its connection, opened when there is work, opened again when it was lost.
class PostgresWorker {
  private let configuration: PostgresConfiguration
  private let backoff = Backoff(base: .milliseconds(50), cap: .seconds(2))
  private let pause: (Duration) -> Bool
  private let onRetry: @Sendable (PostgresRetry) -> Void
  private var connection: PostgresConnection?

  /// - Parameter pause: blocks; false when the pool is closed.
  init(
    _ configuration: PostgresConfiguration, pause: @escaping (Duration) -> Bool,
    onRetry: @escaping @Sendable (PostgresRetry) -> Void
  ) {
    self.configuration = configuration
    self.pause = pause
    self.onRetry = onRetry
  }

  func close() { connection = nil }

  /// Runs `body` until it succeeds, fails for good, or the job's time is over.
  /// - Parameter isTransient: whether the same work may be tried again after that error.
  func attempt<Value>(
    _ job: PostgresJob, isTransient: (PostgresError) -> Bool = \.isTransient,
    _ body: (PostgresConnection) throws -> Value
  ) throws -> Value {
    var attempt = 0
    while true {
      var wasOpen = true
      do {
        wasOpen = connection != nil
        let connection = try self.connection ?? PostgresConnection(configuration)
        self.connection = connection
        return try body(connection)
      } catch let error as PostgresError {
        if connection?.isUsable == false { connection = nil }
        guard isTransient(error), !job.isCancelled else { throw error }
        // A connection that was lost while idle is no sign of trouble now.
        let isStale = wasOpen && attempt == 0 && error.code == .lost
        attempt += 1
        let delay = isStale ? .zero : backoff.delay(after: attempt, random: .random(in: 0..<1))
        guard .now + delay < job.deadline else { throw error }
        onRetry(PostgresRetry(error: error, attempt: attempt, delay: delay))
        guard pause(delay) else { throw error }
      }
    }
  }
}

/// Told before work is tried again.
package struct PostgresRetry: Sendable {
  package var error: PostgresError
  /// From 1.
  package var attempt: Int
  package var delay: Duration
}
