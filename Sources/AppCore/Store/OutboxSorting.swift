import AppDomain

/// What becomes of messages that are due, given the schedule as it is: leased, withdrawn or dead.
struct OutboxSorting {
  struct Candidate {
    var id: Int64
    var key: DutyKey
    /// Nil for one that this version does not know.
    var event: DutyEvent?
    /// Of a message about news: whose, and what the recipient may know.
    var doctorDay: DoctorDay?
    var possible: PossibleRosters?
    var date: CalendarDay
    var attempts: Int
    var startsAt: Double
    var endsAt: Double
    /// Nil when the subscriber has left.
    var recipient: SubscriberAddress?
    /// Nil where it says of which doctors, which is read elsewhere.
    var interest: DutyInterest?
  }

  private(set) var claims = OutboxClaims()
  /// By claim: what earlier tries may have told otherwise, as the outbox keeps it.
  private(set) var tried: [Int64: String] = [:]
  private(set) var closed: [(id: Int64, state: OutboxState, reason: String)] = []

  /// - Parameters:
  ///   - schedule: the duties of the candidates' days.
  ///   - rosters: the same by doctor.
  ///   - interests: of those subscribers whose candidate has none; one who is not there is told of nothing.
  ///   - token: a word of its own for this lease.
  init(
    _ candidates: [Candidate], schedule: [DutyKey: DutyReminder], rosters: [DoctorDay: DoctorRoster] = [:],
    interests: [Int64: DutyInterest], at now: Double, token: String
  ) throws {
    for candidate in candidates {
      let interest = candidate.interest ?? candidate.recipient.flatMap { interests[$0.subscriber] }
      let content = candidate.content(schedule, rosters, interest, at: now)
      if (content?.endsAt ?? candidate.endsAt) <= now {
        closed.append((candidate.id, .dead, "the duty has ended"))
        claims.dead += 1
      } else if let content, let recipient = candidate.recipient, candidate.event != nil, let interest,
        content.duties.contains(where: interest.includes)
      {
        if case .news(let news, _, _) = content, let possible = candidate.possible {
          tried[candidate.id] = try possible.tried(before: news.told).text
        }
        claims.claims.append(
          OutboxClaim(
            id: candidate.id, token: token, identity: try candidate.identity(of: content), content: content,
            recipient: recipient, attempt: candidate.attempts + 1))
      } else {
        closed.append((candidate.id, .withdrawn, candidate.reason(hasContent: content != nil)))
        claims.withdrawn += 1
      }
    }
  }
}

extension OutboxSorting.Candidate {
  /// Nil where there is nothing to say now.
  fileprivate func content(
    _ schedule: [DutyKey: DutyReminder], _ rosters: [DoctorDay: DoctorRoster], _ interest: DutyInterest?, at now: Double
  ) -> OutboxContent? {
    if event == .digest {
      let digest = DutyDigest(of: schedule.values, on: date, for: interest, at: now)
      return digest.duties.isEmpty ? nil : .digest(digest)
    }
    guard let doctorDay else { return schedule[key].map { .reminder($0) } }
    guard let news = possible?.news(to: rosters[doctorDay] ?? DoctorRoster(), at: now),
      // That a duty is cancelled is certain only once it is planned to be told.
      news.cancelled.isEmpty || event == .cancelled
    else { return nil }
    return .news(news, of: doctorDay, on: date)
  }

  fileprivate func identity(of content: OutboxContent) throws -> String {
    guard case .news(let news, _, _) = content else { return key.text }
    return "\(key.text)|\(try news.told.text)"
  }

  fileprivate func reason(hasContent: Bool) -> String {
    if hasContent { return "the subscriber has left, or is told of such duties no more" }
    if event == .digest { return "there is nothing to tell of that day" }
    return doctorDay == nil ? "the duty was moved or cancelled" : "there is nothing new to say"
  }
}

extension OutboxContent {
  /// What it is about: who is told of one of them gets it.
  fileprivate var duties: [Duty] {
    switch self {
    case .reminder(let reminder): [reminder.duty]
    case .news(let news, let day, _):
      news.names.map { Duty(category: day.category ?? .regular, name: $0, timing: "") }
    case .digest(let digest): digest.duties.map(\.duty)
    }
  }

  /// What the recipient knows afterwards, as the outbox keeps it.
  var told: String? {
    get throws {
      guard case .news(let news, _, _) = self else { return nil }
      return try news.told.text
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
