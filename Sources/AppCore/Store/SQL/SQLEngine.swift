/// A database, whatever its kind: work is done on a connection of it, on a thread that is the engine's.
package protocol SQLEngine: Sendable {
  /// - Parameters:
  ///   - patience: how long it is tried again when the database can't be asked; nil: the engine's own.
  ///   - work: may run more than once; only its last run counts.
  /// - Throws: `CancellationError` when the caller's task was cancelled before it began; what `work` throws; errors of the
  ///   database's own.
  func perform<Value: Sendable>(
    _ access: SQLAccess, patience: Duration?, _ work: @escaping @Sendable (SQLSession) throws -> Value
  ) async throws -> Value

  /// Ends all connections; nothing can be read or written afterwards.
  func close() async throws
}

/// What a piece of work wants of the database.
package enum SQLAccess: Sendable {
  /// One statement that reads; several may see different moments.
  case read
  /// Statements that read, all of them the same moment.
  case snapshot
  /// A transaction that is applied exactly once, also when the connection is lost while it is committed.
  case write
  /// A transaction that may be applied twice without harm.
  case repeatableWrite
}

extension SQLEngine {
  package func read<Value: Sendable>(
    patience: Duration? = nil, _ work: @escaping @Sendable (SQLSession) throws -> Value
  ) async throws -> Value { try await perform(.read, patience: patience, work) }

  func write<Value: Sendable>(
    _ work: @escaping @Sendable (SQLSession) throws -> Value
  ) async throws -> Value { try await perform(.write, patience: nil, work) }

  /// Performs what has to be done also when the caller's task is cancelled, which would otherwise end it.
  package func settle<Value: Sendable>(
    _ access: SQLAccess, patience: Duration? = nil, _ work: @escaping @Sendable (SQLSession) throws -> Value
  ) async throws -> Value {
    try await Task { try await perform(access, patience: patience, work) }.value
  }
}
