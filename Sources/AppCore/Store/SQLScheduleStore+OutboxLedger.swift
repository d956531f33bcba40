package import AppDomain

extension SQLScheduleStore: OutboxLedger {
  package func entries(_ choice: OutboxChoice, limit: Int) async throws -> [OutboxEntry] {
    let found = try await engine.read { session in
      switch choice {
      case .ids(let ids): try session.rows(Self.entryByID, each: ids.map { [.integer($0)] }, Self.entry)
      case .all(let states, let channel):
        try session.rows(
          Self.entriesByState,
          each: states.sorted { $0.rawValue < $1.rawValue }.map {
            [.text($0.rawValue), .text(channel?.rawValue), .integer(limit)]
          }, Self.entry)
      }
    }
    return Array(found.sorted { ($0.startsAt, $0.id) < ($1.startsAt, $1.id) }.prefix(limit))
  }

  package func retry(_ choice: OutboxChoice, at time: Double) async throws -> [Int64] {
    try await change(choice, Self.retryByID, Self.retryByState, at: time, isNews: true)
  }

  package func drop(_ choice: OutboxChoice, at time: Double) async throws -> [Int64] {
    try await change(choice, Self.dropByID, Self.dropByState, at: time)
  }

  /// - Parameter isNews: whether the one who sends is told.
  private func change(
    _ choice: OutboxChoice, _ byID: SQLText, _ byState: SQLText, at time: Double, isNews: Bool = false
  ) async throws -> [Int64] {
    let changed: [Int64] = try await engine.write { [announcer] session in
      let changed: [Int64]
      switch choice {
      case .ids(let ids): changed = try session.rows(byID, each: ids.map { [.real(time), .integer($0)] }) { try $0[0] }
      case .all(let states, let channel):
        changed = try session.rows(
          byState,
          each: states.sorted { $0.rawValue < $1.rawValue }.map {
            [.real(time), .text($0.rawValue), .text(channel?.rawValue)]
          }
        ) { try $0[0] }
      }
      if isNews, !changed.isEmpty { try session.announce("\(announcer)", on: Self.changesChannel) }
      return changed
    }
    // What is tried again is in another of the states then.
    return Set(changed).sorted()
  }

  /// Nil for what a newer version has put there.
  static func entry(_ row: SQLRow) throws -> OutboxEntry? {
    guard let state = row.text(1).flatMap(OutboxState.init(rawValue:)),
      let channel = row.text(2).flatMap(NotificationChannel.init(rawValue:)),
      let event = row.text(3).flatMap(DutyEvent.init(rawValue:)), let date: CalendarDay = try row[5]
    else { return nil }
    let isWaiting = state == .pending
    return OutboxEntry(
      id: try row[0], state: state, channel: channel, event: event, subscriber: try row[4], date: date,
      startsAt: try row[6], endsAt: try row[7], attempts: try row[8],
      dueAt: isWaiting ? row.real(9) : state == .leased ? row.real(10) : nil, reason: row.text(11),
      updatedAt: try row[12])
  }

  private static let columns = """
    id, state, channel, event, subscriber_id, date, starts_at, ends_at, attempts, due_at, lease_until, reason, updated_at
    """
  private static let entryByID = SQLText { _ in "SELECT \(columns) FROM outbox WHERE id = $1" }
  private static let entriesByState = SQLText { _ in
    """
    SELECT \(columns) FROM outbox WHERE state = $1 AND channel = coalesce($2, channel) ORDER BY starts_at, id LIMIT $3
    """
  }

  static let entriesOfSubscriber = SQLText { _ in
    "SELECT \(columns) FROM outbox WHERE subscriber_id = $1 ORDER BY starts_at DESC, id DESC LIMIT $2"
  }

  private static let byID = "id = $2"
  private static let byState = "state = $2 AND channel = coalesce($3, channel)"
  private static let retryByID = retrying(byID)
  private static let retryByState = retrying(byState)
  private static let dropByID = dropping(byID)
  private static let dropByState = dropping(byState)

  private static func retrying(_ which: String) -> SQLText {
    SQLText { _ in
      """
      UPDATE outbox SET state = 'pending', due_at = 0, updated_at = $1
      WHERE \(which) AND state IN ('pending', 'dead') AND ends_at > $1 RETURNING id
      """
    }
  }

  /// A lease that has expired is nobody's.
  private static func dropping(_ which: String) -> SQLText {
    SQLText {
      """
      UPDATE outbox SET state = 'dead', reason = 'dropped by the operator', lease_token = NULL, lease_until = NULL,
        updated_at = $1
      WHERE \(which) AND (state = 'pending' OR (state = 'leased' AND lease_until <= coalesce(\($0.sharedClock), $1)))
      RETURNING id
      """
    }
  }
}
