package import AppDomain
import Foundation
import Wording

/// Leases and waits run by the clock that instances share, so that they need not agree on the time.
extension SQLScheduleStore: OutboxStore {
  package func duties(on days: [CalendarDay]) async throws -> [StoredDuty] {
    try await engine.perform(.snapshot, patience: nil) { try Self.duties(on: days, in: $0) }
  }

  package func enqueue(
    _ reminders: [DutyReminder], event: DutyEvent, channel: NotificationChannel, at time: Double
  ) async throws -> Int {
    guard !reminders.isEmpty else { return 0 }
    return try await engine.write { session in
      // The same order of rows in both instances, and one at a time: no deadlock between two that plan at once.
      try session.lock(Self.notificationsLock)
      let values: [[SQLValue]] = reminders.map {
        [
          .text($0.key.text), .text(event.rawValue), .text(channel.rawValue), .real(time), .real($0.startsAt),
          .real($0.endsAt), .text($0.duty.name), .text(DoctorKey(cell: $0.duty.name)?.id),
          .text($0.duty.category.rawValue),
        ]
      }
      return try session.run(Self.revive, each: values)
        + session.run(Self.insert, each: zip(values, reminders).map { $0 + [.date($1.date)] })
    }
  }

  package func claim(
    _ channel: NotificationChannel, limit: Int, lease: Duration, at now: Double, under term: LeaderTerm?
  ) async throws -> OutboxClaims {
    let token = UUID().uuidString
    return try await engine.write { session in
      if let term { try Self.check(term, in: session) }
      let due = try Self.due(channel, limit: limit, at: now, in: session)
      guard !due.isEmpty else { return OutboxClaims() }
      let rows = try Self.duties(on: Set(due.map(\.date)).sorted(), in: session).map { ($0.date, $0.duty) }
      let hasNews = due.contains { $0.doctorDay != nil }
      let unread = Set(due.lazy.filter { $0.interest == nil }.compactMap { $0.recipient?.subscriber })
      let interests = unread.isEmpty ? [:] : try Self.interests(of: unread, in: session)
      let sorted = try OutboxSorting(
        due, schedule: DutyReminder.duties(of: rows), rosters: hasNews ? DoctorRoster.rosters(of: rows) : [:],
        interests: interests, at: now, token: token)
      try session.run(
        Self.lease,
        each: try sorted.claims.claims.map {
          [
            .text(token), .real(now), .real(lease.seconds), .real($0.content.endsAt), .integer($0.id),
            .text(try $0.content.told), .text(sorted.tried[$0.id]),
          ]
        })
      try session.run(
        Self.close,
        each: sorted.closed.map { [.text($0.state.rawValue), .text($0.reason), .real(now), .integer($0.id)] })
      return sorted.claims
    }
  }

  package func finish(_ claim: OutboxClaim, _ result: DeliveryResult, at time: Double) async throws -> Bool {
    let (state, delay, reason) = result.kept
    // What was sent was sent, whoever is cancelled.
    return try await engine.settle(.write) { session in
      try session.run(
        Self.end,
        [
          .text(state.rawValue), .real(delay.seconds), .text(reason), .real(time), .integer(claim.id),
          .text(claim.token), .text(result == .sent ? try claim.content.told : nil),
        ]) == 1
    }
  }

  package func leads() async throws -> Set<Int> {
    try await engine.read { session in
      Set(try session.rows("SELECT DISTINCT lead_minutes FROM subscribers") { try $0[0] as Int })
    }
  }

  package func nextDelivery(_ channel: NotificationChannel, at now: Double) async throws -> Duration? {
    try await engine.read { session in
      let seconds: Double? = try session.first(Self.next, [.text(channel.rawValue), .real(now)])
      return seconds.map { .seconds($0) }
    }
  }

  package func oldestWaiting() async throws -> Double? {
    try await engine.read { session in
      try session.first("SELECT min(created_at) FROM outbox WHERE state IN ('pending', 'leased')")
    }
  }

  package func outboxCounts() async throws -> [OutboxState: Int] {
    try await engine.read { session in
      try session.counts("SELECT state, count(*) FROM outbox GROUP BY state") { OutboxState(rawValue: try $0[0]) }
    }
  }

  package func pruneOutbox(endedBefore time: Double) async throws {
    try await engine.perform(.repeatableWrite, patience: nil) {
      _ = try $0.run("DELETE FROM outbox WHERE ends_at < $1", [.real(time)])
    }
  }

  /// Those whose duties start first, of what waits and of what nobody finished.
  private static func due(
    _ channel: NotificationChannel, limit: Int, at now: Double, in session: SQLSession
  ) throws -> [OutboxSorting.Candidate] {
    let values: [SQLValue] = [.text(channel.rawValue), .real(now), .integer(limit)]
    let left = try session.rows(unfinished, values) { try candidate($0, channel) }
    let waiting = try session.rows(due, values) { try candidate($0, channel) }
    guard !left.isEmpty else { return waiting }
    return Array((left + waiting).sorted { ($0.startsAt, $0.id) < ($1.startsAt, $1.id) }.prefix(limit))
  }

  private static func candidate(_ row: SQLRow, _ channel: NotificationChannel) throws -> OutboxSorting.Candidate? {
    guard let date: CalendarDay = try row[4] else { return nil }
    let subscriber: Int64 = try row[3]
    return OutboxSorting.Candidate(
      id: try row[0], key: DutyKey(text: try row[1]), event: DutyEvent(rawValue: try row[2]),
      doctorDay: row.text(9).map { DoctorDay(text: $0) },
      possible: row.text(10).flatMap { PossibleRosters(known: $0, told: row.text(11), tried: row.text(12)) },
      date: date, attempts: try row[5], startsAt: try row[18], endsAt: try row[6],
      recipient: row.text(7).map {
        SubscriberAddress(subscriber: subscriber, channel: channel, address: $0, details: row.text(8))
      }, interest: try interest(row, from: 13))
  }

  static func duties(on days: [CalendarDay], in session: SQLSession) throws -> [StoredDuty] {
    try session.rows(dutiesOfDay, each: days.map { [.date($0)] }, storedDuty)
  }

  private static let dutiesOfDay: SQLText = """
    SELECT id, date, sheet, category, name, timing, room, speciality, shift, created_at, updated_at
    FROM schedules WHERE date = $1 ORDER BY position
    """

  /// Whom a channel tells of a duty by `DutyInterest`, however early. Followers are looked up once a duty, by the doctor.
  static let told = """
    a.channel = $3 AND a.state = 'active' AND (s.category IS NULL OR s.category = $9)
    AND (s.chooses_doctors = 0 OR s.id IN (SELECT subscriber_id FROM subscriber_doctors WHERE doctor = $8))
    AND (a.channel <> 'fcm' OR s.device_id IN (SELECT device_id FROM device_doctors WHERE doctor_name = $7))
    """

  /// Of those, who wants to know by now of a duty that starts.
  private static let toldNow = "\(told) AND s.lead_minutes * 60.0 >= CAST($5 AS double precision) - $4"

  private static let revive = SQLText { _ in
    """
    UPDATE outbox SET state = 'pending', due_at = 0, reason = NULL, starts_at = $5, ends_at = $6, updated_at = $4
    WHERE duty_key = $1 AND event = $2 AND channel = $3 AND state = 'withdrawn'
      AND subscriber_id IN (
        SELECT a.subscriber_id FROM subscriber_addresses AS a JOIN subscribers AS s ON s.id = a.subscriber_id
        WHERE \(toldNow))
    """
  }

  static let insert = SQLText { _ in
    """
    INSERT INTO outbox (duty_key, event, subscriber_id, channel, date, starts_at, ends_at, state, attempts, due_at,
      created_at, updated_at)
    SELECT $1, $2, a.subscriber_id, $3, $10, $5, $6, 'pending', 0, 0, $4, $4
    FROM subscriber_addresses AS a JOIN subscribers AS s ON s.id = a.subscriber_id
    WHERE \(toldNow) AND NOT EXISTS (
      SELECT 1 FROM outbox AS o
      WHERE o.duty_key = $1 AND o.event = $2 AND o.subscriber_id = a.subscriber_id AND o.channel = $3)
    ORDER BY a.subscriber_id
    ON CONFLICT DO NOTHING
    """
  }

  /// Rows that another instance looks at are passed over. The outer join can't be locked, the outbox's rows can.
  static let due = due("o.state = 'pending' AND o.due_at")

  /// The same of those whose lease has expired. Apart, since each kind has an index of its own: whoever takes much does not
  /// pass over what was taken before.
  static let unfinished = due("o.state = 'leased' AND o.lease_until")

  private static func due(_ isDue: String) -> SQLText {
    SQLText {
      """
      SELECT o.id, o.duty_key, o.event, o.subscriber_id, o.date, o.attempts, o.ends_at, a.address, a.details,
        o.doctor_day, o.known, o.told, o.tried, \(interestColumns), o.starts_at
      FROM outbox AS o JOIN subscribers AS s ON s.id = o.subscriber_id LEFT JOIN subscriber_addresses AS a
        ON a.subscriber_id = o.subscriber_id AND a.channel = o.channel AND a.state = 'active'
      WHERE o.channel = $1 AND \(isDue) <= coalesce(\($0.sharedClock), $2)
      ORDER BY o.starts_at, o.id LIMIT $3
      \($0.claiming("o"))
      """
    }
  }

  private static let next = SQLText {
    """
    SELECT min(CASE state WHEN 'pending' THEN due_at ELSE lease_until END) - coalesce(\($0.sharedClock), $2)
    FROM outbox WHERE state IN ('pending', 'leased') AND channel = $1
    """
  }

  private static let lease = SQLText {
    """
    UPDATE outbox SET state = 'leased', attempts = attempts + 1, lease_token = $1, ends_at = $4, updated_at = $2,
      told = coalesce($6, told), tried = coalesce($7, tried),
      lease_until = coalesce(\($0.sharedClock), $2) + CAST($3 AS double precision)
    WHERE id = $5
    """
  }

  private static let close: SQLText = """
    UPDATE outbox SET state = $1, reason = $2, lease_token = NULL, lease_until = NULL, updated_at = $3 WHERE id = $4
    """

  private static let end = SQLText {
    """
    UPDATE outbox SET state = $1, due_at = coalesce(\($0.sharedClock), $4) + CAST($2 AS double precision), reason = $3,
      told = coalesce($7, told), tried = CASE WHEN $1 = 'sent' THEN NULL ELSE tried END, lease_token = NULL, lease_until = NULL, updated_at = $4
    WHERE id = $5 AND lease_token = $6 AND state = 'leased'
    """
  }
}
