import GRDB

extension SQLiteScheduleStore {
  package func digests() async throws -> [TableDigest] { try await pool.read(Self.digests) }

  static func digests(in database: Database) throws -> [TableDigest] {
    try StoreTable.all.map { table in
      var hash = RowHash()
      let cursor = try Row.fetchCursor(
        database, sql: "SELECT \(names(table)) FROM \(table.name) ORDER BY \(table.key.name)")
      while let row = try cursor.next() { hash.add(values(row, of: table)) }
      return hash.digest(of: table)
    }
  }

  package func rows(of table: StoreTable, after key: StoreValue?, limit: Int) async throws -> [[StoreValue]] {
    try await pool.read { database in
      let condition = key == nil ? "" : "WHERE \(table.key.name) > ?"
      let cursor = try Row.fetchCursor(
        database,
        sql: "SELECT \(Self.names(table)) FROM \(table.name) \(condition) ORDER BY \(table.key.name) LIMIT ?",
        arguments: StatementArguments(key.map { [$0.databaseValue] } ?? []) + [limit])
      var rows: [[StoreValue]] = []
      while let row = try cursor.next() { rows.append(Self.values(row, of: table)) }
      return rows
    }
  }

  package func copyProgress() async throws -> CopyProgress? {
    try await pool.read { database in
      guard try database.tableExists("store_copy") else { return nil }
      var progress = CopyProgress(source: "", keys: [:])
      for row in try Row.fetchAll(database, sql: "SELECT table_name, source, last_key FROM store_copy") {
        progress.source = row[1]
        guard let table = StoreTable.all.first(where: { $0.name == row[0] as String }) else { continue }
        if let text: String = row[2] { progress.keys[table.name] = StoreValue(text, table.key.kind) }
      }
      return progress
    }
  }

  package func beginCopy(from source: String) async throws {
    try await pool.write { database in
      try database.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS store_copy (table_name TEXT PRIMARY KEY, source TEXT NOT NULL, last_key TEXT) STRICT
          """)
      for table in StoreTable.all {
        try database.execute(
          sql: "INSERT OR IGNORE INTO store_copy (table_name, source) VALUES (?, ?)", arguments: [table.name, source])
      }
    }
  }

  package func append(_ rows: [[StoreValue]], to table: StoreTable, after key: StoreValue?) async throws {
    guard let last = rows.last?.first else { return }
    try await pool.write { database in
      try database.execute(
        sql: "UPDATE store_copy SET last_key = ? WHERE table_name = ? AND last_key IS ?",
        arguments: [last.text, table.name, key?.text])
      guard database.changesCount == 1 else { throw CopyProgress.anotherRuns(place) }
      let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
      let insert = try database.cachedStatement(
        sql: "INSERT INTO \(table.name) (\(Self.names(table))) VALUES (\(marks))")
      for row in rows { try insert.execute(arguments: StatementArguments(row.map(\.databaseValue))) }
    }
  }

  package func discardCopy() async throws {
    try await pool.write { database in
      for table in StoreTable.all.reversed() { try database.execute(sql: "DELETE FROM \(table.name)") }
      try database.execute(sql: "DROP TABLE IF EXISTS store_copy")
    }
  }

  /// SQLite's AUTOINCREMENT goes on after the highest id by itself.
  package func finishCopy() async throws {
    try await pool.write { try $0.execute(sql: "DROP TABLE IF EXISTS store_copy") }
  }

  private static func names(_ table: StoreTable) -> String { table.columns.map(\.name).joined(separator: ", ") }

  private static func values(_ row: Row, of table: StoreTable) -> [StoreValue] {
    table.columns.indices.map { index in
      switch (row[index] as DatabaseValue).storage {
      case .null: .null
      case .int64(let number): .integer(number)
      case .double(let number): .real(number)
      case .string(let text): .text(text)
      case .blob(let data): .text(String(decoding: data, as: UTF8.self))
      }
    }
  }
}

extension StoreValue {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let number): number.databaseValue
    case .real(let number): number.databaseValue
    case .text(let text): text.databaseValue
    }
  }
}
