package import AppDomain
import Postgres

extension PostgresScheduleStore {
  /// The first bytes of SHA-256 of `outgrown outbox planner`, to be nobody else's.
  static let notificationsLock: Int64 = 0x3D4D_6C4D_6FE6_D8E2

  package func subscribe(_ addresses: [NewAddress], at time: Double) async throws -> Subscription {
    try await pool.write { connection in
      // Of two that bring the same new address, the second finds it.
      _ = try connection.query("SELECT pg_advisory_xact_lock($1)", [.integer(Self.notificationsLock)])
      var known: Int64?
      for address in addresses where known == nil {
        known = try Self.subscriber(address.channel, address.address, on: connection)
      }
      let subscriber =
        try known
        ?? connection.query("INSERT INTO subscribers (created_at) VALUES ($1) RETURNING id", [.real(time)])
        .integer(0, 0)
      for address in addresses {
        _ = try connection.query(
          "DELETE FROM subscriber_addresses WHERE subscriber_id = $1 AND channel = $2 AND address <> $3",
          [.integer(subscriber), .text(address.channel.rawValue), .text(address.address)])
        _ = try connection.query(
          """
          INSERT INTO subscriber_addresses (subscriber_id, channel, address, details, state, created_at, updated_at)
          VALUES ($1, $2, $3, $4, 'active', $5, $5)
          ON CONFLICT (channel, address) DO UPDATE SET subscriber_id = excluded.subscriber_id,
            details = excluded.details, state = 'active', updated_at = excluded.updated_at
          """,
          [
            .integer(subscriber), .text(address.channel.rawValue), .text(address.address), .text(address.details),
            .real(time),
          ])
      }
      return Subscription(subscriber: subscriber, isNew: known == nil)
    }
  }

  package func unsubscribe(_ channel: NotificationChannel, address: String, at time: Double) async throws -> Bool {
    guard !address.utf8.contains(0) else { return false }
    return try await pool.repeatableWrite { connection in
      guard let subscriber = try Self.subscriber(channel, address, on: connection) else { return false }
      return try Self.stop(subscriber, nil, at: time, on: connection)
    }
  }

  package func unsubscribe(_ subscriber: Int64, channel: NotificationChannel?, at time: Double) async throws -> Bool {
    try await pool.repeatableWrite { try Self.stop(subscriber, channel, at: time, on: $0) }
  }

  package func activeAddresses() async throws -> [NotificationChannel: Int] {
    try await pool.read { connection in
      let rows = try connection.query(
        "SELECT channel, count(*) FROM subscriber_addresses WHERE state = 'active' GROUP BY channel")
      var counts: [NotificationChannel: Int] = [:]
      for row in 0..<rows.count {
        guard let channel = NotificationChannel(rawValue: try rows.required(row, 0)) else { continue }
        counts[channel] = Int(try rows.integer(row, 1))
      }
      return counts
    }
  }

  private static func subscriber(
    _ channel: NotificationChannel, _ address: String, on connection: PostgresConnection
  ) throws -> Int64? {
    let rows = try connection.query(
      "SELECT subscriber_id FROM subscriber_addresses WHERE channel = $1 AND address = $2",
      [.text(channel.rawValue), .text(address)])
    return rows.count == 0 ? nil : try rows.integer(0, 0)
  }

  /// False when there is no such subscriber, or none with that channel.
  private static func stop(
    _ subscriber: Int64, _ channel: NotificationChannel?, at time: Double, on connection: PostgresConnection
  ) throws -> Bool {
    try connection.query(
      """
      UPDATE subscriber_addresses SET state = 'stopped', updated_at = $1
      WHERE subscriber_id = $2 AND ($3::text IS NULL OR channel = $3)
      """, [.real(time), .integer(subscriber), .text(channel?.rawValue)]
    ).affected > 0
  }
}
