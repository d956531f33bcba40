package import AppDomain
import Postgres
import Secrets

extension SQLScheduleStore: SubscriberStore {
  /// The first bytes of SHA-256 of `outgrown outbox planner`, to be nobody else's.
  static let notificationsLock: Int64 = 0x3D4D_6C4D_6FE6_D8E2

  package func subscribe(_ addresses: [NewAddress], limit: Int, at time: Double) async throws -> Subscription {
    try await engine.write { session in
      // Of two that bring the same new address, the second finds it.
      try session.lock(Self.notificationsLock)
      return try Self.activate(addresses, numbers: .random(), limit: limit, at: time, in: session)
    }
  }

  /// - Parameter numbers: for a subscriber who has none yet.
  static func activate(
    _ addresses: [NewAddress], numbers: SubscriberNumbers, limit: Int, at time: Double, in session: SQLSession
  ) throws -> Subscription {
    let owners: [Int64?] = try addresses.map { address in
      try session.first(
        "SELECT subscriber_id FROM subscriber_addresses WHERE channel = $1 AND address = $2",
        [.text(address.channel.rawValue), .text(address.address)])
    }
    let plan = SubscriptionPlan(addresses, owners: owners)
    if plan.needsSubscriber { try makeRoom(below: limit, in: session) }
    let subscriber =
      try plan.subscriber
      ?? session.required(
        "INSERT INTO subscribers (created_at, secret, claim, is_counted) VALUES ($1, $2, $3, 0) RETURNING id",
        [.real(time), .integer(numbers.secret), .integer(numbers.claim)])
    for address in plan.own { try give(address, to: subscriber, at: time, in: session) }
    for address in plan.others {
      try session.run(
        "UPDATE subscriber_addresses SET state = 'active', updated_at = $1 WHERE channel = $2 AND address = $3",
        [.real(time), .text(address.channel.rawValue), .text(address.address)])
    }
    let told: [Int64] = try session.rows(
      """
      UPDATE subscribers SET secret = coalesce(secret, $1), claim = coalesce(claim, $2) WHERE id = $3
      RETURNING secret, claim
      """, [.integer(numbers.secret), .integer(numbers.claim), .integer(subscriber)]
    ) { try $0[plan.isProven ? 0 : 1] }
    return Subscription(subscriber: subscriber, number: told.first ?? numbers.claim, isNew: plan.isNew)
  }

  /// The one address of the subscriber's on its channel, whosever it was.
  static func give(
    _ address: NewAddress, to subscriber: Int64, at time: Double, in session: SQLSession
  ) throws {
    try session.run(
      "DELETE FROM subscriber_addresses WHERE subscriber_id = $1 AND channel = $2 AND address <> $3",
      [.integer(subscriber), .text(address.channel.rawValue), .text(address.address)])
    try session.run(
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

  /// Who has left, and has no message that is kept, makes room when there is none. Addresses that wait to be confirmed count;
  /// devices have a bound of their own.
  static func makeRoom(below limit: Int, in session: SQLSession) throws {
    func count() throws -> Int {
      try session.required(
        """
        SELECT (SELECT count(*) FROM subscribers WHERE device_id IS NULL)
          + (SELECT count(*) FROM unconfirmed_addresses WHERE confirmed_at IS NULL)
        """)
    }
    guard try count() >= limit else { return }
    try session.run(
      """
      DELETE FROM subscriber_addresses WHERE subscriber_id NOT IN (SELECT subscriber_id FROM outbox)
        AND subscriber_id NOT IN (SELECT subscriber_id FROM subscriber_addresses WHERE state <> 'stopped')
      """)
    try session.run(
      """
      DELETE FROM subscribers WHERE id NOT IN (SELECT subscriber_id FROM outbox)
        AND id NOT IN (SELECT subscriber_id FROM subscriber_addresses)
      """)
    guard try count() < limit else { throw SubscribersFull() }
  }

  package func subscriber(of channel: NotificationChannel, address: String) async throws -> Int64? {
    guard !address.utf8.contains(0) else { return nil }
    return try await engine.read { session in
      try session.first(
        "SELECT subscriber_id FROM subscriber_addresses WHERE channel = $1 AND address = $2 AND state = 'active'",
        [.text(channel.rawValue), .text(address)])
    }
  }

  package func address(of subscriber: Int64, on channel: NotificationChannel) async throws -> String? {
    try await engine.read { session in
      try session.first(
        "SELECT address FROM subscriber_addresses WHERE subscriber_id = $1 AND channel = $2 AND state = 'active'",
        [.integer(subscriber), .text(channel.rawValue)])
    }
  }

  package func leave(by number: Int64, at time: Double) async throws -> Leaving {
    try await engine.perform(.repeatableWrite, patience: nil) { session in
      if let subscriber: Int64 = try session.first("SELECT id FROM subscribers WHERE secret = $1", [.integer(number)]) {
        _ = try Self.stop(subscriber, nil, at: time, in: session)
        return .left
      }
      let known: Int64? = try session.first(
        "SELECT id FROM subscribers WHERE claim = $1 OR (id = $1 AND is_counted = 1)", [.integer(number)])
      return known.map { .needsProof(subscriber: $0) } ?? .unknown
    }
  }

  package func unsubscribe(_ subscriber: Int64, channel: NotificationChannel?, at time: Double) async throws -> Bool {
    try await engine.perform(.repeatableWrite, patience: nil) { try Self.stop(subscriber, channel, at: time, in: $0) }
  }

  package func stop(_ address: SubscriberAddress, at time: Double) async throws {
    try await engine.perform(.repeatableWrite, patience: nil) { session in
      _ = try session.run(
        """
        UPDATE subscriber_addresses SET state = 'stopped', updated_at = $1
        WHERE subscriber_id = $2 AND channel = $3 AND address = $4
        """,
        [.real(time), .integer(address.subscriber), .text(address.channel.rawValue), .text(address.address)])
    }
  }

  package func subscribers(after id: Int64, limit: Int) async throws -> [ListedSubscriber] {
    try await engine.read { session in
      try session.rows(
        """
        SELECT subscribers.id, max(CASE WHEN channel = 'email' THEN address END),
          max(CASE WHEN channel = 'web_push' THEN 1 ELSE 0 END), subscribers.created_at
        FROM subscribers JOIN subscriber_addresses ON subscriber_id = subscribers.id AND state = 'active'
        WHERE subscribers.id > $1 AND device_id IS NULL
        GROUP BY subscribers.id, subscribers.created_at ORDER BY subscribers.id LIMIT $2
        """, [.integer(id), .integer(limit)]
      ) { row in
        ListedSubscriber(
          id: try row[0], email: row.text(1), hasPush: try row[2] as Int > 0, createdAt: try row[3])
      }
    }
  }

  package func activeAddresses() async throws -> [NotificationChannel: Int] {
    try await engine.read { session in
      try session.counts(
        "SELECT channel, count(*) FROM subscriber_addresses WHERE state = 'active' GROUP BY channel"
      ) { NotificationChannel(rawValue: try $0[0]) }
    }
  }

  /// False when there is no such subscriber, or none with that channel.
  private static func stop(
    _ subscriber: Int64, _ channel: NotificationChannel?, at time: Double, in session: SQLSession
  ) throws -> Bool {
    try session.run(
      """
      UPDATE subscriber_addresses SET state = 'stopped', updated_at = $1
      WHERE subscriber_id = $2 AND (CAST($3 AS text) IS NULL OR channel = $3)
      """, [.real(time), .integer(subscriber), .text(channel?.rawValue)]) > 0
  }
}
