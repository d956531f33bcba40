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
    switch access {
    case .read: try await pool.read(patience: patience ?? .seconds(10)) { try work(PostgresSession($0)) }
    case .snapshot: try await pool.snapshot(patience: patience ?? .seconds(10)) { try work(PostgresSession($0)) }
    case .write: try await pool.write(patience: patience ?? .seconds(30)) { try work(PostgresSession($0)) }
    case .repeatableWrite:
      try await pool.repeatableWrite(patience: patience ?? .seconds(30)) { try work(PostgresSession($0)) }
    }
  }

  package func close() async { await pool.close() }
}

package struct PostgresSession: SQLSession {
  private let connection: PostgresConnection

  package init(_ connection: PostgresConnection) { self.connection = connection }

  package func run(_ sql: SQLText, each values: [[SQLValue]], _ read: (any SQLRow) throws -> Void) throws -> Int {
    var changed = 0
    try connection.query(sql.postgres, each: values.map { $0.map(\.text) }) { rows in
      if rows.columns == 0 { changed += rows.affected }
      for row in 0..<rows.count { try read(PostgresRow(rows: rows, row: row)) }
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

private struct PostgresRow: SQLRow {
  let rows: PostgresRows
  let row: Int

  func text(_ column: Int) -> String? { rows.text(row, column) }
  func integer(_ column: Int) -> Int64? { rows.text(row, column).flatMap { Int64($0) } }
  func real(_ column: Int) -> Double? { rows.real(row, column) }
}
