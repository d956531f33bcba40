import Postgres

extension PostgresScheduleStore {
  package func digests() async throws -> [TableDigest] {
    try await pool.snapshot(patience: .seconds(600)) { try Self.digests(on: $0) }
  }

  /// Within a transaction of the caller's.
  static func digests(on connection: PostgresConnection) throws -> [TableDigest] {
    try StoreTable.all.map { table in
      var hash = RowHash()
      var key: StoreValue?
      while true {
        let batch = try rows(of: table, after: key, limit: 5_000, on: connection)
        for row in batch { hash.add(row) }
        guard let last = batch.last?.first else { return hash.digest(of: table) }
        key = last
      }
    }
  }

  package func rows(of table: StoreTable, after key: StoreValue?, limit: Int) async throws -> [[StoreValue]] {
    try await pool.read { try Self.rows(of: table, after: key, limit: limit, on: $0) }
  }

  package func copyProgress() async throws -> CopyProgress? {
    try await pool.read { connection in
      guard try connection.query("SELECT to_regclass('store_copy') IS NOT NULL").boolean(0, 0) else { return nil }
      let rows = try connection.query("SELECT table_name, source, last_key FROM store_copy")
      var progress = CopyProgress(source: rows.text(0, 1) ?? "", keys: [:])
      for row in 0..<rows.count {
        guard let table = StoreTable.all.first(where: { $0.name == rows.text(row, 0) }) else { continue }
        if let text = rows.text(row, 2) { progress.keys[table.name] = StoreValue(text, table.key.kind) }
      }
      return progress
    }
  }

  package func beginCopy(from source: String) async throws {
    try await pool.repeatableWrite { connection in
      _ = try connection.query("SELECT pg_advisory_xact_lock($1)", [.integer(Self.writerLock)])
      try connection.run(
        "CREATE TABLE IF NOT EXISTS store_copy (table_name text PRIMARY KEY, source text NOT NULL, last_key text)")
      _ = try connection.query(
        "INSERT INTO store_copy (table_name, source) SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING",
        [.array(StoreTable.all.map(\.name)), .text(source)])
    }
  }

  package func append(_ rows: [[StoreValue]], to table: StoreTable, after key: StoreValue?) async throws {
    guard let last = rows.last?.first else { return }
    let names = table.columns.map(\.name).joined(separator: ", ")
    try await pool.write { connection in
      let moved = try connection.query(
        "UPDATE store_copy SET last_key = $1 WHERE table_name = $2 AND last_key IS NOT DISTINCT FROM $3",
        [.text(last.text), .text(table.name), .text(key?.text)])
      guard moved.affected == 1 else { throw CopyProgress.anotherRuns(place) }
      try connection.copy(
        PostgresSQL(trusted: "COPY \(table.name) (\(names)) FROM STDIN"), rows: rows.lazy.map { $0.map(\.text) })
    }
  }

  package func discardCopy() async throws {
    try await pool.repeatableWrite { connection in
      for table in StoreTable.all.reversed() {
        try connection.run(PostgresSQL(trusted: "DELETE FROM \(table.name)"))
      }
      try connection.run("DROP TABLE IF EXISTS store_copy")
    }
  }

  package func finishCopy() async throws {
    try await pool.repeatableWrite { connection in
      for table in StoreTable.all where table.key.kind == .integer {
        _ = try connection.query(
          PostgresSQL(
            trusted: """
              SELECT setval(pg_get_serial_sequence('\(table.name)', 'id'), max(id)) FROM \(table.name) HAVING max(id) > 0
              """))
      }
      try connection.run("DROP TABLE IF EXISTS store_copy")
    }
  }

  private static func rows(
    of table: StoreTable, after key: StoreValue?, limit: Int, on connection: PostgresConnection
  ) throws -> [[StoreValue]] {
    let names = table.columns.map(\.name).joined(separator: ", ")
    // Two statements: a plan for both cases at once would read the table from its beginning each time.
    let condition = key == nil ? "" : "WHERE \(table.key.name) > $2"
    let rows = try connection.query(
      PostgresSQL(
        trusted: "SELECT \(names) FROM \(table.name) \(condition) ORDER BY \(table.key.name) LIMIT $1"),
      [.integer(Int64(limit))] + (key.map { [.text($0.text)] } ?? []))
    var values: [[StoreValue]] = []
    values.reserveCapacity(rows.count)
    for row in 0..<rows.count {
      var line: [StoreValue] = []
      line.reserveCapacity(table.columns.count)
      for (index, column) in table.columns.enumerated() {
        guard let value = StoreValue(rows.text(row, index), column.kind) else {
          throw PostgresError(.answer, "\(table.name).\(column.name) holds a value of another kind")
        }
        line.append(value)
      }
      values.append(line)
    }
    return values
  }
}

extension CopyProgress {
  static func anotherRuns(_ place: String) -> StoreError {
    StoreError(.copyRefused, "\(place): another copy into it runs; let one of them end")
  }
}
