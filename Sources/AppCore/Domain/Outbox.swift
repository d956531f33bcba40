/// What people are told of a duty. Raw values are kept in the database.
package enum DutyEvent: String, Sendable, CaseIterable {
  /// It starts within the hour.
  case startsSoon = "starts_soon"
  /// It is at another time, or in other rooms, than they know; or there again after they were told that it is cancelled.
  case moved
  case cancelled
  /// The duties of a day, in its morning.
  case digest
}

/// What a message says, by the schedule as it is when it is sent.
package enum OutboxContent: Sendable, Hashable {
  case reminder(DutyReminder)
  case news(RosterNews, of: DoctorDay, on: CalendarDay)
  case digest(DutyDigest)

  /// Seconds since 1970: when nobody wants it any more.
  package var endsAt: Double {
    switch self {
    case .reminder(let reminder): reminder.endsAt
    case .news(let news, _, _): news.endsAt
    case .digest(let digest): DutyDigest.hours(of: digest.date).upperBound
    }
  }

  package var event: DutyEvent {
    switch self {
    case .reminder: .startsSoon
    case .news(let news, _, _): news.event ?? .moved
    case .digest: .digest
    }
  }
}

/// What has become of one message to one subscriber. Raw values are kept in the database.
package enum OutboxState: String, Sendable, CaseIterable {
  /// Waits for its first or its next try.
  case pending
  /// Somebody who sends it has a lease on it; when that has expired, it waits again.
  case leased
  case sent
  /// Refused for good, or its duty ended before it could be delivered.
  case dead
  /// The duty was moved or cancelled, or the subscriber left, before it was sent.
  case withdrawn
}

/// A message that is leased to whoever is to send it.
package struct OutboxClaim: Sendable, Hashable {
  package var id: Int64
  /// Of this lease: after it has expired, another's.
  package var token: String
  /// Names what is said: the same for every try that says the same, and no other message's to that recipient.
  package var identity: String
  package var content: OutboxContent
  package var recipient: SubscriberAddress
  /// From 1, this one included.
  package var attempt: Int

  package init(
    id: Int64, token: String, identity: String, content: OutboxContent, recipient: SubscriberAddress, attempt: Int
  ) {
    self.id = id
    self.token = token
    self.identity = identity
    self.content = content
    self.recipient = recipient
    self.attempt = attempt
  }
}

extension OutboxClaim {
  package var event: DutyEvent { content.event }

  /// Nil for a message about something else.
  package var reminder: DutyReminder? { if case .reminder(let reminder) = content { reminder } else { nil } }

  package var news: RosterNews? { if case .news(let news, _, _) = content { news } else { nil } }
}

/// What the planning of news gave.
package struct NewsPlan: Sendable, Equatable {
  /// How many messages were added, by channel.
  package var planned: [NotificationChannel: Int] = [:]
  /// When something may be told that may not be yet; seconds since 1970.
  package var nextAt: Double?

  package init(planned: [NotificationChannel: Int] = [:], nextAt: Double? = nil) {
    self.planned = planned
    self.nextAt = nextAt
  }
}

/// What one look into the outbox gave.
package struct OutboxClaims: Sendable, Equatable {
  /// The earliest duty first.
  package var claims: [OutboxClaim] = []
  /// Messages that will not be sent any more: their duty was moved or cancelled, what they say is no news any more, or the
  /// subscriber left.
  package var withdrawn = 0
  /// Messages whose duty has ended.
  package var dead = 0

  package init(claims: [OutboxClaim] = [], withdrawn: Int = 0, dead: Int = 0) {
    self.claims = claims
    self.withdrawn = withdrawn
    self.dead = dead
  }

  /// There may be more.
  package var isEmpty: Bool { claims.isEmpty && withdrawn == 0 && dead == 0 }
}

/// How a try ended.
package enum DeliveryResult: Sendable, Hashable {
  case sent
  /// To be tried again, not before `after` has passed.
  case retry(after: Duration, reason: String)
  /// Never to be tried again.
  case dead(reason: String)
}

/// Messages that are to be sent, each once: unique by duty, event, subscriber and channel. Leases run by the database's
/// clock where it has one of its own. Every adapter passes the same conformance tests.
package protocol OutboxStore: Sendable {
  /// The rows of the schedule of these days, by date, then in worksheet order.
  func duties(on days: [CalendarDay]) async throws -> [StoredDuty]

  /// Adds a message for every active address of the channel whose owner wants to know of the duty by now, and every
  /// reminder, where there was none yet; one that was withdrawn waits again.
  /// - Parameter time: seconds since 1970.
  /// - Returns: how many were added.
  func enqueue(
    _ reminders: [DutyReminder], event: DutyEvent, channel: NotificationChannel, at time: Double
  ) async throws -> Int

  /// Adds messages about what scrapes have changed since the last planning: for each active address of the channels, what is
  /// news to it. Whoever waits for an earlier message gets one that says what is so then. A cursor moves on in the same
  /// transaction.
  /// - Parameters:
  ///   - time: seconds since 1970.
  ///   - term: checked in the same transaction; nil where nobody leads.
  /// - Throws: `LeaderTermEnded` when `term` is over.
  func planNews(on channels: [NotificationChannel], at time: Double, under term: LeaderTerm?) async throws -> NewsPlan

  /// Adds a message for each active address of the channel whose subscriber wants to be told of each day's duties, where there
  /// was none yet of that day.
  /// - Parameter time: seconds since 1970.
  /// - Returns: how many were added.
  func planDigests(of date: CalendarDay, on channel: NotificationChannel, at time: Double) async throws -> Int

  /// Leases messages that are due, in one transaction with a look at the schedule: one whose duty is not there any more,
  /// or whose subscriber left, is withdrawn; one whose duty has ended is dead.
  /// - Parameters:
  ///   - now: seconds since 1970, where the health centre's clock stands.
  ///   - term: checked in the same transaction; nil where nobody leads.
  /// - Throws: `LeaderTermEnded` when `term` is over; then nothing is leased.
  func claim(
    _ channel: NotificationChannel, limit: Int, lease: Duration, at now: Double, under term: LeaderTerm?
  ) async throws -> OutboxClaims

  /// Keeps how a try ended; also for a caller whose task was cancelled.
  /// - Returns: false when the lease was another's already; then nothing is changed.
  func finish(_ claim: OutboxClaim, _ result: DeliveryResult, at time: Double) async throws -> Bool

  /// Gives up messages of a channel that is held back: reminders of duties that have started, others of duties that have ended.
  /// - Returns: how many.
  func expire(_ channel: NotificationChannel, reason: String, at now: Double) async throws -> Int

  /// How long before a duty people want to know of it, in minutes, each length once.
  func leads() async throws -> Set<Int>

  /// How long until a message of the channel is due, or its lease expires; zero or less for one that is due already, nil
  /// where none waits.
  /// - Parameter now: seconds since 1970, where the database has no clock of its own.
  func nextDelivery(_ channel: NotificationChannel, at now: Double) async throws -> Duration?

  /// When the oldest message that waits came; seconds since 1970.
  func oldestWaiting() async throws -> Double?

  /// How many messages there are in each state; states without any are left out.
  func outboxCounts() async throws -> [OutboxState: Int]

  /// Forgets messages of duties that ended before `time`, in seconds since 1970.
  func pruneOutbox(endedBefore time: Double) async throws
}

extension [OutboxState: Int] {
  /// Of counts by state, those that are still to be sent.
  package var waiting: Int { self[.pending, default: 0] + self[.leased, default: 0] }
}
