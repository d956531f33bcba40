package import AppDomain
import Foundation
import Postgres
import Wording

extension PostgresScheduleStore {
  package func duties(on days: [CalendarDay]) async throws -> [StoredDuty] {
    try await pool.read { try Self.duties(on: days, on: $0) }
  }

  package func enqueue(
    _ reminders: [DutyReminder], event: DutyEvent, channel: NotificationChannel, at time: Double
  ) async throws -> Int {
    guard !reminders.isEmpty else { return 0 }
    let parameters: [PostgresValue] = [
      .array(reminders.map(\.key.text)), .array(reminders.map(\.date.iso8601)), .reals(reminders.map(\.startsAt)),
      .reals(reminders.map(\.endsAt)), .text(event.rawValue), .text(channel.rawValue), .real(time),
    ]
    return try await pool.write { connection in
      // The same order of rows in both instances, and one at a time: no deadlock between two that plan at once.
      _ = try connection.query("SELECT pg_advisory_xact_lock($1)", [.integer(Self.notificationsLock)])
      return try connection.query(PostgresStatements.reviveMessages, parameters).affected
        + connection.query(PostgresStatements.insertMessages, parameters).affected
    }
  }

  package func claim(
    _ channel: NotificationChannel, limit: Int, lease: Duration, at now: Double, under term: LeaderTerm?
  ) async throws -> OutboxClaims {
    let token = UUID().uuidString
    return try await pool.write { connection in
      if let term { try Self.check(term, on: connection) }
      let rows = try connection.query(
        PostgresStatements.dueMessages, [.text(channel.rawValue), .integer(Int64(limit))])
      var due: [OutboxSorting.Candidate] = []
      for row in 0..<rows.count { due.append(try rows.candidate(row, channel)) }
      guard !due.isEmpty else { return OutboxClaims() }
      let schedule = DutyReminder.duties(
        of: try Self.duties(on: Set(due.map(\.date)).sorted(), on: connection).lazy.map { ($0.date, $0.duty) })
      let sorted = OutboxSorting(due, schedule: schedule, at: now, token: token)
      let claims = sorted.claims.claims
      if !claims.isEmpty {
        _ = try connection.query(
          PostgresStatements.leaseMessages,
          [
            .integers(claims.map(\.id)), .reals(claims.map(\.reminder.endsAt)), .text(token), .real(lease.seconds),
            .real(now),
          ])
      }
      if !sorted.closed.isEmpty {
        _ = try connection.query(
          PostgresStatements.closeMessages,
          [
            .integers(sorted.closed.map(\.id)), .array(sorted.closed.map(\.state.rawValue)),
            .array(sorted.closed.map(\.reason)), .real(now),
          ])
      }
      return sorted.claims
    }
  }

  package func finish(_ claim: OutboxClaim, _ result: DeliveryResult, at time: Double) async throws -> Bool {
    let (state, delay, reason) = result.kept
    return try await pool.write { connection in
      try connection.query(
        PostgresStatements.finishMessage,
        [
          .text(state.rawValue), .real(delay.seconds), .text(reason), .real(time), .integer(claim.id),
          .text(claim.token),
        ]
      ).affected == 1
    }
  }

  package func outboxCounts() async throws -> [OutboxState: Int] {
    try await pool.read { connection in
      let rows = try connection.query("SELECT state, count(*) FROM outbox GROUP BY state")
      var counts: [OutboxState: Int] = [:]
      for row in 0..<rows.count {
        guard let state = OutboxState(rawValue: try rows.required(row, 0)) else { continue }
        counts[state] = Int(try rows.integer(row, 1))
      }
      return counts
    }
  }

  package func pruneOutbox(endedBefore time: Double) async throws {
    try await pool.repeatableWrite { _ = try $0.query("DELETE FROM outbox WHERE ends_at < $1", [.real(time)]) }
  }

  private static func duties(on days: [CalendarDay], on connection: PostgresConnection) throws -> [StoredDuty] {
    let rows = try connection.query(PostgresStatements.dutiesOfDays, [.array(days.map(\.iso8601))])
    var duties: [StoredDuty] = []
    for row in 0..<rows.count {
      duties.append(
        StoredDuty(
          id: try rows.integer(row, 0), date: try rows.day(row, 1), sheet: try rows.required(row, 2),
          duty: try rows.duty(row, from: 3), createdAt: try rows.requiredReal(row, 9),
          updatedAt: try rows.requiredReal(row, 10)))
    }
    return duties
  }
}

extension PostgresRows {
  fileprivate func candidate(_ row: Int, _ channel: NotificationChannel) throws -> OutboxSorting.Candidate {
    let subscriber = try integer(row, 3)
    return OutboxSorting.Candidate(
      id: try integer(row, 0), key: DutyKey(text: try required(row, 1)),
      event: DutyEvent(rawValue: try required(row, 2)), date: try day(row, 4), attempts: Int(try integer(row, 5)),
      endsAt: try requiredReal(row, 6),
      recipient: text(row, 7).map {
        SubscriberAddress(subscriber: subscriber, channel: channel, address: $0, details: text(row, 8))
      })
  }
}
