package import AppDomain
import GRDB

extension SQLiteScheduleStore {
  package func subscribe(_ addresses: [NewAddress], at time: Double) async throws -> Subscription {
    try await pool.write { database in
      var known: Int64?
      for address in addresses where known == nil {
        known = try Self.subscriber(address.channel, address.address, in: database)
      }
      if known == nil {
        try database.execute(sql: "INSERT INTO subscribers (created_at) VALUES (?)", arguments: [time])
      }
      let subscriber = known ?? database.lastInsertedRowID
      for address in addresses {
        try database.execute(
          sql: "DELETE FROM subscriber_addresses WHERE subscriber_id = ? AND channel = ? AND address <> ?",
          arguments: [subscriber, address.channel.rawValue, address.address])
        try database.execute(
          sql: """
            INSERT INTO subscriber_addresses
              (subscriber_id, channel, address, details, state, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, 'active', ?5, ?5)
            ON CONFLICT (channel, address) DO UPDATE SET subscriber_id = excluded.subscriber_id,
              details = excluded.details, state = 'active', updated_at = excluded.updated_at
            """,
          arguments: [subscriber, address.channel.rawValue, address.address, address.details, time])
      }
      return Subscription(subscriber: subscriber, isNew: known == nil)
    }
  }

  package func unsubscribe(_ channel: NotificationChannel, address: String, at time: Double) async throws -> Bool {
    try await pool.write { database in
      guard let subscriber = try Self.subscriber(channel, address, in: database) else { return false }
      return try Self.stop(subscriber, nil, at: time, in: database)
    }
  }

  package func unsubscribe(_ subscriber: Int64, channel: NotificationChannel?, at time: Double) async throws -> Bool {
    try await pool.write { try Self.stop(subscriber, channel, at: time, in: $0) }
  }

  package func activeAddresses() async throws -> [NotificationChannel: Int] {
    try await pool.read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT channel, count(*) FROM subscriber_addresses WHERE state = 'active' GROUP BY channel")
      return rows.reduce(into: [:]) { counts, row in
        if let channel = NotificationChannel(rawValue: row[0]) { counts[channel] = row[1] }
      }
    }
  }

  private static func subscriber(
    _ channel: NotificationChannel, _ address: String, in database: Database
  ) throws -> Int64? {
    try Int64.fetchOne(
      database, sql: "SELECT subscriber_id FROM subscriber_addresses WHERE channel = ? AND address = ?",
      arguments: [channel.rawValue, address])
  }

  /// False when there is no such subscriber, or none with that channel.
  private static func stop(
    _ subscriber: Int64, _ channel: NotificationChannel?, at time: Double, in database: Database
  ) throws -> Bool {
    try database.execute(
      sql: """
        UPDATE subscriber_addresses SET state = 'stopped', updated_at = ?1
        WHERE subscriber_id = ?2 AND (?3 IS NULL OR channel = ?3)
        """,
      arguments: [time, subscriber, channel?.rawValue])
    return database.changesCount > 0
  }
}
