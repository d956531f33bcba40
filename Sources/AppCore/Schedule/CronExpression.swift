import AppDomain
import Instants

/// Five fields as in a crontab: minute, hour, day of the month, month, day of the week, in the health centre's time.
///
/// Lists, ranges, steps and names are read (`*/15 6-22 * * MON-SAT`). Where both kinds of day are restricted, one that
/// fits is enough. Source: POSIX.1-2017, `crontab`; steps, names and 7 for Sunday as in Vixie cron.
package struct CronExpression: Sendable, Equatable, CustomStringConvertible {
  package let description: String
  private let fields: CronFields

  /// Nil for what is no such expression, or names no day of the next eight years (`0 0 30 2 *`).
  package init?(_ text: String) {
    guard let fields = CronFields(text) else { return nil }
    self.fields = fields
    description = fields.description
    guard let start = CalendarDay(year: 2026, month: 1, day: 1),
      (0..<Self.horizon).contains(where: { fits(start.adding(days: $0)) })
    else { return nil }
  }

  /// The first minute after `time`; both in seconds since 1970.
  package func next(after time: Double) -> Double {
    let today = CampusTime.day(at: time)
    for offset in 0...Self.horizon {
      let day = today.adding(days: offset)
      guard fits(day) else { continue }
      for hour in fields.hours.sorted() {
        for minute in fields.minutes.sorted() {
          let instant = CampusTime.instant(of: day, minute: hour * 60 + minute)
          if instant > time { return instant }
        }
      }
    }
    return time + Double(Self.horizon) * 86_400
  }

  private static let horizon = 8 * 366

  private func fits(_ day: CalendarDay) -> Bool {
    // Monday is 1, Sunday 0.
    let weekday = ((Weekday.allCases.firstIndex(of: day.weekday) ?? 0) + 1) % 7
    return fields.fits(month: day.month, day: day.day, weekday: weekday)
  }
}
