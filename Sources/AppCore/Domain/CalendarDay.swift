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

  /// The first and the last day that there is.
  package static let first = CalendarDay(daysSinceEpoch: CivilDay.days(year: 1, month: 1, day: 1))
  package static let last = CalendarDay(daysSinceEpoch: CivilDay.days(year: 9_999, month: 12, day: 31))

  /// Reads `2026-11-23` and no other form.
  package init?(iso8601 text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 10, digits[4] == UInt8(ascii: "-"), digits[7] == UInt8(ascii: "-") else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      digits[range].reduce(0 as Int?) { sum, digit in
        guard let sum, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
        return sum * 10 + Int(digit - UInt8(ascii: "0"))
      }
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
    self.init(year: year, month: month, day: day)
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
