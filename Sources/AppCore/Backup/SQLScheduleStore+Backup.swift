import AppStore
import Foundation
import GRDB
import Postgres

extension SQLiteEngine {
  /// SQLite's online backup of one snapshot, as a single file that needs no other beside it.
  /// - Returns: what the snapshot holds.
  func backUp(to path: String) async throws -> [TableDigest] {
    try await pool.read { source in
      let target = try DatabaseQueue(path: path)
      let digests = try SQLScheduleStore.digests(in: .sqlite(source))
      try target.writeWithoutTransaction { target in
        try source.backup(to: target)
        try target.execute(sql: "PRAGMA journal_mode = DELETE")
      }
      try target.close()
      return digests
    }
  }
}

extension SQLScheduleStore {
  /// - Throws: `StoreError` code `.differs` when SQLite finds the file damaged.
  func verifiedDigests() async throws -> [TableDigest] {
    try await engine.perform(.snapshot, patience: nil) { session in
      let found: String = try session.required("PRAGMA integrity_check(1)")
      guard found == "ok" else { throw StoreError(.differs, "the restored backup is damaged: \(found)") }
      return try Self.digests(in: session)
    }
  }
}

extension PostgresEngine {
  /// How long a dump may take.
  private static let patience = Duration.seconds(3_600)

  /// Dumps the database by `pg_dump`, on the snapshot that the digests are of.
  /// - Returns: what the snapshot holds, the tools, and the server's major version.
  func dump(to file: String) async throws -> ([TableDigest], PostgresTools, server: Int) {
    try await pool.snapshot(patience: Self.patience) { [configuration] connection in
      try connection.allow(Self.patience)
      let server = connection.serverVersion / 10_000
      let tools = try PostgresTools.choose(from: PostgresTools.installed(), server: server)
      let digests = try SQLScheduleStore.digests(in: .postgres(connection))
      let snapshot = try connection.query("SELECT pg_export_snapshot()").required(0, 0)
      try tools.dump(configuration, snapshot: snapshot, to: file)
      return (digests, tools, server)
    }
  }

  /// Restores a dump into a database that is made for it and dropped afterwards.
  func digests(restoring file: String, with tools: PostgresTools) async throws -> [TableDigest] {
    let name = "outgrown_verify_" + UUID().uuidString.lowercased().replacing("-", with: "")
    let scratch = configuration.naming(database: name)
    try await pool.read {
      _ = try $0.query(PostgresSQL(trusted: "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8'"))
    }
    let restored: Result<[TableDigest], any Error>
    do {
      // On a thread of the pool: the restore blocks.
      try await pool.read(patience: Self.patience) { _ in try tools.restore(file, into: scratch) }
      restored = .success(try await SQLScheduleStore(scratch).closing { try await $0.digests() })
    } catch {
      restored = .failure(error)
    }
    try await settle(.read) { try $0.script(SQLText { _ in "DROP DATABASE IF EXISTS \(name)" }) }
    return try restored.get()
  }
}
