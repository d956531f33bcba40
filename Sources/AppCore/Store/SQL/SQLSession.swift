package import GRDB
package import Postgres

/// A connection, for the time of one piece of work; SQLite's has one writer at a time, so that nothing has to be locked there,
/// and nobody waits for it.
///
/// An enumeration and no protocol, as `SQLRow` is.
package enum SQLSession {
  case sqlite(Database)
  case postgres(PostgresConnection)

  /// Runs a statement once for each list of values, in order; the number of round trips does not grow with that of the
  /// lists.
  /// - Parameter read: called for each row of each answer.
  /// - Returns: how many rows were changed, by a statement that gives none.
  @discardableResult
  package func run(_ sql: SQLText, each values: [[SQLValue]], _ read: (SQLRow) throws -> Void) throws -> Int {
    var changed = 0
    switch self {
    case .sqlite(let database):
      let statement = try database.cachedStatement(sql: sql.sqlite)
      for values in values {
        let arguments = StatementArguments(values.lazy.map { $0.databaseValue })
        if statement.columnCount == 0 {
          try statement.execute(arguments: arguments)
          changed += database.changesCount
        } else {
          let rows = try Row.fetchCursor(statement, arguments: arguments)
          while let row = try rows.next() { try read(.sqlite(row)) }
        }
      }
    case .postgres(let connection):
      try connection.query(sql.postgres, each: values.map { $0.map { $0.text } }) { rows in
        if rows.columns == 0 { changed += rows.affected }
        for row in 0..<rows.count { try read(.postgres(rows, row)) }
      }
    }
    return changed
  }

  /// Runs several statements that take no values.
  package func script(_ sql: SQLText) throws {
    switch self {
    case .sqlite(let database): try database.execute(sql: sql.sqlite)
    case .postgres(let connection): try connection.run(sql.postgres)
    }
  }

  /// Appends rows, each with a value for every column.
  package func load(_ rows: [[SQLValue]], into table: StoreTable) throws {
    switch self {
    case .sqlite:
      let marks = table.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
      try run(SQLText { _ in "INSERT INTO \(table.name) (\(table.columnNames)) VALUES (\(marks))" }, each: rows)
    case .postgres(let connection):
      try connection.copy(
        PostgresSQL(trusted: "COPY \(table.name) (\(table.columnNames)) FROM STDIN"),
        rows: rows.lazy.map { $0.map { $0.text } })
    }
  }

  /// Within a transaction: until it ends, nobody else holds the lock of that number.
  package func lock(_ key: Int64) throws {
    if case .postgres(let connection) = self {
      _ = try connection.query("SELECT pg_advisory_xact_lock($1)", ["\(key)"])
    }
  }

  /// Within a transaction: once it is committed, whoever listens on the channel is told.
  func announce(_ text: String, on channel: StaticString) throws {
    if case .postgres(let connection) = self {
      _ = try connection.query("SELECT pg_notify($1, $2)", ["\(channel)", text])
    }
  }

  /// Within a transaction: how long each of its statements may take.
  func allow(_ timeout: Duration) throws {
    if case .postgres(let connection) = self { try connection.allow(timeout) }
  }

  /// Within a transaction: it is rolled back when nothing is asked for that long.
  func endWhenSilent(for seconds: Int) throws {
    if case .postgres(let connection) = self {
      try connection.run(PostgresSQL(trusted: "SET LOCAL idle_in_transaction_session_timeout = '\(seconds)s'"))
    }
  }
}

extension SQLSession {
  @discardableResult
  package func run(_ sql: SQLText, _ values: [SQLValue] = []) throws -> Int { try run(sql, each: [values]) }

  @discardableResult
  package func run(_ sql: SQLText, each values: [[SQLValue]]) throws -> Int { try run(sql, each: values) { _ in } }

  /// What `read` makes of the rows; nil leaves one out.
  package func rows<Value>(
    _ sql: SQLText, _ values: [SQLValue] = [], _ read: (SQLRow) throws -> Value?
  ) throws -> [Value] { try rows(sql, each: [values], read) }

  package func rows<Value>(
    _ sql: SQLText, each values: [[SQLValue]], _ read: (SQLRow) throws -> Value?
  ) throws -> [Value] {
    var found: [Value] = []
    try run(sql, each: values) { if let value = try read($0) { found.append(value) } }
    return found
  }

  /// Whether there is a table of that name, which PostgreSQL may know by another.
  package func hasTable(_ name: String, or postgres: String? = nil) throws -> Bool {
    let sql = SQLText(
      sqlite: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '\(name)'",
      postgres: "SELECT count(to_regclass('\(postgres ?? name)'))")
    return try first(sql) == 1
  }

  /// The first column of the first row; nil where there is none.
  package func first<Value: SQLReadable>(
    _ sql: SQLText, _ values: [SQLValue] = []
  ) throws -> Value? {
    try rows(sql, values) { try $0[0] as Value? }.first
  }

  /// - Throws: `StoreError` code `.failed` where there is none.
  package func required<Value: SQLReadable>(
    _ sql: SQLText, _ values: [SQLValue] = []
  ) throws -> Value {
    guard let value: Value = try first(sql, values) else {
      throw StoreError(.failed, "the database answered what was not expected: no \(Value.self)")
    }
    return value
  }

  /// Numbers in the second column by what `key` makes of the row; nil leaves one out.
  func counts<Key: Hashable>(_ sql: SQLText, by key: (SQLRow) throws -> Key?) throws -> [Key: Int] {
    let counts = try rows(sql) { row in try key(row).map { (key: $0, count: try row[1] as Int) } }
    return Dictionary(counts.map { ($0.key, $0.count) }) { $1 }
  }
}

extension SQLValue {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let number): number.databaseValue
    case .real(let number): number.databaseValue
    case .text(let text): text.databaseValue
    }
  }
}
