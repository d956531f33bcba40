package import AppDomain

extension SQLScheduleStore: BootStore {
  package func record(_ boot: ServiceBoot) async throws {
    try await engine.perform(.repeatableWrite, patience: nil) { session in
      try session.run(
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
      try session.run(
        """
        DELETE FROM boots WHERE boot_id NOT IN (SELECT boot_id FROM boots ORDER BY started_at DESC, boot_id LIMIT $1)
        """, [.integer(ServiceBoot.kept)])
    }
  }

  package func boots(limit: Int) async throws -> [ServiceBoot] {
    try await engine.read { session in
      try session.rows(
        """
        SELECT boot_id, started_at, previous_inbound_at, last_inbound_at, first_at, first_client, first_path, stopped_at
        FROM boots ORDER BY started_at DESC, boot_id LIMIT $1
        """, [.integer(limit)]
      ) { row in
        var first: ServiceBoot.FirstRequest?
        if let at = row.real(4), let client = row.text(5).flatMap(RequestClient.init(rawValue:)), let path = row.text(6)
        {
          first = ServiceBoot.FirstRequest(at: at, client: client, path: path)
        }
        return ServiceBoot(
          id: try row[0], startedAt: try row[1], previousInboundAt: row.real(2), lastInboundAt: row.real(3),
          firstRequest: first, stoppedAt: row.real(7))
      }
    }
  }
}
