/// A database, whatever its kind: work is done on a connection of it, on a thread that is the engine's.
package protocol SQLEngine: Sendable {
  /// - Parameters:
  ///   - patience: how long it is tried again when the database can't be asked; nil: the engine's own.
  ///   - work: may run more than once; only its last run counts.
  /// - Throws: `CancellationError` when the caller's task was cancelled before it began; what `work` throws; errors of the
  ///   database's own.
  func perform<Value: Sendable>(
    _ access: SQLAccess, patience: Duration?, _ work: @escaping @Sendable (any SQLSession) throws -> Value
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
    patience: Duration? = nil, _ work: @escaping @Sendable (any SQLSession) throws -> Value
  ) async throws -> Value { try await perform(.read, patience: patience, work) }

  func write<Value: Sendable>(
    _ work: @escaping @Sendable (any SQLSession) throws -> Value
  ) async throws -> Value { try await perform(.write, patience: nil, work) }

  /// Performs what has to be done also when the caller's task is cancelled, which would otherwise end it.
  package func settle<Value: Sendable>(
    _ access: SQLAccess, patience: Duration? = nil, _ work: @escaping @Sendable (any SQLSession) throws -> Value
  ) async throws -> Value {
    try await Task { try await perform(access, patience: patience, work) }.value
  }
}

/// A connection, for the time of one piece of work.
package protocol SQLSession {
  /// Runs a statement once for each list of values, in order; the number of round trips does not grow with that of the
  /// lists.
  /// - Parameter read: called for each row of each answer.
  /// - Returns: how many rows were changed, of a statement that gives none.
  @discardableResult
  func run(_ sql: SQLText, each values: [[SQLValue]], _ read: (SQLRow) throws -> Void) throws -> Int

  /// Runs several statements that take no values.
  func script(_ sql: SQLText) throws

  /// Appends rows, each with a value for every column.
  func load(_ rows: [[SQLValue]], into table: StoreTable) throws

  /// Within a transaction: until it ends, nobody else holds the lock of that number.
  func lock(_ key: Int64) throws

  /// Within a transaction: how long each of its statements may take.
  func allow(_ timeout: Duration) throws

  /// Within a transaction: it is rolled back when nothing is asked for that long.
  func endWhenSilent(for seconds: Int) throws
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
