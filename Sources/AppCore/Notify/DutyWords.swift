import AppDomain

/// Days and times of duties, as all messages say them. Times in seconds since 1970.
enum DutyWords {
  /// `Wednesday 25/11/2026`
  static func day(_ date: CalendarDay) -> String {
    let weekday = date.weekday.rawValue
    return weekday.prefix(1).uppercased() + weekday.dropFirst() + " " + date.dayMonthYear
  }

  /// `20:00 to 08:00 the next day`
  static func range(_ start: Double, _ end: Double, on date: CalendarDay) -> String {
    let range = "\(CampusTime.clock(at: start)) to \(CampusTime.clock(at: end))"
    return CampusTime.day(at: end - 1) == date ? range : range + " the next day"
  }

  /// Whole minutes, rounded; 0 once it is past.
  static func minutes(until time: Double, from now: Double) -> Int { max(0, Int(((time - now) / 60).rounded())) }
}
