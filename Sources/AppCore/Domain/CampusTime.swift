/// The time where the health centre is.
package enum CampusTime {
  /// Asia/Kolkata is five and a half hours ahead of UTC, without daylight saving since 1945.
  /// Source: IANA time zone database, `asia`, zone Asia/Kolkata.
  package static let offsetSeconds = 19_800

  /// The day there, at a moment in seconds since 1970.
  package static func day(at seconds: Double) -> CalendarDay {
    CalendarDay(daysSinceEpoch: Int(((seconds + Double(offsetSeconds)) / 86_400).rounded(.down)))
  }

  /// When it is `minutes` after midnight of `day` there, in seconds since 1970; more than a day's minutes lead on.
  package static func moment(of day: CalendarDay, minutes: Int) -> Double {
    Double(day.daysSinceEpoch * 86_400 + minutes * 60 - offsetSeconds)
  }

  /// `09:30`
  package static func clock(at seconds: Double) -> String {
    let minutes = Int((seconds / 60).rounded(.down)) + offsetSeconds / 60
    let minuteOfDay = (minutes % 1_440 + 1_440) % 1_440
    return padded(minuteOfDay / 60) + ":" + padded(minuteOfDay % 60)
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
