import Foundation
import Postgres

extension PostgresScheduleStore {
  /// How long a dump may take.
  private static let patience = Duration.seconds(3_600)

  /// Dumps the database by `pg_dump`, on the snapshot that the digests are of.
  /// - Returns: what the snapshot holds, the tools, and the server's major version.
  func dump(to file: String) async throws -> ([TableDigest], PostgresTools, server: Int) {
    try await pool.snapshot(patience: Self.patience) { [configuration] connection in
      try connection.allow(Self.patience)
      let server = connection.serverVersion / 10_000
      let tools = try PostgresTools.choose(from: PostgresTools.installed(), server: server)
      let digests = try Self.digests(on: connection)
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
      let other = try await PostgresScheduleStore(scratch)
      do {
        restored = .success(try await other.digests())
      } catch {
        restored = .failure(error)
      }
      await other.close()
    } catch {
      restored = .failure(error)
    }
    try await pool.read { _ = try $0.query(PostgresSQL(trusted: "DROP DATABASE IF EXISTS \(name)")) }
    return try restored.get()
  }
}
