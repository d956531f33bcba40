import Foundation

/// Connections to one server, each on a thread of its own; callers suspend, never block.
///
/// What fails in passing (a lost connection, a server that restarts, a deadlock) is tried again with backoff until the
/// caller's patience ends. A statement that runs is not interrupted by cancellation: its timeout bounds it.
package final class PostgresPool: Sendable {
  private let configuration: PostgresConfiguration
  private let queue: PostgresQueue
  private let onRetry: @Sendable (PostgresRetry) -> Void

  /// Opens nothing yet.
  /// - Parameter onRetry: called on a thread of the pool.
  package init(
    _ configuration: PostgresConfiguration,
    onRetry: @escaping @Sendable (PostgresRetry) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.onRetry = onRetry
    queue = PostgresQueue(maximumThreads: configuration.maxConnections)
  }

  deinit { queue.stop() }

  /// Ends all connections once they have done what they are at; later work is refused.
  package func close() async { await queue.close() }

  /// Runs work that may be repeated, without a transaction around it.
  /// - Throws: `PostgresError`, or what `work` throws.
  package func read<Value: Sendable>(
    patience: Duration = .seconds(10), _ work: @escaping @Sendable (PostgresConnection) throws -> Value
  ) async throws -> Value {
    try await submit(patience) { job, worker in try worker.attempt(job, work) }
  }

  /// Runs work that only reads, all of it on one snapshot.
  /// - Throws: `PostgresError`, or what `work` throws.
  package func snapshot<Value: Sendable>(
    patience: Duration = .seconds(10), _ work: @escaping @Sendable (PostgresConnection) throws -> Value
  ) async throws -> Value {
    try await submit(patience) { job, worker in
      try worker.attempt(job) { connection in
        try Self.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", on: connection) { try work(connection) }
      }
    }
  }

  /// Runs work in a transaction that is applied exactly once, also when the connection is lost while it is committed.
  /// The database needs the table of `PostgresReceipts.schema`.
  /// - Parameter work: may run more than once; only its last run counts.
  /// - Throws: `PostgresError`, code `.uncertain` when the server went away during the commit and did not come back in
  ///   time; or what `work` throws, after a rollback.
  package func write<Value: Sendable>(
    patience: Duration = .seconds(30), _ work: @escaping @Sendable (PostgresConnection) throws -> Value
  ) async throws -> Value {
    try await submit(patience) { job, worker in
      var receipt = PostgresReceipt<Value>()
      do {
        return try worker.attempt(job, isTransient: { receipt.allowsRetry(after: $0) }) { connection in
          try receipt.commit(on: connection, work)
        }
      } catch let error as PostgresError where receipt.isUncertain {
        throw PostgresError(
          .uncertain, sqlState: error.sqlState,
          "the server went away while a transaction was committed, which is applied once or not at all: \(error.message)"
        )
      }
    }
  }

  /// Runs work in a transaction that may be applied twice without harm.
  /// - Throws: `PostgresError`, or what `work` throws, after a rollback.
  package func repeatableWrite<Value: Sendable>(
    patience: Duration = .seconds(30), _ work: @escaping @Sendable (PostgresConnection) throws -> Value
  ) async throws -> Value {
    try await submit(patience) { job, worker in
      try worker.attempt(job) { connection in
        try Self.transaction("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", on: connection) { try work(connection) }
      }
    }
  }

  private static func transaction<Value>(
    _ begin: PostgresSQL, on connection: PostgresConnection, _ work: () throws -> Value
  ) throws -> Value {
    try connection.run(begin)
    do {
      let value = try work()
      try connection.commit()
      return value
    } catch {
      connection.rollback()
      throw error
    }
  }

  private func submit<Value: Sendable>(
    _ patience: Duration, _ work: @escaping @Sendable (PostgresJob, PostgresWorker) throws -> Value
  ) async throws -> Value {
    let job = PostgresJob(deadline: .now + patience)
    let result: Result<Value, any Error> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.submit(job) { worker in
          continuation.resume(returning: Result { try work(job, worker.get()) })
        } makeWorker: { [configuration, onRetry, queue] in
          PostgresWorker(configuration, pause: queue.pause, onRetry: onRetry)
        }
      }
    } onCancel: {
      job.cancel()
      queue.withdraw(job)
    }
    return try result.get()
  }
}
