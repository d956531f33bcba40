/// A message of the outbox as an operator sees it: whose it is by number only.
package struct OutboxEntry: Sendable, Equatable {
  package var id: Int64
  package var state: OutboxState
  package var channel: NotificationChannel
  package var event: DutyEvent
  package var subscriber: Int64
  /// Of the duty.
  package var date: CalendarDay
  /// Of the duty, in seconds since 1970.
  package var startsAt: Double
  package var endsAt: Double
  package var attempts: Int
  /// Of a message that waits: when its next try is due; 0: at once. Of one that is leased: until when. Else nil.
  package var dueAt: Double?
  /// What the last try that failed said, or why there will be none.
  package var reason: String?
  package var updatedAt: Double

  package init(
    id: Int64, state: OutboxState, channel: NotificationChannel, event: DutyEvent, subscriber: Int64, date: CalendarDay,
    startsAt: Double, endsAt: Double, attempts: Int, dueAt: Double?, reason: String?, updatedAt: Double
  ) {
    self.id = id
    self.state = state
    self.channel = channel
    self.event = event
    self.subscriber = subscriber
    self.date = date
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.attempts = attempts
    self.dueAt = dueAt
    self.reason = reason
    self.updatedAt = updatedAt
  }
}

/// Which messages an operator means.
package enum OutboxChoice: Sendable, Equatable {
  case ids([Int64])
  /// All in these states, of one channel or of any (nil).
  case all(Set<OutboxState>, NotificationChannel?)
}

/// What an operator sees of the outbox and puts right in it. Every adapter passes the same conformance tests.
package protocol OutboxLedger: Sendable {
  /// Those of the earliest duties first.
  /// - Parameter limit: at most so many.
  func entries(_ choice: OutboxChoice, limit: Int) async throws -> [OutboxEntry]

  /// What was refused, or waits for its next try, is due at once, as long as its duty has not ended.
  /// - Parameter time: seconds since 1970.
  /// - Returns: the messages that are due now. One that is under way, was sent or was withdrawn stays what it is.
  func retry(_ choice: OutboxChoice, at time: Double) async throws -> [Int64]

  /// What waits will not be sent. It stays in the outbox, so that it isn't planned again.
  /// - Returns: the messages that were waiting. One that is under way stays what it is.
  func drop(_ choice: OutboxChoice, at time: Double) async throws -> [Int64]
}
