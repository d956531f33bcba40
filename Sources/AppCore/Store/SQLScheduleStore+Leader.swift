package import AppDomain
import Wording

extension SQLScheduleStore: LeaderStore {
  /// A leader that can't renew in this time tries again rather than wait, and its term is still running.
  private static let leaderPatience = Duration.seconds(3)

  package func lead(as holder: String, lease: Duration) async throws -> LeaderTerm? {
    // Asked twice, it gives the same term: a lost COMMIT does no harm.
    try await engine.perform(.repeatableWrite, patience: Self.leaderPatience) { session in
      try session.rows(
        Self.lead,
        [
          .text(holder), .real(max(0, min(lease, LeaderTerm.longestLease).seconds)),
          .real(LeaderTerm.longestLease.seconds),
        ]
      ) { LeaderTerm(holder: holder, epoch: try $0[0], expiresAt: try $0[1]) }.first
    }
  }

  package func leader() async throws -> LeaderTerm? {
    // Whoever is about to write under it would wait as long for the write, such as for a server that restarts.
    try await engine.read(patience: .seconds(30)) { session in
      try session.rows(Self.leader) { LeaderTerm(holder: try $0[0], epoch: try $0[1], expiresAt: try $0[2]) }.first
    }
  }

  package func resign(_ term: LeaderTerm) async throws {
    // The end of a service that was cancelled is when a lead is given back.
    try await engine.settle(.repeatableWrite, patience: Self.leaderPatience) { session in
      _ = try session.run(
        "UPDATE leader SET expires_at = 0 WHERE holder = $1 AND epoch = $2", [.text(term.holder), .integer(term.epoch)])
    }
  }

  /// Within a write transaction of the caller's: holds the row until it ends, so that a takeover comes before the check
  /// or after the commit. A holder that freezes between the two loses its session, and with it the transaction.
  /// - Throws: `LeaderTermEnded`, and what the engine throws.
  static func check(_ term: LeaderTerm, in session: SQLSession) throws {
    try session.endWhenSilent(for: 3)
    let holds: Int? = try session.first(checkTerm, [.text(term.holder), .integer(term.epoch)])
    guard holds != nil else { throw LeaderTermEnded(term) }
  }

  private static let lead = SQLText {
    """
    INSERT INTO leader (id, holder, epoch, expires_at) VALUES (1, $1, 1, \($0.clock) + CAST($2 AS double precision))
    ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
      epoch = leader.epoch + CASE WHEN leader.holder = excluded.holder THEN 0 ELSE 1 END
    WHERE leader.holder = excluded.holder OR leader.expires_at <= \($0.clock)
      OR leader.expires_at > \($0.clock) + CAST($3 AS double precision)
    RETURNING epoch, expires_at
    """
  }

  private static let leader = SQLText {
    "SELECT holder, epoch, expires_at FROM leader WHERE expires_at > \($0.clock)"
  }

  private static let checkTerm = SQLText {
    "SELECT 1 FROM leader WHERE holder = $1 AND epoch = $2 AND expires_at > \($0.clock) \($0.sharing)"
  }
}
