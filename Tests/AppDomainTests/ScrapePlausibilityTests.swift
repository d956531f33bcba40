import AppDomain
import Testing

struct ScrapePlausibilityTests {
  @Test(
    "a reading is refused when it is empty or loses more than half of a known day",
    arguments: [
      (known: 0, found: 1, plausible: true), (known: 10, found: 5, plausible: true),
      (known: 10, found: 4, plausible: false), (known: 1, found: 1, plausible: true),
      (known: 9, found: 5, plausible: true), (known: 9, found: 4, plausible: false),
      (known: 10, found: 30, plausible: true), (known: 0, found: 0, plausible: false),
    ])
  func judge(known: Int, found: Int, plausible: Bool) throws {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let reading = ScheduleReading(days: [Self.day(date, rows: found)])
    let judgement = ScrapePlausibility.judge(reading, known: known == 0 ? [:] : [date: known], today: date)
    #expect((judgement == .plausible) == plausible)
  }

  @Test("one bad day refuses the whole reading and is named; two worksheets of a day count together")
  func named() throws {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let next = date.adding(days: 1)
    let known = [date: 8, next: 8]
    let bad = ScheduleReading(days: [Self.day(date, rows: 8), Self.day(next, rows: 1)])
    #expect(
      ScrapePlausibility.judge(bad, known: known, today: date) == .refused("24/11/2026 would shrink from 8 rows to 1"))
    let split = ScheduleReading(days: [Self.day(date, rows: 3), Self.day(date, rows: 3)])
    #expect(ScrapePlausibility.judge(split, known: known, today: date) == .plausible)
  }

  @Test("a day that is over may shrink, today may not; a day that is not named loses nothing")
  func past() throws {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let known = [date: 8, date.adding(days: 1): 8]
    let reading = ScheduleReading(days: [Self.day(date, rows: 1)])
    #expect(ScrapePlausibility.judge(reading, known: known, today: date.adding(days: 1)) == .plausible)
    #expect(ScrapePlausibility.judge(reading, known: known, today: date) != .plausible)
  }

  private static func day(_ date: CalendarDay, rows: Int) -> ScheduleDay {
    ScheduleDay(
      date: date, sheet: date.dayMonthYear,
      duties: (0..<rows).map { Duty(category: .regular, name: "Dr. \($0)", timing: "08:00-14:00") })
  }
}
