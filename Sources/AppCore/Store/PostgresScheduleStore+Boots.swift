package import AppDomain
import Postgres

extension PostgresScheduleStore {
  package func record(_ boot: ServiceBoot) async throws {
    try await pool.repeatableWrite { connection in
      _ = try connection.query(
        """
        INSERT INTO boots (boot_id, started_at, previous_inbound_at, last_inbound_at, first_at, first_client, first_path,
          stopped_at)
        VALUES ($1, $2, (SELECT max(last_inbound_at) FROM boots WHERE boot_id <> $1), $3, $4, $5, $6, $7)
        ON CONFLICT (boot_id) DO UPDATE SET last_inbound_at = excluded.last_inbound_at, first_at = excluded.first_at,
          first_client = excluded.first_client, first_path = excluded.first_path, stopped_at = excluded.stopped_at
        """,
        [
          .text(boot.id), .real(boot.startedAt), .real(boot.lastInboundAt), .real(boot.firstRequest?.at),
          .text(boot.firstRequest?.client.rawValue), .text(boot.firstRequest?.path.replacing("\0", with: "\u{FFFD}")),
          .real(boot.stoppedAt),
        ])
      _ = try connection.query(
        """
        DELETE FROM boots WHERE boot_id NOT IN (SELECT boot_id FROM boots ORDER BY started_at DESC, boot_id LIMIT $1)
        """, [.integer(Int64(ServiceBoot.kept))])
    }
  }

  package func boots(limit: Int) async throws -> [ServiceBoot] {
    try await pool.read { connection in
      let rows = try connection.query(
        """
        SELECT boot_id, started_at, previous_inbound_at, last_inbound_at, first_at, first_client, first_path, stopped_at
        FROM boots ORDER BY started_at DESC, boot_id LIMIT $1
        """, [.integer(Int64(limit))])
      var boots: [ServiceBoot] = []
      for row in 0..<rows.count {
        var first: ServiceBoot.FirstRequest?
        if let at = rows.real(row, 4), let client = rows.text(row, 5).flatMap(RequestClient.init(rawValue:)),
          let path = rows.text(row, 6)
        {
          first = ServiceBoot.FirstRequest(at: at, client: client, path: path)
        }
        boots.append(
          ServiceBoot(
            id: try rows.required(row, 0), startedAt: try rows.requiredReal(row, 1),
            previousInboundAt: rows.real(row, 2),
            lastInboundAt: rows.real(row, 3), firstRequest: first, stoppedAt: rows.real(row, 7)))
      }
      return boots
    }
  }
}
