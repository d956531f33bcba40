/// Times where the health centre is: Asia/Kolkata, five and a half hours ahead of UTC, without daylight saving since 1945.
///
/// Source: IANA time zone database, `asia`, zone Asia/Kolkata.
package enum CampusTime {
  package static let offsetSeconds = 19_800
  /// As ISO 8601 writes it.
  package static let offset = "+05:30"

  /// The day that has begun there.
  /// - Parameter seconds: since 1970.
  package static func day(at seconds: Double) -> CalendarDay {
    CalendarDay(daysSinceEpoch: Int(((seconds + Double(offsetSeconds)) / 86_400).rounded(.down)))
  }

  /// Seconds since 1970 of a minute of a day there; minutes may reach into the days after.
  package static func instant(of day: CalendarDay, minute: Int) -> Double {
    Double(day.daysSinceEpoch * 86_400 + minute * 60 - offsetSeconds)
  }

  /// `2026-11-23T20:00:00+05:30`; minutes may reach into the days after.
  package static func iso8601(of day: CalendarDay, minute: Int) -> String {
    let (days, rest) = minute.quotientAndRemainder(dividingBy: 1_440)
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(day.adding(days: days).iso8601)T\(padded(rest / 60)):\(padded(rest % 60)):00\(offset)"
  }
}

extension DutyTiming {
  /// Minutes after midnight of the duty's own day at which it ends: beyond 1,440 when that is on the next day.
  package var endMinute: Int { endsNextDay ? end + 1_440 : end }
}
