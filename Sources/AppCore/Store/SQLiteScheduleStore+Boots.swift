package import AppDomain
import GRDB

extension SQLiteScheduleStore {
  package func record(_ boot: ServiceBoot) async throws {
    try await pool.write { database in
      try database.execute(
        sql: """
          INSERT INTO boots (boot_id, started_at, previous_inbound_at, last_inbound_at, first_at, first_client,
            first_path, stopped_at)
          VALUES (?, ?, (SELECT max(last_inbound_at) FROM boots WHERE boot_id <> ?), ?, ?, ?, ?, ?)
          ON CONFLICT (boot_id) DO UPDATE SET last_inbound_at = excluded.last_inbound_at,
            first_at = excluded.first_at, first_client = excluded.first_client, first_path = excluded.first_path,
            stopped_at = excluded.stopped_at
          """,
        arguments: [
          boot.id, boot.startedAt, boot.id, boot.lastInboundAt, boot.firstRequest?.at,
          boot.firstRequest?.client.rawValue, boot.firstRequest?.path, boot.stoppedAt,
        ])
      try database.execute(
        sql: """
          DELETE FROM boots WHERE boot_id NOT IN (SELECT boot_id FROM boots ORDER BY started_at DESC LIMIT ?)
          """,
        arguments: [ServiceBoot.kept])
    }
  }

  package func boots(limit: Int) async throws -> [ServiceBoot] {
    try await pool.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT boot_id, started_at, previous_inbound_at, last_inbound_at, first_at, first_client, first_path,
            stopped_at
          FROM boots ORDER BY started_at DESC, boot_id LIMIT ?
          """,
        arguments: [limit]
      ).map { row in
        let client = (row[5] as String?).flatMap(RequestClient.init(rawValue:))
        let first: ServiceBoot.FirstRequest? =
          if let at: Double = row[4], let client, let path: String = row[6] {
            ServiceBoot.FirstRequest(at: at, client: client, path: path)
          } else {
            nil
          }
        return ServiceBoot(
          id: row[0], startedAt: row[1], previousInboundAt: row[2], lastInboundAt: row[3], firstRequest: first,
          stoppedAt: row[7])
      }
    }
  }
}
