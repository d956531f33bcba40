package import AppDomain

/// What scrapes have changed, made into messages. A cursor says up to which change that is done; it stays before a change that
/// nobody may be told of yet. What somebody was told last stands in the outbox: planned again from the same cursor, nobody
/// hears anything twice.
extension SQLScheduleStore {
  package func planNews(
    on channels: [NotificationChannel], at time: Double, under term: LeaderTerm?
  ) async throws -> NewsPlan {
    try await planNews(on: channels, at: time, under: term, atOnce: 20_000)
  }

  /// - Parameter atOnce: messages of one transaction, more or less: scrapes wait for its end.
  func planNews(
    on channels: [NotificationChannel], at time: Double, under term: LeaderTerm?, atOnce: Int
  ) async throws -> NewsPlan {
    var plan = NewsPlan()
    guard try await engine.read({ try NewsPlanning.isNeeded(at: time, in: $0) }) else { return plan }
    var place: NewsPlanning.Place?
    repeat {
      let step = try await engine.write { [place] session in
        try session.endWhenSilent(for: 10)
        try session.lock(Self.notificationsLock)
        // Whoever scrapes waits, so that changes and rows are those of one moment; numbers of changes are given out under
        // this lock, hence none becomes visible after a higher one.
        try session.lock(Self.writerLock)
        if let term { try Self.check(term, in: session) }
        var planning = try NewsPlanning(channels: channels, at: time, resuming: place, in: session)
        try planning.run(atOnce: atOnce)
        return (planned: planning.planned, nextAt: planning.nextAt, place: planning.place)
      }
      plan.planned.merge(step.planned, uniquingKeysWith: +)
      plan.nextAt = [plan.nextAt, step.nextAt].compactMap(\.self).min()
      place = step.place
    } while place != nil
    return plan
  }

  static func changes(of date: CalendarDay, after id: Int64, in session: SQLSession) throws -> [DutyChange] {
    try session.rows(changesOfDay, [.date(date), .integer(id)], change)
  }

  package func planDigests(of date: CalendarDay, on channel: NotificationChannel, at time: Double) async throws -> Int {
    // What starts earlier is sent before.
    let end = DutyDigest.hours(of: date).upperBound
    return try await engine.write { session in
      try session.lock(Self.notificationsLock)
      return try session.run(
        Self.insertDigests,
        [
          .text("digest|\(date.iso8601)"), .text(DutyEvent.digest.rawValue), .text(channel.rawValue), .real(time),
          .real(end), .date(date),
        ])
    }
  }

  static let insertDigests: SQLText = """
    INSERT INTO outbox (duty_key, event, subscriber_id, channel, date, starts_at, ends_at, state, attempts, due_at,
      created_at, updated_at)
    SELECT $1, $2, a.subscriber_id, $3, $6, $5, $5, 'pending', 0, 0, $4, $4
    FROM subscriber_addresses AS a JOIN subscribers AS s ON s.id = a.subscriber_id
    WHERE a.channel = $3 AND a.state = 'active' AND s.digest = 1 AND NOT EXISTS (
      SELECT 1 FROM outbox AS o
      WHERE o.duty_key = $1 AND o.event = $2 AND o.subscriber_id = a.subscriber_id AND o.channel = $3)
    ORDER BY a.subscriber_id
    ON CONFLICT DO NOTHING
    """
}
