import AppDomain

/// One transaction's part of the planning of news.
struct NewsPlanning {
  /// Where the next transaction goes on.
  struct Place {
    /// The newest change that the first transaction saw.
    var newest: Int64
    /// The first change that nobody may be told of yet.
    var firstHeld: Int64?
    var last: DoctorDay
  }

  /// How many messages were planned.
  private(set) var planned: [NotificationChannel: Int] = [:]
  /// When something may be told that may not be yet.
  private(set) var nextAt: Double?
  /// Nil when all is planned.
  private(set) var place: Place?

  private let channels: [NotificationChannel]
  private let time: Double
  private let session: SQLSession
  private let cursor: Int64
  private let newest: Int64
  private var firstHeld: Int64?
  private let scrapedAt: Double?
  /// Of each doctor's day: the first change after the cursor, and the last.
  private let spans: [(first: Int64, last: Int64)]
  private var doctorDays: [(day: DoctorDay, news: DoctorDayNews)] = []

  /// What is known of one doctor's day.
  private struct DoctorDayNews {
    var date: CalendarDay
    /// At the cursor.
    var base = DoctorRoster()
    var current = DoctorRoster()
    var changes: [DutyChange] = []
  }

  init(channels: [NotificationChannel], at time: Double, resuming place: Place?, in session: SQLSession) throws {
    self.channels = channels
    self.time = time
    self.session = session
    cursor = try session.first("SELECT change_id FROM notification_cursor") ?? 0
    newest = try place?.newest ?? session.first("SELECT coalesce(max(id), 0) FROM schedule_changes") ?? 0
    firstHeld = place?.firstHeld
    scrapedAt = try session.first("SELECT stored_at FROM scrapes")
    let first = CampusTime.day(at: time).adding(days: -1)
    let dates: [CalendarDay] = try session.rows(Self.changedDays, [.integer(min(cursor, newest)), .date(first)]) {
      try $0[0]
    }
    let withdrawn: [(DoctorDay, CalendarDay)] = try session.rows(Self.withdrawn, [.real(time)]) { row in
      (DoctorDay(text: try row[0]), try row[1])
    }
    var found: [DoctorDay: DoctorDayNews] = [:]
    for date in Set(dates + withdrawn.map(\.1)).sorted() {
      let rows = try SQLScheduleStore.duties(on: [date], in: session).map(\.duty)
      let changes = try SQLScheduleStore.changes(of: date, after: cursor, in: session)
      let current = DoctorRoster.rosters(of: rows.lazy.map { (date, $0) })
      let base = DoctorRoster.rosters(of: ScheduleUndo.rows(before: changes, of: rows).lazy.map { (date, $0) })
      for change in changes {
        guard let day = DoctorDay(date: date, duty: change.duty) else { continue }
        found[day, default: DoctorDayNews(date: date)].changes.append(change)
      }
      for (day, itsDate) in withdrawn where itsDate == date && found[day] == nil {
        found[day] = DoctorDayNews(date: date)
      }
      for day in found.keys where found[day]?.date == date {
        found[day]?.base = base[day] ?? DoctorRoster()
        found[day]?.current = current[day] ?? DoctorRoster()
      }
    }
    doctorDays = found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    spans = doctorDays.compactMap { entry in
      guard let first = entry.news.changes.first, let last = entry.news.changes.last else { return nil }
      return (first.id, last.id)
    }
    if let last = place?.last { doctorDays.removeAll { $0.day <= last } }
  }

  /// Plans doctor by doctor, and moves the cursor behind the last.
  mutating func run(atOnce: Int) throws {
    for (index, (day, news)) in doctorDays.enumerated() {
      try plan(news, of: day)
      if planned.values.reduce(0, +) >= atOnce, index < doctorDays.count - 1 {
        place = Place(newest: newest, firstHeld: firstHeld, last: day)
        return
      }
    }
    let cursor = whole(firstHeld.map { $0 - 1 } ?? newest)
    if cursor != self.cursor { try session.run(Self.moveCursor, [.integer(cursor)]) }
  }

  /// A cursor between two changes of one doctor's day would take a state for known that nobody was told of.
  private func whole(_ cursor: Int64) -> Int64 {
    var cursor = cursor
    while let cut = spans.first(where: { $0.first <= cursor && $0.last > cursor }) { cursor = cut.first - 1 }
    return cursor
  }

  private mutating func plan(_ doctor: DoctorDayNews, of day: DoctorDay) throws {
    let base = try doctor.base.text
    let told: [String] = try session.rows(Self.told, [.text(day.text)]) { try $0[0] }
    let unsent: [(known: String, told: String?, tried: String?)] = try session.rows(
      Self.unsent, [.text(day.text)]
    ) { (try $0[0], $0.text(1), $0.text(2)) }
    // What is under way may have been told or not: its outcome, or the end of its lease, comes first.
    let isUnderWay: Int? = try session.first(Self.underWay, [.text(day.text)])
    if isUnderWay == 1 { hold(doctor, until: time + Self.pause) }
    for (known, told, tried) in unsent {
      let possible = PossibleRosters(known: known, told: told, tried: tried)
      guard let news = possible?.news(to: doctor.current, at: time) else { continue }
      try tell(news, doctor, day) { [session] values in
        let values = values(known, [.text(told ?? ""), .text(tried ?? "")])
        try session.run(Self.refresh, values)
        return try session.run(Self.revive, values)
      }
    }
    for text in Set(told + [base]).sorted() {
      guard let roster = DoctorRoster(text: text) else { continue }
      // What came since they were told, and before the cursor, they know by now.
      let since = RosterNews(from: roster, to: doctor.base, at: time)
      let toldLast = since.event == nil ? since.told : roster
      // Of one change, or of several at once.
      let key = "\(day.text)|#\(doctor.changes.last?.id ?? newest)"
      let kept = try toldLast.text
      try tell(RosterNews(from: toldLast, to: doctor.current, at: time), doctor, day) { [session] values in
        try session.run(Self.insert, values(key, [.date(doctor.date), .text(text), .text(base), .text(kept)]))
      }
    }
  }

  /// Writes what is news to somebody, unless it may not be told yet.
  /// - Parameter write: gets what makes a statement's values, and returns how many messages were added.
  private mutating func tell(
    _ news: RosterNews, _ doctor: DoctorDayNews, _ day: DoctorDay,
    _ write: ((String, [SQLValue]) -> [SQLValue]) throws -> Int
  ) throws {
    guard let event = news.event else { return }
    let tellableAt = NewsSettling.time(
      of: news, changedAt: doctor.changes.last?.at ?? 0, scrapedAt: scrapedAt, at: time)
    guard tellableAt <= time else { return hold(doctor, until: tellableAt) }
    for (channel, name) in channels.flatMap({ channel in news.names.sorted().map { (channel, $0) } }) {
      planned[channel, default: 0] += try write { first, others in
        [
          .text(first), .text(event.rawValue), .text(channel.rawValue), .real(time), .real(news.startsAt),
          .real(news.endsAt), .text(name), .text(DoctorKey(cell: name)?.id), .text(day.category?.rawValue),
          .text(day.text),
        ] + others
      }
    }
  }

  /// The cursor stays before a doctor's changes.
  private mutating func hold(_ doctor: DoctorDayNews, until time: Double) {
    nextAt = min(nextAt ?? time, time)
    if let first = doctor.changes.first?.id { firstHeld = min(firstHeld ?? first, first) }
  }
}

extension NewsPlanning {
  /// How long it waits for the outcome of what is under way, in seconds.
  private static let pause = 15.0

  /// - Returns: whether there is something to plan, or to look at again.
  static func isNeeded(at time: Double, in session: SQLSession) throws -> Bool {
    let number: Int? = try session.first(needed, [.real(time)])
    return number == 1
  }

  private static let needed: SQLText = """
    SELECT 1 WHERE EXISTS (
        SELECT 1 FROM schedule_changes WHERE id > coalesce((SELECT change_id FROM notification_cursor), 0))
      OR EXISTS (SELECT 1 FROM outbox WHERE state = 'withdrawn' AND known IS NOT NULL AND ends_at > $1)
    """

  private static let changedDays: SQLText = "SELECT DISTINCT date FROM schedule_changes WHERE id > $1 AND date >= $2"

  private static let withdrawn: SQLText = """
    SELECT DISTINCT doctor_day, date FROM outbox WHERE state = 'withdrawn' AND known IS NOT NULL AND ends_at > $1
    """

  /// What those know who have no message that is not sent yet.
  private static let told: SQLText = """
    SELECT DISTINCT coalesce(told, known) FROM outbox
    WHERE doctor_day = $1 AND known IS NOT NULL AND state IN ('sent', 'dead')
    """

  private static let unsent: SQLText = """
    SELECT DISTINCT known, told, tried FROM outbox
    WHERE doctor_day = $1 AND known IS NOT NULL AND state IN ('pending', 'withdrawn')
    """

  private static let underWay: SQLText = """
    SELECT 1 WHERE EXISTS (SELECT 1 FROM outbox WHERE doctor_day = $1 AND state = 'leased')
    """

  /// What waits says what is so when it is sent.
  private static let refresh = SQLText { _ in
    """
    UPDATE outbox SET event = $2, starts_at = $5, ends_at = $6, updated_at = $4
    WHERE state = 'pending' AND (event <> $2 OR starts_at <> $5 OR ends_at <> $6) AND \(theirs)
    """
  }

  private static let revive = SQLText { _ in
    """
    UPDATE outbox SET state = 'pending', due_at = 0, reason = NULL, event = $2, starts_at = $5, ends_at = $6,
      updated_at = $4
    WHERE state = 'withdrawn' AND \(theirs)
    """
  }

  private static let theirs = """
    doctor_day = $10 AND known = $1 AND coalesce(told, '') = $11 AND coalesce(tried, '') = $12 AND channel = $3
      AND subscriber_id IN (
        SELECT a.subscriber_id FROM subscriber_addresses AS a JOIN subscribers AS s ON s.id = a.subscriber_id
        WHERE \(SQLScheduleStore.told))
      AND NOT EXISTS (
        SELECT 1 FROM outbox AS o
        WHERE o.duty_key = outbox.duty_key AND o.event = $2 AND o.subscriber_id = outbox.subscriber_id
          AND o.channel = outbox.channel AND o.id <> outbox.id)
    """

  /// For those who know `$12`, kept as `$14`: by the last that was said to them of that day, or else by the schedule as it was at the cursor.
  /// Whoever has a message that is not sent yet is told by that one.
  static let insert = SQLText { _ in
    """
    INSERT INTO outbox (duty_key, event, subscriber_id, channel, date, starts_at, ends_at, state, attempts, due_at,
      created_at, updated_at, doctor_day, known)
    SELECT $1, $2, a.subscriber_id, $3, $11, $5, $6, 'pending', 0, 0, $4, $4, $10, $14
    FROM subscriber_addresses AS a JOIN subscribers AS s ON s.id = a.subscriber_id
    WHERE \(SQLScheduleStore.told) AND coalesce((
      SELECT CASE WHEN o.state IN ('sent', 'dead') THEN coalesce(o.told, o.known) ELSE '' END FROM outbox AS o
      WHERE o.doctor_day = $10 AND o.subscriber_id = a.subscriber_id AND o.channel = $3 ORDER BY o.id DESC LIMIT 1), $13)
      = $12
    ORDER BY a.subscriber_id
    ON CONFLICT DO NOTHING
    """
  }

  private static let moveCursor: SQLText = """
    INSERT INTO notification_cursor (id, change_id) VALUES (1, $1)
    ON CONFLICT (id) DO UPDATE SET change_id = excluded.change_id
    """
}
