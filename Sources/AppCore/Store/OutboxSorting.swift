import AppDomain

/// What becomes of messages that are due, given the schedule as it is: leased, withdrawn or dead.
struct OutboxSorting {
  struct Candidate {
    var id: Int64
    var key: DutyKey
    /// Nil for one that this version does not know.
    var event: DutyEvent?
    var date: CalendarDay
    var attempts: Int
    var endsAt: Double
    /// Nil when the subscriber has left.
    var recipient: SubscriberAddress?
  }

  private(set) var claims = OutboxClaims()
  private(set) var closed: [(id: Int64, state: OutboxState, reason: String)] = []

  /// - Parameters:
  ///   - schedule: the duties of the candidates' days.
  ///   - interests: the subscribers'; one who is not there is told of nothing.
  ///   - token: a word of its own for this lease.
  init(
    _ candidates: [Candidate], schedule: [DutyKey: DutyReminder], interests: [Int64: DutyInterest], at now: Double,
    token: String
  ) {
    for candidate in candidates {
      let reminder = schedule[candidate.key]
      if (reminder?.endsAt ?? candidate.endsAt) <= now {
        closed.append((candidate.id, .dead, "the duty has ended"))
        claims.dead += 1
      } else if let reminder, let recipient = candidate.recipient, let event = candidate.event,
        interests[recipient.subscriber]?.includes(reminder.duty) == true
      {
        claims.claims.append(
          OutboxClaim(
            id: candidate.id, token: token, event: event, reminder: reminder, recipient: recipient,
            attempt: candidate.attempts + 1))
      } else {
        let reason =
          reminder == nil
          ? "the duty was moved or cancelled" : "the subscriber has left, or is told of such duties no more"
        closed.append((candidate.id, .withdrawn, reason))
        claims.withdrawn += 1
      }
    }
  }
}

extension DeliveryResult {
  /// The state, the time until it is due, and the reason: at most 500 characters, as any store can keep them.
  var kept: (state: OutboxState, delay: Duration, reason: String?) {
    switch self {
    case .sent: (.sent, .zero, nil)
    case .retry(let after, let reason): (.pending, after, Self.bounded(reason))
    case .dead(let reason): (.dead, .zero, Self.bounded(reason))
    }
  }

  private static func bounded(_ reason: String) -> String {
    String(reason.replacing("\0", with: "\u{FFFD}").prefix(500))
  }
}
