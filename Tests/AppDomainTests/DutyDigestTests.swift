import Testing

@testable import AppDomain

struct DutyDigestTests {
  /// 23 November 2026, 07:00 at the campus: 01:30 UTC.
  private static let seven = 1_795_397_400.0

  @Test(
    "it is sent from seven until nine at the campus, whatever the server's zone and season",
    arguments: [
      (-1.0, false), (0.0, true), (7_199.0, true), (7_200.0, false), (-86_400.0, true), (16_416_000.0, true),
    ] as [(Double, Bool)])
  func hours(offset: Double, isSent: Bool) {
    let day = DutyDigest.day(at: Self.seven + offset)
    #expect((day != nil) == isSent && (day == nil || day == CampusTime.day(at: Self.seven + offset)))
  }

  @Test(
    "the next one is today's or tomorrow's",
    arguments: [(-1.0, 0.0), (0.0, 86_400.0), (7_200.0, 86_400.0), (-5_000.0, 0.0)] as [(Double, Double)])
  func next(offset: Double, next: Double) {
    #expect(DutyDigest.next(after: Self.seven + offset) == Self.seven + next)
  }
}
