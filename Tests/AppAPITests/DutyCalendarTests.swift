import AppDomain
import Foundation
import TestSupport
import Testing

@testable import AppAPI

struct DutyCalendarTests {
  private static let monday = CalendarDay(iso8601: "2026-11-23") ?? .first

  private static func placed(_ id: Int64, _ duty: Duty, updatedAt: Double = 1_795_480_061) -> PlacedDuty {
    PlacedDuty(
      StoredDuty(id: id, date: monday, sheet: "s", duty: duty, createdAt: 1, updatedAt: updatedAt), position: Int(id))
  }

  private static func identifiers(_ duties: [PlacedDuty]) -> [Substring] {
    String(decoding: DutyCalendar.encode(duties, name: "n"), as: UTF8.self).split(separator: "\r\n")
      .filter { $0.hasPrefix("UID:") }
  }

  @Test("an event has UTC times, its words escaped, and lines of at most 75 bytes")
  func event() {
    let duty = Duty(
      category: .visiting, name: "Dr. Å, MBBS; MD (Ä\\Ö)", timing: "20:00-08:00", room: "3", speciality: "Ear,\nNose")
    let text = String(decoding: DutyCalendar.encode([Self.placed(1, duty)], name: "All"), as: UTF8.self)
    #expect(text.hasPrefix("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.hasSuffix("END:VEVENT\r\nEND:VCALENDAR\r\n"))
    #expect(text.contains("\r\nDTSTART:20261123T143000Z\r\nDTEND:20261124T023000Z\r\nSUMMARY:Dr. Å\r\n"))
    #expect(text.contains("\r\nLOCATION:Room 3\r\n"))
    let unfolded = text.replacing("\r\n ", with: "")
    #expect(unfolded.contains("DESCRIPTION:MBBS\\; MD (Ä\\\\Ö)\\nEar\\,\\nNose\\nVisiting Specialist\r\n"))
    #expect(text.split(separator: "\r\n", omittingEmptySubsequences: false).allSatisfy { $0.utf8.count <= 75 })
    #expect(!text.replacing("\r\n", with: "").contains { $0.isNewline })
  }

  @Test("a timing that can't be read is a word on its day")
  func unreadable() {
    let duty = Duty(category: .regular, name: "Dr. A", timing: "on call")
    let text = String(decoding: DutyCalendar.encode([Self.placed(1, duty)], name: "All"), as: UTF8.self)
    #expect(text.contains("\r\nDTSTART;VALUE=DATE:20261123\r\nSUMMARY:Dr. A (on call)\r\n"))
    #expect(!text.contains("DTEND"))
  }

  @Test("an event keeps its name when its row is written anew, and no two have the same")
  func names() {
    let duty = Duty(category: .regular, name: "Dr. A", timing: "08:00-14:00", room: "1")
    let rewritten = Duty(category: .regular, name: "DR A - MBBS", timing: "8 AM to 2 PM", room: "9")
    let later = Duty(category: .regular, name: "Dr. A", timing: "09:00-14:00")
    #expect(
      Self.identifiers([Self.placed(1, duty)])
        == Self.identifiers([Self.placed(77, rewritten, updatedAt: 1_800_000_000)]))
    let several = Self.identifiers(
      [duty, duty, later, Duty(category: .regular, name: "Dr. A", timing: "?")].enumerated().map {
        Self.placed(Int64($0), $1)
      })
    #expect(Set(several).count == 4)
  }

  @Test("the route answers a calendar of one doctor, of everybody, and an empty one of nobody")
  func route() async throws {
    try await ServiceUnderTest.run { service in
      let all = try await service.get("/v1/calendar.ics")
      #expect(all.status == 200 && all.headers["content-type"] == "text/calendar; charset=utf-8")
      #expect(all.body.split(separator: "BEGIN:VEVENT").count == 4)
      let one = try await service.get("/v1/calendar.ics?doctor=dr-c")
      #expect(one.body.split(separator: "BEGIN:VEVENT").count == 2 && one.body.contains("NAME:Dr. C: duties\r\n"))
      let nobody = try await service.get("/v1/calendar.ics?doctor=nobody")
      #expect(nobody.status == 200 && !nobody.body.contains("VEVENT") && nobody.body.contains("BEGIN:VTIMEZONE"))
      // Thirty days later it is past.
      service.clock.advance(by: 40 * 86_400)
      #expect(try await service.get("/v1/calendar.ics").body.contains("VEVENT") == false)
    }
  }
}
