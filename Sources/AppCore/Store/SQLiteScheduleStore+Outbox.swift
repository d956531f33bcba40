package import AppDomain
import Foundation
import GRDB
import Wording

extension SQLiteScheduleStore {
  package func duties(on days: [CalendarDay]) async throws -> [StoredDuty] {
    try await pool.read { try Self.duties(on: days, in: $0) }
  }

  package func enqueue(
    _ reminders: [DutyReminder], event: DutyEvent, channel: NotificationChannel, at time: Double
  ) async throws -> Int {
    guard !reminders.isEmpty else { return 0 }
    return try await pool.write { database in
      let revive = try database.cachedStatement(
        sql: """
          UPDATE outbox SET state = 'pending', due_at = 0, reason = NULL, starts_at = ?5, ends_at = ?6, updated_at = ?4
          WHERE duty_key = ?1 AND event = ?2 AND channel = ?3 AND state = 'withdrawn'
            AND subscriber_id IN (SELECT subscriber_id FROM subscriber_addresses WHERE channel = ?3 AND state = 'active')
          """)
      let insert = try database.cachedStatement(
        sql: """
          INSERT INTO outbox (duty_key, event, subscriber_id, channel, date, starts_at, ends_at, state, attempts, due_at,
            created_at, updated_at)
          SELECT ?1, ?2, subscriber_id, ?3, ?7, ?5, ?6, 'pending', 0, 0, ?4, ?4
          FROM subscriber_addresses AS a
          WHERE channel = ?3 AND state = 'active' AND NOT EXISTS (
            SELECT 1 FROM outbox
            WHERE duty_key = ?1 AND event = ?2 AND subscriber_id = a.subscriber_id AND channel = ?3)
          ORDER BY subscriber_id
          """)
      var count = 0
      for reminder in reminders {
        let shared: StatementArguments = [
          reminder.key.text, event.rawValue, channel.rawValue, time, reminder.startsAt, reminder.endsAt,
        ]
        try revive.execute(arguments: shared)
        count += database.changesCount
        try insert.execute(arguments: shared + [reminder.date.iso8601])
        count += database.changesCount
      }
      return count
    }
  }

  package func claim(
    _ channel: NotificationChannel, limit: Int, lease: Duration, at now: Double, under term: LeaderTerm?
  ) async throws -> OutboxClaims {
    try await pool.write { database in
      if let term { try Self.check(term, in: database) }
      let rows = try Row.fetchAll(database, sql: Self.dueSQL, arguments: [channel.rawValue, now, limit])
      let due = rows.compactMap { Self.candidate($0, channel) }
      let days = Set(due.map(\.date)).sorted()
      let schedule = DutyReminder.duties(
        of: try Self.duties(on: days, in: database).lazy.map { ($0.date, $0.duty) })
      let sorted = OutboxSorting(due, schedule: schedule, at: now, token: UUID().uuidString)
      for claim in sorted.claims.claims {
        try database.execute(
          sql: """
            UPDATE outbox SET state = 'leased', attempts = ?, lease_token = ?, lease_until = ?, ends_at = ?, updated_at = ?
            WHERE id = ?
            """,
          arguments: [claim.attempt, claim.token, now + lease.seconds, claim.reminder.endsAt, now, claim.id])
      }
      for (id, state, reason) in sorted.closed {
        try database.execute(
          sql: """
            UPDATE outbox SET state = ?, reason = ?, lease_token = NULL, lease_until = NULL, updated_at = ? WHERE id = ?
            """,
          arguments: [state.rawValue, reason, now, id])
      }
      return sorted.claims
    }
  }

  package func finish(_ claim: OutboxClaim, _ result: DeliveryResult, at time: Double) async throws -> Bool {
    let (state, delay, reason) = result.kept
    return try await pool.write { database in
      try database.execute(
        sql: """
          UPDATE outbox SET state = ?, due_at = ?, reason = ?, lease_token = NULL, lease_until = NULL, updated_at = ?
          WHERE id = ? AND lease_token = ? AND state = 'leased'
          """,
        arguments: [state.rawValue, time + delay.seconds, reason, time, claim.id, claim.token])
      return database.changesCount == 1
    }
  }

  package func outboxCounts() async throws -> [OutboxState: Int] {
    try await pool.read { database in
      try Row.fetchAll(database, sql: "SELECT state, count(*) FROM outbox GROUP BY state").reduce(into: [:]) {
        counts, row in
        if let state = OutboxState(rawValue: row[0]) { counts[state] = row[1] }
      }
    }
  }

  package func pruneOutbox(endedBefore time: Double) async throws {
    try await pool.write { try $0.execute(sql: "DELETE FROM outbox WHERE ends_at < ?", arguments: [time]) }
  }

  static let dueSQL = """
    SELECT o.id, o.duty_key, o.event, o.subscriber_id, o.date, o.attempts, o.ends_at, a.address, a.details
    FROM outbox AS o LEFT JOIN subscriber_addresses AS a
      ON a.subscriber_id = o.subscriber_id AND a.channel = o.channel AND a.state = 'active'
    WHERE o.state IN ('pending', 'leased') AND o.channel = ?1
      AND CASE o.state WHEN 'pending' THEN o.due_at ELSE o.lease_until END <= ?2
    ORDER BY o.starts_at, o.id LIMIT ?3
    """

  private static func candidate(_ row: Row, _ channel: NotificationChannel) -> OutboxSorting.Candidate? {
    guard let date = CalendarDay(iso8601: row[4]) else { return nil }
    let subscriber: Int64 = row[3]
    let recipient = (row[7] as String?).map {
      SubscriberAddress(subscriber: subscriber, channel: channel, address: $0, details: row[8])
    }
    return OutboxSorting.Candidate(
      id: row[0], key: DutyKey(text: row[1]), event: DutyEvent(rawValue: row[2]), date: date, attempts: row[5],
      endsAt: row[6], recipient: recipient)
  }

  private static func duties(on days: [CalendarDay], in database: Database) throws -> [StoredDuty] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id, date, sheet, category, name, timing, room, speciality, shift, created_at, updated_at
        FROM schedules WHERE date = ? ORDER BY position
        """)
    return try days.flatMap { day in
      try Row.fetchAll(statement, arguments: [day.iso8601]).map { row in
        StoredDuty(
          id: row[0], date: day, sheet: row[2], duty: duty(row, from: 3), createdAt: row[9], updatedAt: row[10])
      }
    }
  }
}
