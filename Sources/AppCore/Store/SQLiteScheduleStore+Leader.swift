package import AppDomain
import GRDB

extension SQLiteScheduleStore {
  /// Seconds since 1970, to the millisecond: the clock of the one machine that has the file.
  /// Source: SQLite, "Date And Time Functions"; 2440587.5 is the Julian day of 1970-01-01 00:00 UTC.
  private static let now = "((julianday('now') - 2440587.5) * 86400.0)"

  package func lead(as holder: String, lease: Duration) async throws -> LeaderTerm? {
    try await pool.write { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          INSERT INTO leader (id, holder, epoch, expires_at) VALUES (1, ?1, 1, \(Self.now) + ?2)
          ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
            epoch = epoch + (holder <> excluded.holder)
          WHERE holder = excluded.holder OR expires_at <= \(Self.now) OR expires_at > \(Self.now) + ?3
          RETURNING epoch, expires_at
          """,
        arguments: [holder, LeaderTerm.seconds(of: lease), LeaderTerm.seconds(of: LeaderTerm.longestLease)])
      return row.map { LeaderTerm(holder: holder, epoch: $0[0], expiresAt: $0[1]) }
    }
  }

  package func leader() async throws -> LeaderTerm? {
    try await pool.read { database in
      try Row.fetchOne(
        database, sql: "SELECT holder, epoch, expires_at FROM leader WHERE expires_at > \(Self.now)"
      ).map { LeaderTerm(holder: $0[0], epoch: $0[1], expiresAt: $0[2]) }
    }
  }

  package func resign(_ term: LeaderTerm) async throws {
    try await pool.write { database in
      try database.execute(
        sql: "UPDATE leader SET expires_at = 0 WHERE holder = ? AND epoch = ?", arguments: [term.holder, term.epoch])
    }
  }

  /// Within a write transaction of the caller's, of which SQLite has one at a time: until it ends, nobody else leads.
  /// - Throws: `LeaderTermEnded`.
  static func check(_ term: LeaderTerm, in database: Database) throws {
    let holds = try Bool.fetchOne(
      database,
      sql: "SELECT EXISTS (SELECT 1 FROM leader WHERE holder = ? AND epoch = ? AND expires_at > \(now))",
      arguments: [term.holder, term.epoch])
    guard holds == true else { throw LeaderTermEnded(term) }
  }
}
