/// The duties of a day that somebody is told of, the earliest first.
package struct DutyDigest: Sendable, Hashable {
  package var date: CalendarDay
  package var duties: [DutyReminder]

  package init(date: CalendarDay, duties: [DutyReminder]) {
    self.date = date
    self.duties = duties
  }

  /// Those that have not ended, of whoever wants to know each morning; nobody else's has any.
  /// - Parameter now: seconds since 1970.
  package init(
    of duties: some Sequence<DutyReminder>, on date: CalendarDay, for interest: DutyInterest?, at now: Double
  ) {
    self.date = date
    guard let interest, interest.wantsDigest else {
      self.duties = []
      return
    }
    self.duties = duties.filter { $0.date == date && $0.endsAt > now && interest.includes($0.duty) }
      .sorted { ($0.startsAt, $0.key.text) < ($1.startsAt, $1.key.text) }
  }

  /// When it is sent, in seconds since 1970: at 07:00 in the health centre's time, and until 09:00 where that was missed.
  package static func hours(of date: CalendarDay) -> Range<Double> {
    CampusTime.instant(of: date, minute: 7 * 60)..<CampusTime.instant(of: date, minute: 9 * 60)
  }

  /// The day whose digest is sent now; nil at other hours.
  package static func day(at now: Double) -> CalendarDay? {
    let today = CampusTime.day(at: now)
    return hours(of: today).contains(now) ? today : nil
  }

  /// When the next day's hours begin after `now`.
  package static func next(after now: Double) -> Double {
    let today = CampusTime.day(at: now)
    let start = hours(of: today).lowerBound
    return start > now ? start : hours(of: today.adding(days: 1)).lowerBound
  }
}
