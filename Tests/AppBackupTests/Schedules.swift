import AppDomain
import Testing

/// Days of a schedule.
enum Schedules {
  static func duty(_ name: String, _ timing: String, room: String? = "1") -> Duty {
    Duty(category: .regular, name: name, timing: timing, room: room)
  }

  static func day(_ day: Int, _ duties: [Duty]) throws -> ScheduleDay {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: day))
    return ScheduleDay(date: date, sheet: date.dayMonthYear + " DAY", duties: duties)
  }
}
