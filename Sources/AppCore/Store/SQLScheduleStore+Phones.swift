package import AppDomain
import Secrets

extension SQLScheduleStore: PhoneCodeStore {
  package func askCode(
    for number: PhoneNumber, on channel: NotificationChannel, hash: String, codesPerHour: Int, limit: Int,
    at time: Double
  ) async throws -> PhoneCodeAsk {
    try await engine.write { session in
      try session.lock(Self.notificationsLock)
      // A row of the far future is one of a clock that has been set back since.
      try session.run(
        "DELETE FROM phone_codes WHERE asked_at <= $1 OR asked_at > $2",
        [.real(time - PhoneCode.pause), .real(time + PhoneCode.pause)])
      try Self.makeRoom(below: limit, in: session)
      let sent: Int = try session.required("SELECT count(*) FROM phone_codes")
      guard sent < codesPerHour else {
        let first: Double = try session.first("SELECT min(asked_at) FROM phone_codes") ?? time
        return .tooMany(wait: min(max(first + PhoneCode.pause - time, 1), PhoneCode.pause))
      }
      let asked: Int64? = try session.first(
        """
        INSERT INTO phone_codes (channel, phone, hash, tries, asked_at, expires_at) VALUES ($1, $2, $3, 0, $4, $5)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        [
          .text(channel.rawValue), .text(number.text), .text(hash), .real(time), .real(time + PhoneCode.lifetime),
        ])
      return asked.map { .send($0) } ?? .wasSent
    }
  }

  package func forgetCode(_ id: Int64) async throws {
    _ = try await engine.settle(.repeatableWrite) { session in
      try session.run("DELETE FROM phone_codes WHERE id = $1", [.integer(id)])
    }
  }

  package func confirmCode(
    for number: PhoneNumber, on channel: NotificationChannel, hash: String, at time: Double
  ) async throws -> Subscription? {
    try await engine.write { session in
      try session.lock(Self.notificationsLock)
      let found = try session.rows(
        """
        UPDATE phone_codes SET tries = tries + 1
        WHERE channel = $1 AND phone = $2 AND tries < $3 AND expires_at > $4 AND asked_at <= $5
        RETURNING id, hash
        """,
        [
          .text(channel.rawValue), .text(number.text), .integer(PhoneCode.tries), .real(time),
          .real(time + PhoneCode.pause),
        ]
      ) { (id: try $0[0] as Int64, hash: try $0[1] as String) }
      guard let code = found.first, SecretComparison.isEqual(code.hash, hash) else { return nil }
      // Good once; the row stays, since it says when another may be sent.
      try session.run(
        "UPDATE phone_codes SET tries = $1, hash = '' WHERE id = $2", [.integer(PhoneCode.tries), .integer(code.id)])
      return try Self.activate(
        [NewAddress(channel, number.text)], numbers: .random(), limit: .max, at: time, in: session)
    }
  }
}

extension SQLScheduleStore: PhoneReplyStore {
  /// How long it is known which messages of phones were read already, in seconds.
  private static let repliesKept = 400 * 86_400.0

  package func stopPhone(
    _ number: PhoneNumber, on channel: NotificationChannel, by id: String, at time: Double
  ) async throws { try await reply(id, number, channel, from: .active, to: .stopped, at: time) }

  package func resumePhone(
    _ number: PhoneNumber, on channel: NotificationChannel, by id: String, at time: Double
  ) async throws { try await reply(id, number, channel, from: .stopped, to: .active, at: time) }

  private func reply(
    _ id: String, _ number: PhoneNumber, _ channel: NotificationChannel, from old: SubscriberAddress.State,
    to new: SubscriberAddress.State, at time: Double
  ) async throws {
    try await engine.write { session in
      try session.run("DELETE FROM phone_replies WHERE received_at < $1", [.real(time - Self.repliesKept)])
      let isNew: String? = try session.first(
        "INSERT INTO phone_replies (id, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id",
        [.text(id), .real(time)])
      guard isNew != nil else { return }
      try session.run(
        """
        UPDATE subscriber_addresses SET state = $1, updated_at = $2 WHERE channel = $3 AND address = $4 AND state = $5
        """,
        [.text(new.rawValue), .real(time), .text(channel.rawValue), .text(number.text), .text(old.rawValue)])
    }
  }

  package func record(
    _ status: DeliveryStatus, code: Int?, of message: Int64, on channel: NotificationChannel, to number: PhoneNumber,
    isGone: Bool, at time: Double
  ) async throws -> Bool {
    try await engine.write { session in
      // Of messages that are kept, so that what is said of another can't be said again later.
      let subscriber: Int64? = try session.first(
        "SELECT subscriber_id FROM outbox WHERE id = $1 AND channel = $2",
        [.integer(message), .text(channel.rawValue)])
      guard let subscriber else { return false }
      let isNews: Int64? = try session.first(
        """
        INSERT INTO deliveries AS d (id, channel, status, rank, code, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET status = excluded.status, rank = excluded.rank, code = excluded.code,
          updated_at = excluded.updated_at
        WHERE d.rank < excluded.rank RETURNING id
        """,
        [
          .integer(message), .text(channel.rawValue), .text(status.rawValue), .integer(status.rank),
          code.map { .integer($0) } ?? .null, .real(time),
        ])
      guard isNews != nil else { return false }
      try session.run("DELETE FROM deliveries WHERE id NOT IN (SELECT id FROM outbox)")
      if isGone {
        try session.run(
          """
          UPDATE subscriber_addresses SET state = 'stopped', updated_at = $1
          WHERE subscriber_id = $2 AND channel = $3 AND address = $4
          """, [.real(time), .integer(subscriber), .text(channel.rawValue), .text(number.text)])
      }
      return true
    }
  }

  package func deliveryCounts() async throws -> [NotificationChannel: [DeliveryStatus: Int]] {
    try await engine.read { session in
      var counts: [NotificationChannel: [DeliveryStatus: Int]] = [:]
      let rows = try session.rows("SELECT channel, status, count(*) FROM deliveries GROUP BY channel, status") { row in
        (channel: try row[0] as String, status: try row[1] as String, count: try row[2] as Int)
      }
      for row in rows {
        guard let channel = NotificationChannel(rawValue: row.channel),
          let status = DeliveryStatus(rawValue: row.status)
        else { continue }
        counts[channel, default: [:]][status] = row.count
      }
      return counts
    }
  }
}
