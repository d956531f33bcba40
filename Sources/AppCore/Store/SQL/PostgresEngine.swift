package import Postgres

/// A PostgreSQL database: several writers at once, unless they take turns by a lock.
package struct PostgresEngine: SQLEngine {
  package let pool: PostgresPool
  package let configuration: PostgresConfiguration

  /// Connects when it is asked for the first time.
  init(_ configuration: PostgresConfiguration, onRetry: @escaping @Sendable (PostgresRetry) -> Void) {
    self.configuration = configuration
    pool = PostgresPool(configuration, onRetry: onRetry)
  }

  package func perform<Value: Sendable>(
    _ access: SQLAccess, patience: Duration?, _ work: @escaping @Sendable (SQLSession) throws -> Value
  ) async throws -> Value {
    do {
      switch access {
      case .read: return try await pool.read(patience: patience ?? .seconds(10)) { try work(.postgres($0)) }
      case .snapshot:
        return try await pool.snapshot(patience: patience ?? .seconds(10)) { try work(.postgres($0)) }
      case .write: return try await pool.write(patience: patience ?? .seconds(30)) { try work(.postgres($0)) }
      case .repeatableWrite:
        return try await pool.repeatableWrite(patience: patience ?? .seconds(30)) { try work(.postgres($0)) }
      }
    } catch let error as PostgresError where error.code == .closed && Task.isCancelled {
      throw CancellationError()
    }
  }

  package func close() async { await pool.close() }
}
