import AppDomain
import AppSchedule
import Testing

struct CronExpressionTests {
  /// Minutes after midnight of 2026-11-25, a Wednesday, at the health centre.
  private static func time(_ minute: Int, day: Int = 0) throws -> Double {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 25))
    return CampusTime.instant(of: date.adding(days: day), minute: minute)
  }

  @Test(
    "the next minute that fits, in the health centre's time",
    arguments: [
      ("* * * * *", 0, 1), ("*/15 * * * *", 0, 15), ("30 6-22/4 * * *", 400, 630), ("0 6 * * *", 360, 1_440 + 360),
      ("5/20 * * * *", 0, 5), ("5/20 * * * *", 46, 65), ("0 0 * * THU", 1, 1_440), ("0 0 * * 4", 1, 1_440),
      ("0 12 * * SUN", 0, 4 * 1_440 + 720), ("0 12 * * 7", 0, 4 * 1_440 + 720), ("0 0 1 * *", 0, 6 * 1_440),
      ("0 0 1 jan *", 0, 37 * 1_440), ("0 0 28 * MON", 0, 3 * 1_440), ("10,50 8,20 25 11 *", 500, 530),
      ("0 0 * * 1-5", 2 * 1_440 + 1, 5 * 1_440),
    ])
  func next(text: String, from: Int, to: Int) throws {
    let expression = try #require(CronExpression(text))
    #expect(expression.next(after: try Self.time(from)) == (try Self.time(to)))
  }

  @Test("29 February is found years ahead")
  func leapDay() throws {
    let expression = try #require(CronExpression("0 0 29 2 *"))
    let day = try #require(CalendarDay(year: 2028, month: 2, day: 29))
    #expect(expression.next(after: try Self.time(0)) == CampusTime.instant(of: day, minute: 0))
  }

  @Test(
    "what is no expression, or never comes, is refused",
    arguments: [
      "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8",
      "5-1 * * * *", "*/0 * * * *", "a * * * *", "1,,2 * * * *", "-1 * * * *", "0 0 30 2 *", "1-2-3 * * * *",
      "٣ * * * *",
    ])
  func refused(text: String) {
    #expect(CronExpression(text) == nil)
  }
}
