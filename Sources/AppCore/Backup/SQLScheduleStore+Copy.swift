package import AppStore

extension SQLScheduleStore {
  private static let batch = 5_000

  /// All rows of all tables, counted and hashed on one snapshot.
  package func digests() async throws -> [TableDigest] {
    try await engine.perform(.snapshot, patience: .seconds(600)) { try Self.digests(in: $0) }
  }

  /// Within a snapshot of the caller's.
  static func digests(in session: SQLSession) throws -> [TableDigest] {
    try StoreTable.all.map { table in
      var hash = RowHash()
      var key: SQLValue?
      while true {
        let rows = try rows(of: table, after: key, limit: batch, in: session)
        for row in rows { hash.add(row) }
        guard let last = rows.last?.first else { return hash.digest(of: table) }
        key = last
      }
    }
  }

  /// Rows of a table by rising key, after `key` (from the first when nil).
  package func rows(of table: StoreTable, after key: SQLValue?, limit: Int) async throws -> [[SQLValue]] {
    try await engine.perform(.read, patience: nil) { try Self.rows(of: table, after: key, limit: limit, in: $0) }
  }

  private static func rows(
    of table: StoreTable, after key: SQLValue?, limit: Int, in session: SQLSession
  ) throws -> [[SQLValue]] {
    // Two statements: a plan for both cases at once would read the table from its beginning each time.
    let condition = key == nil ? "" : "WHERE \(table.key.name) > $2"
    let sql = SQLText { _ in
      "SELECT \(table.columnNames) FROM \(table.name) \(condition) ORDER BY \(table.key.name) LIMIT $1"
    }
    var rows: [[SQLValue]] = []
    try session.run(sql, each: [[.integer(limit)] + (key.map { [$0] } ?? [])]) { row in
      rows.append(
        try table.columns.enumerated().map { index, column in
          let value: SQLValue? =
            switch column.kind {
            case .text, .date: row.text(index).map { .text($0) }
            case .integer: row.integer(index).map { .integer($0) }
            case .real: row.real(index).map { .real($0) }
            }
          guard value != nil || row.text(index) == nil else {
            throw StoreError(.failed, "\(table.name).\(column.name) holds a value of another kind")
          }
          return value ?? .null
        })
    }
    return rows
  }

  /// Marks the store as the target of a copy. Until it is finished, it can't be opened for anything else.
  package func beginCopy(from source: String) async throws {
    try await engine.perform(.repeatableWrite, patience: nil) { session in
      try session.lock(Self.writerLock)
      try session.script(
        SQLText {
          """
          CREATE TABLE IF NOT EXISTS store_copy (table_name text PRIMARY KEY, source text NOT NULL, last_key text)
            \($0.strict)
          """
        })
      try session.run(
        "INSERT INTO store_copy (table_name, source) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        each: StoreTable.all.map { [.text($0.name), .text(source)] })
    }
  }

  /// Appends rows and moves the mark from `key` to the last row's, in one transaction.
  /// - Throws: `StoreError` code `.copyRefused` when the mark is elsewhere: another copy runs.
  package func append(_ rows: [[SQLValue]], to table: StoreTable, after key: SQLValue?) async throws {
    guard let last = rows.last?.first else { return }
    try await engine.perform(.write, patience: nil) { session in
      let moved = try session.run(
        """
        UPDATE store_copy SET last_key = $1
        WHERE table_name = $2 AND (last_key = $3 OR (last_key IS NULL AND CAST($3 AS text) IS NULL))
        """, [.text(last.text), .text(table.name), .text(key?.text)])
      guard moved == 1 else {
        throw StoreError(.copyRefused, "\(place): another copy into it runs; let one of them end")
      }
      try session.load(rows, into: table)
    }
  }

  /// Empties the tables and takes the mark away.
  package func discardCopy() async throws {
    try await engine.perform(.repeatableWrite, patience: nil) { session in
      for table in StoreTable.all.reversed() { try session.run(SQLText { _ in "DELETE FROM \(table.name)" }) }
      try session.script("DROP TABLE IF EXISTS store_copy")
    }
  }

  /// Takes the mark away; new rows get ids after the copied ones.
  package func finishCopy() async throws {
    try await engine.perform(.repeatableWrite, patience: nil) { session in
      // SQLite goes on after the highest id by itself.
      for table in StoreTable.all where table.key.kind == .integer {
        try session.script(
          SQLText(
            sqlite: "",
            postgres: """
              SELECT setval(pg_get_serial_sequence('\(table.name)', 'id'), max(id)) FROM \(table.name) HAVING max(id) > 0
              """))
      }
      try session.script("DROP TABLE IF EXISTS store_copy")
    }
  }
}
