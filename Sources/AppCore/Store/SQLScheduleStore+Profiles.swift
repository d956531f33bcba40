package import AppDomain

extension SQLScheduleStore: ProfileStore {
  package func token(of subscriber: Int64) async throws -> SubscriberToken? {
    let known: String? = try await engine.read { session in
      try session.first(
        "SELECT token FROM subscribers WHERE id = $1 AND device_id IS NULL", [.integer(subscriber)])
    }
    if let token = known.flatMap(SubscriberToken.init) { return token }
    return try await engine.write { session in
      try session.rows(
        """
        UPDATE subscribers SET token = coalesce(token, $1) WHERE id = $2 AND device_id IS NULL RETURNING token
        """, [.text(SubscriberToken().text), .integer(subscriber)]
      ) { SubscriberToken(try $0[0]) }.first
    }
  }

  package func profile(_ token: SubscriberToken) async throws -> SubscriberProfile? {
    try await engine.perform(.snapshot, patience: nil) { session in
      try Self.subscriber(token, in: session).flatMap { try Self.profile(of: $0, in: session) }
    }
  }

  package func change(
    _ token: SubscriberToken, _ change: SubscriberChange, at time: Double
  ) async throws -> SubscriberProfile? {
    try await engine.write { session in
      // The same order of rows as whoever subscribes and plans.
      try session.lock(Self.notificationsLock)
      guard let subscriber = try Self.subscriber(token, in: session) else { return nil }
      try Self.apply(change, to: subscriber, in: session)
      try session.run(
        "UPDATE subscriber_addresses SET state = $1, updated_at = $2 WHERE subscriber_id = $3 AND channel = $4 AND state <> $1",
        each: change.channels.sorted { $0.key.rawValue < $1.key.rawValue }.map {
          let state: SubscriberAddress.State = $0.value ? .active : .stopped
          return [.text(state.rawValue), .real(time), .integer(subscriber), .text($0.key.rawValue)]
        })
      return try Self.profile(of: subscriber, in: session)
    }
  }

  package func forget(_ token: SubscriberToken) async throws -> Bool {
    try await engine.perform(.repeatableWrite, patience: nil) { session in
      try session.lock(Self.notificationsLock)
      guard let subscriber = try Self.subscriber(token, in: session) else { return false }
      for statement in Self.forgetting { try session.run(statement, [.integer(subscriber)]) }
      return true
    }
  }

  package func messages(to subscriber: Int64, limit: Int) async throws -> [OutboxEntry] {
    try await engine.read { session in
      try session.rows(Self.entriesOfSubscriber, [.integer(subscriber), .integer(limit)], Self.entry)
    }
  }

  /// What a subscriber said of themselves when they came.
  static func apply(_ change: SubscriberChange, to subscriber: Int64, in session: SQLSession) throws {
    func set(_ column: StaticString, _ value: SQLValue) throws {
      try session.run(
        SQLText { _ in "UPDATE subscribers SET \(column) = $1 WHERE id = $2" }, [value, .integer(subscriber)])
    }
    if let lead = change.lead { try set("lead_minutes", .integer(lead)) }
    if let category = change.category { try set("category", .text(category?.rawValue)) }
    if let wantsDigest = change.wantsDigest { try set("digest", .integer(wantsDigest ? 1 : 0)) }
    guard let doctors = change.doctors else { return }
    var keys: Set<DoctorKey> = []
    if case .chosen(let chosen) = doctors { keys = chosen }
    try set("chooses_doctors", .integer(doctors == .all ? 0 : 1))
    try session.run("DELETE FROM subscriber_doctors WHERE subscriber_id = $1", [.integer(subscriber)])
    try session.run(
      "INSERT INTO subscriber_doctors (subscriber_id, doctor) VALUES ($1, $2)",
      each: keys.sorted().map { [.integer(subscriber), .text($0.id)] })
  }

  private static func subscriber(_ token: SubscriberToken, in session: SQLSession) throws -> Int64? {
    try session.first("SELECT id FROM subscribers WHERE token = $1 AND device_id IS NULL", [.text(token.text)])
  }

  private static func profile(of subscriber: Int64, in session: SQLSession) throws -> SubscriberProfile? {
    guard let interest = try interests(of: [subscriber], in: session)[subscriber] else { return nil }
    let addresses = try session.rows(
      """
      SELECT channel, address, details, state, created_at, updated_at FROM subscriber_addresses
      WHERE subscriber_id = $1 ORDER BY channel
      """, [.integer(subscriber)]
    ) { row -> SubscriberProfile.Address? in
      // Nil for what a newer version has put there.
      guard let channel = NotificationChannel(rawValue: try row[0]),
        let state = SubscriberAddress.State(rawValue: try row[3])
      else { return nil }
      return SubscriberProfile.Address(
        channel: channel, address: try row[1], details: row.text(2), state: state, createdAt: try row[4],
        updatedAt: try row[5])
    }
    return SubscriberProfile(
      subscriber: subscriber,
      createdAt: try session.required("SELECT created_at FROM subscribers WHERE id = $1", [.integer(subscriber)]),
      interest: interest, addresses: addresses)
  }

  /// Addresses that wait are theirs where they are the subscriber's own, or would become so.
  private static let forgetting: [SQLText] = [
    """
    DELETE FROM unconfirmed_addresses WHERE subscriber_id = $1 OR address IN (
      SELECT address FROM subscriber_addresses WHERE subscriber_id = $1 AND channel = 'email')
    """,
    "DELETE FROM outbox WHERE subscriber_id = $1", "DELETE FROM subscriber_addresses WHERE subscriber_id = $1",
    "DELETE FROM subscribers WHERE id = $1",
  ]
}
