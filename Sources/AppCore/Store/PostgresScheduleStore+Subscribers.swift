package import AppDomain
import Postgres
import Secrets

extension PostgresScheduleStore {
  /// The first bytes of SHA-256 of `outgrown outbox planner`, to be nobody else's.
  static let notificationsLock: Int64 = 0x3D4D_6C4D_6FE6_D8E2

  package func subscribe(_ addresses: [NewAddress], limit: Int, at time: Double) async throws -> Subscription {
    let numbers = SubscriberNumbers.random()
    return try await pool.write { connection in
      // Of two that bring the same new address, the second finds it.
      _ = try connection.query("SELECT pg_advisory_xact_lock($1)", [.integer(Self.notificationsLock)])
      let owners = try addresses.map { try Self.subscriber($0.channel, $0.address, on: connection) }
      let plan = SubscriptionPlan(addresses, owners: owners)
      if plan.needsSubscriber { try Self.makeRoom(below: limit, on: connection) }
      let subscriber =
        try plan.subscriber
        ?? connection.query(
          "INSERT INTO subscribers (created_at, secret, claim, is_counted) VALUES ($1, $2, $3, 0) RETURNING id",
          [.real(time), .integer(numbers.secret), .integer(numbers.claim)]
        ).integer(0, 0)
      for address in plan.own {
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
      for address in plan.others {
        _ = try connection.query(
          "UPDATE subscriber_addresses SET state = 'active', updated_at = $1 WHERE channel = $2 AND address = $3",
          [.real(time), .text(address.channel.rawValue), .text(address.address)])
      }
      let told = try connection.query(
        """
        UPDATE subscribers SET secret = coalesce(secret, $1), claim = coalesce(claim, $2) WHERE id = $3
        RETURNING secret, claim
        """, [.integer(numbers.secret), .integer(numbers.claim), .integer(subscriber)])
      return Subscription(
        subscriber: subscriber, number: try told.integer(0, plan.isProven ? 0 : 1), isNew: plan.isNew)
    }
  }

  /// Who has left, and has no message that is kept, makes room when there is none.
  private static func makeRoom(below limit: Int, on connection: PostgresConnection) throws {
    func count() throws -> Int { Int(try connection.query("SELECT count(*) FROM subscribers").integer(0, 0)) }
    guard try count() >= limit else { return }
    _ = try connection.query(
      """
      DELETE FROM subscriber_addresses WHERE subscriber_id NOT IN (SELECT subscriber_id FROM outbox)
        AND subscriber_id NOT IN (SELECT subscriber_id FROM subscriber_addresses WHERE state <> 'stopped')
      """)
    _ = try connection.query(
      """
      DELETE FROM subscribers WHERE id NOT IN (SELECT subscriber_id FROM outbox)
        AND id NOT IN (SELECT subscriber_id FROM subscriber_addresses)
      """)
    guard try count() < limit else { throw SubscribersFull() }
  }

  package func subscriber(of channel: NotificationChannel, address: String) async throws -> Int64? {
    guard !address.utf8.contains(0) else { return nil }
    return try await pool.read { connection in
      let rows = try connection.query(
        "SELECT subscriber_id FROM subscriber_addresses WHERE channel = $1 AND address = $2 AND state = 'active'",
        [.text(channel.rawValue), .text(address)])
      return rows.count == 0 ? nil : try rows.integer(0, 0)
    }
  }

  package func address(of subscriber: Int64, on channel: NotificationChannel) async throws -> String? {
    try await pool.read { connection in
      let rows = try connection.query(
        "SELECT address FROM subscriber_addresses WHERE subscriber_id = $1 AND channel = $2 AND state = 'active'",
        [.integer(subscriber), .text(channel.rawValue)])
      return rows.count == 0 ? nil : rows.text(0, 0)
    }
  }

  package func leave(by number: Int64, at time: Double) async throws -> Leaving {
    try await pool.repeatableWrite { connection in
      let owner = try connection.query("SELECT id FROM subscribers WHERE secret = $1", [.integer(number)])
      if owner.count > 0 {
        _ = try Self.stop(try owner.integer(0, 0), nil, at: time, on: connection)
        return .left
      }
      let known = try connection.query(
        "SELECT id FROM subscribers WHERE claim = $1 OR (id = $1 AND is_counted = 1)", [.integer(number)])
      return known.count == 0 ? .unknown : .needsProof(subscriber: try known.integer(0, 0))
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
