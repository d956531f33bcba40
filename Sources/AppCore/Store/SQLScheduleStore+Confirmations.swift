package import AppDomain
import Wording

extension SQLScheduleStore: ConfirmationStore {
  package func ask(
    for address: EmailAddress, joining subscriber: Int64?, wishing wish: SubscriberChange, number: Int64, limit: Int,
    at time: Double
  ) async throws -> Int64 {
    try await engine.write { session in
      try session.lock(Self.notificationsLock)
      try Self.forget(at: time, in: session)
      try Self.makeRoom(below: limit, in: session)
      let known: Int64? = try session.first(
        """
        UPDATE subscribers SET claim = coalesce(claim, $1) WHERE id = (
          SELECT subscriber_id FROM subscriber_addresses WHERE channel = 'email' AND address = $2 AND state = 'active')
        RETURNING claim
        """, [.integer(try Self.unused(number, in: session)), .text(address.text)])
      if let known { return known }
      return try session.required(
        """
        INSERT INTO unconfirmed_addresses AS u (address, subscriber_id, number, attempts, asked_at, due_at, expires_at,
          wish)
        VALUES ($1, $2, $3, 0, $4, $4, $5, $7)
        ON CONFLICT (address) DO UPDATE SET asked_at = excluded.asked_at, confirmed_at = NULL, wish = excluded.wish,
          subscriber_id = CASE WHEN excluded.subscriber_id IS NULL OR u.confirmed_at IS NOT NULL
            THEN excluded.subscriber_id ELSE u.subscriber_id END,
          due_at = CASE WHEN u.mailed_at > $6 AND u.mailed_at <= $4 THEN u.due_at ELSE coalesce(u.due_at, $4) END,
          expires_at = CASE WHEN u.mailed_at > $6 AND u.mailed_at <= $4 THEN u.expires_at ELSE excluded.expires_at END
        RETURNING number
        """,
        [
          .text(address.text), subscriber.map { .integer($0) } ?? .null, .integer(number), .real(time),
          .real(time + UnconfirmedAddress.patience), .real(time - UnconfirmedAddress.pause), .text(wish.kept),
        ])
    }
  }

  package func takeUnasked(limit: Int, at time: Double) async throws -> [UnconfirmedAddress] {
    try await engine.write { session in
      let taken: [UnconfirmedAddress] = try session.rows(Self.unasked, [.real(time), .integer(limit)]) { row in
        try EmailAddress(row[1]).map {
          UnconfirmedAddress(id: try row[0], email: $0, askedAt: try row[2], attempt: try row[3] as Int + 1)
        }
      }
      try session.run(
        """
        UPDATE unconfirmed_addresses SET mailed_at = $1, due_at = $2, expires_at = $3, attempts = attempts + 1
        WHERE id = $4
        """,
        each: taken.map {
          [
            .real(time), .real(time + UnconfirmedAddress.pause), .real(time + UnconfirmedAddress.linkLifetime),
            .integer($0.id),
          ]
        })
      return taken
    }
  }

  package func finish(_ address: UnconfirmedAddress, _ result: DeliveryResult, at time: Double) async throws {
    _ = try await engine.settle(.write) { session in
      switch result {
      case .sent:
        try session.run(
          "UPDATE unconfirmed_addresses SET due_at = NULL, attempts = 0 WHERE id = $1", [.integer(address.id)])
      case .retry(let delay, _):
        try session.run(
          "UPDATE unconfirmed_addresses SET due_at = $1, mailed_at = NULL, expires_at = $2 WHERE id = $3",
          [
            .real(time + delay.seconds), .real(address.askedAt + UnconfirmedAddress.patience), .integer(address.id),
          ])
      case .dead:
        try session.run(
          "DELETE FROM unconfirmed_addresses WHERE id = $1 AND confirmed_at IS NULL", [.integer(address.id)])
      }
    }
  }

  package func confirm(_ id: Int64, at time: Double) async throws -> Bool {
    try await engine.write { session in
      try session.lock(Self.notificationsLock)
      let found = try session.rows(
        """
        SELECT address, subscriber_id, number, confirmed_at, wish FROM unconfirmed_addresses
        WHERE id = $1 AND expires_at > $2
        """, [.integer(id), .real(time)]
      ) { row in
        (
          address: try row[0] as String, joined: row.integer(1), number: try row[2] as Int64, confirmedAt: row.real(3),
          wish: row.text(4)
        )
      }
      guard let found = found.first else { return false }
      guard found.confirmedAt == nil else {
        let count: Int = try session.required(
          "SELECT count(*) FROM subscriber_addresses WHERE channel = 'email' AND address = $1 AND state = 'active'",
          [.text(found.address)])
        return count > 0
      }
      let others = try session.rows(
        """
        SELECT channel, address, details FROM subscriber_addresses
        WHERE subscriber_id = $1 AND channel <> 'email' AND state = 'active'
        """, [found.joined.map { .integer($0) } ?? .null]
      ) { row in
        try NotificationChannel(rawValue: row[0]).map { NewAddress($0, try row[1], details: row.text(2)) }
      }
      let joined = try Self.activate(
        [NewAddress(.email, found.address)] + others,
        numbers: .random(claim: try Self.unused(found.number, in: session)), limit: .max, at: time, in: session)
      if let wish = found.wish.flatMap(SubscriberChange.init(kept:)) {
        try Self.apply(wish, to: joined.subscriber, in: session)
      }
      try session.run(
        "UPDATE unconfirmed_addresses SET confirmed_at = $1, due_at = NULL WHERE id = $2", [.real(time), .integer(id)])
      return true
    }
  }

  package func forgetUnconfirmed(at time: Double) async throws -> Double? {
    try await engine.write { session in
      try Self.forget(at: time, in: session)
      return try session.first("SELECT min(due_at) FROM unconfirmed_addresses WHERE due_at IS NOT NULL")
    }
  }

  private static func forget(at time: Double, in session: SQLSession) throws {
    try session.run("DELETE FROM unconfirmed_addresses WHERE expires_at <= $1", [.real(time)])
  }

  /// The number, or another where a subscriber has it already: one whose address was this one before.
  private static func unused(_ number: Int64, in session: SQLSession) throws -> Int64 {
    let count: Int = try session.required("SELECT count(*) FROM subscribers WHERE claim = $1", [.integer(number)])
    return count == 0 ? number : SubscriberNumbers.random().claim
  }

  /// Rows that another instance takes are passed over.
  static let unasked = SQLText {
    """
    SELECT id, address, asked_at, attempts FROM unconfirmed_addresses
    WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2
    \($0.claiming("unconfirmed_addresses"))
    """
  }
}
