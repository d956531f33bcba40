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
    _ access: SQLAccess, patience: Duration?, _ work: @escaping @Sendable (any SQLSession) throws -> Value
  ) async throws -> Value {
    do {
      switch access {
      case .read: return try await pool.read(patience: patience ?? .seconds(10)) { try work(PostgresSession($0)) }
      case .snapshot:
        return try await pool.snapshot(patience: patience ?? .seconds(10)) { try work(PostgresSession($0)) }
      case .write: return try await pool.write(patience: patience ?? .seconds(30)) { try work(PostgresSession($0)) }
      case .repeatableWrite:
        return try await pool.repeatableWrite(patience: patience ?? .seconds(30)) { try work(PostgresSession($0)) }
      }
    } catch let error as PostgresError where error.code == .closed && Task.isCancelled {
      throw CancellationError()
    }
  }

  package func close() async { await pool.close() }
}

package struct PostgresSession: SQLSession {
  private let connection: PostgresConnection

  package init(_ connection: PostgresConnection) { self.connection = connection }

  package func run(_ sql: SQLText, each values: [[SQLValue]], _ read: (SQLRow) throws -> Void) throws -> Int {
    var changed = 0
    try connection.query(sql.postgres, each: values.map { $0.map(\.text) }) { rows in
      if rows.columns == 0 { changed += rows.affected }
      for row in 0..<rows.count { try read(.postgres(rows, row)) }
    }
    return changed
  }

  package func script(_ sql: SQLText) throws { try connection.run(sql.postgres) }

  package func load(_ rows: [[SQLValue]], into table: StoreTable) throws {
    try connection.copy(
      PostgresSQL(trusted: "COPY \(table.name) (\(table.columnNames)) FROM STDIN"),
      rows: rows.lazy.map { $0.map(\.text) })
  }

  package func lock(_ key: Int64) throws {
    _ = try connection.query("SELECT pg_advisory_xact_lock($1)", ["\(key)"])
  }

  package func allow(_ timeout: Duration) throws { try connection.allow(timeout) }

  package func endWhenSilent(for seconds: Int) throws {
    try connection.run(PostgresSQL(trusted: "SET LOCAL idle_in_transaction_session_timeout = '\(seconds)s'"))
  }
}
