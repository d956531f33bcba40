/// What people are told of a duty. Raw values are kept in the database.
package enum DutyEvent: String, Sendable, CaseIterable {
  /// It starts within the hour.
  case startsSoon = "starts_soon"
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
  package var event: DutyEvent
  /// The duty as the schedule has it now, not as it was when the message was planned.
  package var reminder: DutyReminder
  package var recipient: SubscriberAddress
  /// From 1, this one included.
  package var attempt: Int

  package init(
    id: Int64, token: String, event: DutyEvent, reminder: DutyReminder, recipient: SubscriberAddress, attempt: Int
  ) {
    self.id = id
    self.token = token
    self.event = event
    self.reminder = reminder
    self.recipient = recipient
    self.attempt = attempt
  }
}

/// What one look into the outbox gave.
package struct OutboxClaims: Sendable, Equatable {
  /// The earliest duty first.
  package var claims: [OutboxClaim] = []
  /// Messages that will not be sent any more: their duty was moved or cancelled, or the subscriber left.
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
