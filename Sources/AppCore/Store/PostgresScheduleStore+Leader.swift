package import AppDomain
import Postgres
import Wording

extension PostgresScheduleStore {
  /// A leader that can't renew in this time tries again rather than wait, and its term is still running.
  private static let leaderPatience = Duration.seconds(3)

  package func lead(as holder: String, lease: Duration) async throws -> LeaderTerm? {
    // Asked twice, it gives the same term: a lost COMMIT does no harm.
    try await pool.repeatableWrite(patience: Self.leaderPatience) { connection in
      let rows = try connection.query(
        PostgresStatements.lead,
        [
          .text(holder), .real(LeaderTerm.seconds(of: lease)), .real(LeaderTerm.seconds(of: LeaderTerm.longestLease)),
        ])
      guard rows.count == 1 else { return nil }
      return LeaderTerm(holder: holder, epoch: try rows.integer(0, 0), expiresAt: try rows.requiredReal(0, 1))
    }
  }

  package func leader() async throws -> LeaderTerm? {
    // Whoever is about to write under it would wait as long for the write, such as for a server that restarts.
    try await pool.read(patience: .seconds(30)) { connection in
      let rows = try connection.query(
        """
        SELECT holder, epoch, expires_at FROM leader
        WHERE expires_at > extract(epoch FROM clock_timestamp())::double precision
        """)
      guard rows.count == 1 else { return nil }
      return LeaderTerm(
        holder: try rows.required(0, 0), epoch: try rows.integer(0, 1), expiresAt: try rows.requiredReal(0, 2))
    }
  }

  package func resign(_ term: LeaderTerm) async throws {
    try await pool.repeatableWrite(patience: Self.leaderPatience) { connection in
      _ = try connection.query(
        "UPDATE leader SET expires_at = 0 WHERE holder = $1 AND epoch = $2", [.text(term.holder), .integer(term.epoch)])
    }
  }

  /// Within a write transaction of the caller's: holds the row until it ends, so that a takeover comes before the check
  /// or after the commit. A holder that freezes between the two loses its session, and with it the transaction.
  /// - Throws: `LeaderTermEnded`, `PostgresError`.
  static func check(_ term: LeaderTerm, on connection: PostgresConnection) throws {
    try connection.run("SET LOCAL idle_in_transaction_session_timeout = '3s'")
    let rows = try connection.query(
      PostgresStatements.checkTerm, [.text(term.holder), .integer(term.epoch)])
    guard rows.count == 1 else { throw LeaderTermEnded(term) }
  }
}

extension LeaderTerm {
  /// A lease that is granted, in seconds.
  static func seconds(of lease: Duration) -> Double { max(0, min(lease, longestLease).seconds) }
}
