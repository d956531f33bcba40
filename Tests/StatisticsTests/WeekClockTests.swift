import Foundation
import Testing

@testable import Statistics

@Suite struct WeekClockTests {
  @Test(
    "hours of the week are local, daylight saving included",
    arguments: [
      // 2026-11-25 was a Wednesday.
      ("UTC", 1_795_600_800, 58), ("Asia/Kolkata", 1_795_600_800, 63), ("America/New_York", 1_795_600_800, 53),
      // An hour before and after Berlin's clocks went back on 2026-10-25 at 01:00 UTC.
      ("Europe/Berlin", 1_792_886_400, 146), ("Europe/Berlin", 1_792_890_000, 146),
      ("Europe/Berlin", 1_792_893_600, 147), ("Asia/Kathmandu", 1_795_600_800, 63),
    ])
  func hours(zone: String, seconds: Int64, expected: Int) throws {
    var clock = WeekClock(try #require(TimeZone(identifier: zone)))
    #expect(clock.hourOfWeek(seconds) == expected)
    #expect(clock.hourOfWeek(seconds) == expected, "from memory")
  }

  @Test("a time before 1970 has its place too")
  func early() throws {
    var clock = WeekClock(try #require(TimeZone(identifier: "UTC")))
    // 1969-12-31 23:00 was a Wednesday.
    #expect(clock.hourOfWeek(-3_600) == 71 && clock.secondOfDay(-3_600) == 82_800)
  }
}
