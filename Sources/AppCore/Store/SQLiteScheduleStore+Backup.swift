import GRDB

extension SQLiteScheduleStore {
  /// SQLite's online backup of one snapshot, as a single file that needs no other beside it.
  /// - Returns: what the snapshot holds.
  func backUp(to path: String) async throws -> [TableDigest] {
    try await pool.read { source in
      let target = try DatabaseQueue(path: path)
      let digests = try Self.digests(in: source)
      try target.writeWithoutTransaction { target in
        try source.backup(to: target)
        try target.execute(sql: "PRAGMA journal_mode = DELETE")
      }
      try target.close()
      return digests
    }
  }

  /// - Throws: `StoreError` code `.differs` when SQLite finds the file damaged.
  func verifiedDigests() async throws -> [TableDigest] {
    try await pool.read { database in
      let found = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") ?? "nothing"
      guard found == "ok" else { throw StoreError(.differs, "the restored backup is damaged: \(found)") }
      return try Self.digests(in: database)
    }
  }
}
