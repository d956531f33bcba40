package import AppDomain
import GRDB
import Secrets

extension SQLiteScheduleStore {
  package func subscribe(_ addresses: [NewAddress], limit: Int, at time: Double) async throws -> Subscription {
    let numbers = SubscriberNumbers.random()
    return try await pool.write { database in
      let owners = try addresses.map { try Self.subscriber($0.channel, $0.address, in: database) }
      let plan = SubscriptionPlan(addresses, owners: owners)
      if plan.needsSubscriber {
        try Self.makeRoom(below: limit, in: database)
        try database.execute(
          sql: "INSERT INTO subscribers (created_at, secret, claim, is_counted) VALUES (?, ?, ?, 0)",
          arguments: [time, numbers.secret, numbers.claim])
      }
      let subscriber = plan.subscriber ?? database.lastInsertedRowID
      for address in plan.own {
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
      for address in plan.others {
        try database.execute(
          sql: "UPDATE subscriber_addresses SET state = 'active', updated_at = ? WHERE channel = ? AND address = ?",
          arguments: [time, address.channel.rawValue, address.address])
      }
      try database.execute(
        sql: "UPDATE subscribers SET secret = coalesce(secret, ?), claim = coalesce(claim, ?) WHERE id = ?",
        arguments: [numbers.secret, numbers.claim, subscriber])
      let number = try Int64.fetchOne(
        database, sql: "SELECT \(plan.isProven ? "secret" : "claim") FROM subscribers WHERE id = ?",
        arguments: [subscriber])
      return Subscription(subscriber: subscriber, number: number ?? numbers.claim, isNew: plan.isNew)
    }
  }

  /// Who has left, and has no message that is kept, makes room when there is none.
  private static func makeRoom(below limit: Int, in database: Database) throws {
    func count() throws -> Int { try Int.fetchOne(database, sql: "SELECT count(*) FROM subscribers") ?? 0 }
    guard try count() >= limit else { return }
    try database.execute(
      sql: """
        DELETE FROM subscriber_addresses WHERE subscriber_id NOT IN (SELECT subscriber_id FROM outbox)
          AND subscriber_id NOT IN (SELECT subscriber_id FROM subscriber_addresses WHERE state <> 'stopped')
        """)
    try database.execute(
      sql: """
        DELETE FROM subscribers WHERE id NOT IN (SELECT subscriber_id FROM outbox)
          AND id NOT IN (SELECT subscriber_id FROM subscriber_addresses)
        """)
    guard try count() < limit else { throw SubscribersFull() }
  }

  package func subscriber(of channel: NotificationChannel, address: String) async throws -> Int64? {
    guard !address.utf8.contains(0) else { return nil }
    return try await pool.read { database in
      try Int64.fetchOne(
        database,
        sql: "SELECT subscriber_id FROM subscriber_addresses WHERE channel = ? AND address = ? AND state = 'active'",
        arguments: [channel.rawValue, address])
    }
  }

  package func address(of subscriber: Int64, on channel: NotificationChannel) async throws -> String? {
    try await pool.read { database in
      try String.fetchOne(
        database,
        sql: "SELECT address FROM subscriber_addresses WHERE subscriber_id = ? AND channel = ? AND state = 'active'",
        arguments: [subscriber, channel.rawValue])
    }
  }

  package func leave(by number: Int64, at time: Double) async throws -> Leaving {
    try await pool.write { database in
      if let subscriber = try Int64.fetchOne(
        database, sql: "SELECT id FROM subscribers WHERE secret = ?", arguments: [number])
      {
        _ = try Self.stop(subscriber, nil, at: time, in: database)
        return .left
      }
      let known = try Int64.fetchOne(
        database, sql: "SELECT id FROM subscribers WHERE claim = ?1 OR (id = ?1 AND is_counted = 1)",
        arguments: [number])
      return known.map { .needsProof(subscriber: $0) } ?? .unknown
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
