/// A duty that people are told about shortly before it starts.
package struct DutyReminder: Sendable, Hashable {
  package var key: DutyKey
  package var date: CalendarDay
  /// The first row of the schedule that is this duty.
  package var duty: Duty
  /// Of all its rows, in their order, each once.
  package var rooms: [String]
  /// Seconds since 1970.
  package var startsAt: Double
  /// Seconds since 1970, after the start.
  package var endsAt: Double

  package init(
    key: DutyKey, date: CalendarDay, duty: Duty, rooms: [String], startsAt: Double, endsAt: Double
  ) {
    self.key = key
    self.date = date
    self.duty = duty
    self.rooms = rooms
    self.startsAt = startsAt
    self.endsAt = endsAt
  }

  /// The duties among rows of the schedule, by key. Rows without a doctor or a readable start are none; rows that are the
  /// same duty in several rooms, or until several times, are one, which ends with the last of them.
  package static func duties(of rows: some Sequence<(date: CalendarDay, duty: Duty)>) -> [DutyKey: DutyReminder] {
    var reminders: [DutyKey: DutyReminder] = [:]
    for (date, duty) in rows {
      guard let key = DutyKey(date: date, duty: duty), let timing = DutyTiming.parse(duty.timing) else { continue }
      let ends = CampusTime.instant(of: date, minute: timing.endMinute)
      var reminder =
        reminders[key]
        ?? DutyReminder(
          key: key, date: date, duty: duty, rooms: [],
          startsAt: CampusTime.instant(of: date, minute: timing.start), endsAt: ends)
      reminder.endsAt = max(reminder.endsAt, ends)
      if let room = duty.room, !room.isEmpty, !reminder.rooms.contains(room) { reminder.rooms.append(room) }
      reminders[key] = reminder
    }
    return reminders
  }

  /// The duties that start from now on and that somebody may be told of already, the earliest first.
  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - lead: the longest that anybody wants to know beforehand, in minutes.
  package static func due(
    of rows: some Sequence<(date: CalendarDay, duty: Duty)>, at now: Double, lead: Int = DutyInterest.leads.upperBound
  ) -> [DutyReminder] {
    duties(of: rows).values
      .filter { $0.startsAt >= now && $0.startsAt - now <= Double(lead * 60) }
      .sorted { ($0.startsAt, $0.key.text) < ($1.startsAt, $1.key.text) }
  }

  /// When the next duty is to be announced to somebody to whom it is not yet; nil where none is known.
  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - leads: how long before its start people want to know of a duty, in minutes.
  package static func next(
    of rows: some Sequence<(date: CalendarDay, duty: Duty)>, after now: Double, leads: Set<Int>
  ) -> Double? {
    let starts = Set(duties(of: rows).values.map(\.startsAt))
    return leads.lazy.compactMap { lead in starts.lazy.map { $0 - Double(lead * 60) }.filter { $0 > now }.min() }.min()
  }

  /// The days that duties may be of which are announced, or are still to be, at `now`: a duty of yesterday may end today.
  package static func days(at now: Double) -> [CalendarDay] {
    let today = CampusTime.day(at: now)
    return [today.adding(days: -1), today, today.adding(days: 1)]
  }
}
