import Instants

/// A day of the Gregorian calendar without a time zone: a schedule's date.
package struct CalendarDay: Sendable, Hashable, Comparable {
  package let year: Int
  /// 1...12
  package let month: Int
  /// 1...31
  package let day: Int

  /// Nil when there is no such day.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), CivilDay.checked(year: year, month: month, day: day) != nil else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Days since 1970-01-01.
  package var daysSinceEpoch: Int { CivilDay.days(year: year, month: month, day: day) }

  /// The inverse of `daysSinceEpoch`, for days of the years 1 to 9999.
  package init(daysSinceEpoch days: Int) { (year, month, day) = CivilDay.date(days: days) }

  package func adding(days: Int) -> CalendarDay { CalendarDay(daysSinceEpoch: daysSinceEpoch + days) }

  package var weekday: Weekday {
    // Sunday comes first there, and last here.
    Weekday.allCases[(CivilDay.weekday(days: daysSinceEpoch) + 6) % 7]
  }

  /// `23/11/2026`, as the health centre and the legacy API write it.
  package var dayMonthYear: String { "\(padded(day, 2))/\(padded(month, 2))/\(padded(year, 4))" }

  /// `2026-11-23`
  package var iso8601: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

  package static func < (left: CalendarDay, right: CalendarDay) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

package enum Weekday: String, Sendable, CaseIterable {
  case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}
