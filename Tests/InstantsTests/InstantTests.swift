import Testing

@testable import Instants

@Suite struct InstantTests {
  /// 2026-11-25 10:00:00 UTC.
  private static let ten: Int64 = 1_795_600_800

  private func read(_ text: String, _ body: (inout InstantReader) -> Instant?) -> Instant? {
    var reader = InstantReader(Array(text.utf8)[...])
    let mark = reader.index
    let instant = body(&reader)
    if instant == nil { #expect(reader.index == mark) }
    return instant
  }

  @Test(
    "a moment is read as it is written",
    arguments: [
      ("2026-11-25T10:00:00Z", 0.0, 0 as Int?), ("2026-11-25 10:00:00,250", 0.25, nil),
      ("2026-11-25T15:30:00.5+05:30", 0.5, 19_800),
      ("2026/11/25 10:00:00 UTC", 0, 0), ("2026-11-25\t10:00:00", 0, nil), ("2026-11-25T04:00:00-0600", 0, -21_600),
    ])
  func iso(text: String, fraction: Double, zone: Int?) {
    let instant = read(text) { $0.iso() }
    #expect(instant?.seconds == Self.ten && instant?.zoneOffset == zone)
    #expect(abs((instant?.fraction ?? -1) - fraction) < 1e-9)
  }

  @Test("the common log format's, C's and gin's times are times too")
  func others() {
    #expect(read("25/Nov/2026:10:00:00 +0000") { $0.common() }?.seconds == Self.ten)
    #expect(read("25/Nov/2026:10:00:00.125 +0000") { $0.common() }?.fraction == 0.125)
    #expect(read("25/Nov/2026 10:00:00") { $0.common() }?.zoneOffset == nil)
    #expect(read("Wed Nov 25 10:00:00 2026") { $0.ctime() }?.seconds == Self.ten)
    #expect(read("2026/11/25 - 10:00:00") { $0.dashed() }?.seconds == Self.ten)
    #expect(read("1795600800.250") { $0.epoch() }?.fraction == 0.25)
    #expect(read("1795600800250") { $0.epoch() }?.seconds == Self.ten && read("17956008") { $0.epoch() } == nil)
  }

  @Test(
    "dates that the calendar lacks are no times",
    arguments: [
      "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "1999-01-01T00:00:00Z", "2026-11-25T24:00:00Z",
      "2026-11-25T10:60:00Z", "2026-11-25", "2026-11-25T10:00",
    ])
  func lacking(text: String) { #expect(read(text) { $0.iso() } == nil) }

  @Test("a leap day and a leap second are times")
  func leaps() {
    #expect(read("2028-02-29T00:00:00Z") { $0.iso() }?.seconds == 1_835_395_200)
    #expect(read("2026-06-30T23:59:60Z") { $0.iso() }?.seconds == 1_782_863_999)
    #expect(Instant(epoch: 1_795_600_800_000_000_000)?.seconds == Self.ten && Instant(epoch: 12) == nil)
  }

  @Test("days go to dates and back, for two thousand years")
  func days() {
    for days in stride(from: -719_162, to: 400_000, by: 37) {
      let date = CivilDay.date(days: days)
      #expect(CivilDay.days(year: date.year, month: date.month, day: date.day) == days)
    }
    #expect(CivilDay.weekday(days: 0) == 4 && CivilDay.weekday(days: -5) == 6)
  }

  @Test("moments are written as documents and mails have them")
  func texts() {
    #expect(InstantText.utc(1_795_600_800.25) == "2026-11-25T10:00:00.250Z")
    #expect(InstantText.utc(-0.5) == "1969-12-31T23:59:59.500Z" && InstantText.utc(.nan) == "1970-01-01T00:00:00.000Z")
    #expect(InstantText.mail(1_795_634_125) == "Wed, 25 Nov 2026 19:15:25 +0000")
    #expect(InstantText.mail(951_782_400) == "Tue, 29 Feb 2000 00:00:00 +0000")
    #expect(InstantText.mail(.nan) == "Thu, 01 Jan 1970 00:00:00 +0000")
    #expect(InstantText.basic(1_795_600_809.9) == "20261125T100009Z" && InstantText.basic(-1) == "19691231T235959Z")
  }

  @Test("protocols' moments are read as a whole, of any year")
  func protocols() {
    #expect(InstantReader.whole("Sun, 06 Nov 1994 08:49:37 GMT") { $0.http() }?.seconds == 784_111_777)
    #expect(InstantReader.whole("20261125T100000Z") { $0.basic() }?.seconds == Self.ten)
    #expect(InstantReader.whole("20130524T000000Z") { $0.basic() }?.seconds == 1_369_353_600)
    #expect(InstantReader.whole("2026-11-25") { $0.day() }?.seconds == Self.ten - 36_000)
    for text in [
      "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37",
      "06 Nov 1994 08:49:37 GMT",
      "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 06 Nov 1994 24:49:37 GMT",
    ] {
      #expect(InstantReader.whole(text) { $0.http() } == nil, "\(text)")
    }
    for text in [
      "20261125T100000", "20261325T100000Z", "20261125T250000Z", "20261125T100000Z-2", "2026-11-25T10:00:00Z",
    ] {
      #expect(InstantReader.whole(text) { $0.basic() } == nil, "\(text)")
    }
  }
}
