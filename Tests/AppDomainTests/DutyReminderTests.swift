import Testing

@testable import AppDomain

struct DutyReminderTests {
  private static func date(_ day: Int = 23) throws -> CalendarDay {
    try #require(CalendarDay(year: 2026, month: 11, day: day))
  }

  private static func duty(_ name: String, _ timing: String, room: String? = nil) -> Duty {
    Duty(category: .regular, name: name, timing: timing, room: room)
  }

  @Test(
    "a duty is due from the lead before its start until it starts, in the campus' time",
    arguments: [
      (-3_601.0, false), (-3_600, true), (-1_800, true), (0, true), (1, false), (3_600, false), (86_400, false),
    ])
  func window(offset: Double, isDue: Bool) throws {
    // 09:00 in Asia/Kolkata is 03:30 UTC.
    let start = 1_795_404_600.0
    let due = DutyReminder.due(of: [(try Self.date(), Self.duty("Dr. A", "09:00-13:00"))], at: start + offset, lead: 60)
    #expect(due.map(\.startsAt) == (isDue ? [start] : []))
    #expect(due.allSatisfy { $0.endsAt == start + 4 * 3_600 })
  }

  @Test("a duty after midnight is looked for the evening before; one over midnight ends the next day")
  func midnight() throws {
    let early = DutyReminder.duties(of: [(try Self.date(24), Self.duty("Dr. A", "00:15-06:00"))])
    let start = try #require(early.values.first).startsAt
    #expect(DutyReminder.days(at: start - 3_000).contains(try Self.date(24)))
    let night = try #require(
      DutyReminder.duties(of: [(try Self.date(23), Self.duty("Dr. B", "20:00-08:00"))]).values.first)
    #expect(night.endsAt - night.startsAt == 12 * 3_600)
    #expect(DutyReminder.days(at: night.endsAt - 1).contains(try Self.date(23)))
    let whole = try #require(
      DutyReminder.duties(of: [(try Self.date(23), Self.duty("Dr. B", "08:00-24:00"))]).values.first)
    #expect(whole.endsAt - whole.startsAt == 16 * 3_600)
  }

  @Test("rows without a doctor or a readable start are no duties")
  func unreadable() throws {
    let rows = ["on call", "9-5", "", "25:00-26:00"].map { Self.duty("Dr. A", $0) } + [Self.duty(" - ", "09:00-10:00")]
    let date = try Self.date()
    #expect(DutyReminder.duties(of: rows.map { (date, $0) }).isEmpty)
  }

  @Test("the same duty in two rooms, or until two times, is one")
  func merged() throws {
    let date = try Self.date()
    let rows = [
      Self.duty("Dr. A, MBBS", "09:00-10:00", room: "3"), Self.duty("dr a", "9 AM to 12:00 PM", room: "5"),
      Self.duty("Dr. A", "09:00-10:00", room: "3"), Self.duty("Dr. A", "09:00-10:00", room: nil),
    ]
    let reminders = DutyReminder.duties(of: rows.map { (date, $0) })
    let reminder = try #require(reminders.values.first)
    #expect(reminders.count == 1 && reminder.rooms == ["3", "5"] && reminder.duty == rows[0])
    #expect(reminder.endsAt - reminder.startsAt == 3 * 3_600)
  }

  @Test("the key keeps what makes a duty, and nothing that varies between scrapes")
  func keys() throws {
    let key = { (name: String, timing: String, day: Int) in
      DutyKey(date: try Self.date(day), duty: Self.duty(name, timing))
    }
    let first = try key("Dr. Anita  Sharma- MBBS MD", "09:00-13:00", 23)
    #expect(first?.text == "2026-11-23|Regular/Dentist|dr anita sharma|0540")
    for (name, timing) in [
      ("DR ANITA SHARMA (MD)", "9 am to 1 pm"), ("Dr.Anita Sharma", "09.00 – 13.00"),
      ("Dr. Anita Sharma,", "09:00-12:00"),
    ] { #expect(try key(name, timing, 23) == first, "\(name) \(timing)") }
    for (name, timing, day) in [
      ("Dr. Anita Sharma", "09:01-13:00", 23), ("Dr. Anita Sharma", "09:00-13:00", 24),
      ("Dr. Anita", "09:00-13:00", 23),
    ] { #expect(try key(name, timing, day) != first) }
    let visiting = Duty(category: .visiting, name: "Dr. Anita Sharma", timing: "09:00-13:00")
    #expect(DutyKey(date: try Self.date(), duty: visiting) != first)
    #expect(try key("डॉ. अनिता", "09:00-10:00", 23)?.text == "2026-11-23|Regular/Dentist|डॉ अनिता|0540")
    let long = try #require(try key(String(repeating: "ड", count: 5_000), "09:00-10:00", 23))
    #expect(long.text.utf8.count < 700)
  }

  @Test(
    "clock times are the campus'",
    arguments: [(1_795_404_600.0, "09:00"), (0, "05:30"), (-19_800, "00:00"), (66_599, "23:59")])
  func clock(seconds: Double, text: String) { #expect(CampusTime.clock(at: seconds) == text) }
}
