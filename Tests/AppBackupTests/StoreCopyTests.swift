import AppDomain
import AppStore
import Foundation
import Postgres
import TestSupport
import Testing

@testable import AppBackup

@Suite(.postgresIsInstalled, .postgres, .timeLimit(.minutes(3)))
struct StoreCopyTests {
  /// Every shape of value: nulls, quotes, tabs, back slashes, both categories, fractions of seconds.
  private static func fill(_ store: SQLScheduleStore, days: Int = 30) async throws {
    let first = try #require(CalendarDay(year: 2026, month: 1, day: 1))
    let sheets = (0..<days).map { number in
      let date = first.adding(days: number)
      return ScheduleDay(
        date: date, sheet: date.dayMonthYear + " \"x\"\t\\N",
        duties: (0..<10).map { row in
          Duty(
            category: row % 3 == 0 ? .visiting : .regular, name: "Dr. Ö'\(row)", timing: "0\(row % 10):00",
            room: row % 2 == 0 ? nil : "\(row)", speciality: row % 5 == 0 ? "E\nNT" : nil, shift: "")
        })
    }
    _ = try await store.replace(sheets, at: 1_764_061_234.123_456)
    _ = try await store.replace(
      Array(sheets.prefix(3)).map { ScheduleDay(date: $0.date, sheet: $0.sheet, duties: []) }, at: 1_764_061_235)
    try await store.record(ServiceBoot(id: "zoë", startedAt: 1.5))
    try await store.record(
      ServiceBoot(
        id: "A", startedAt: 2, lastInboundAt: 0.1, firstRequest: .init(at: 3, client: .bot, path: "/x?\\"), stoppedAt: 9
      ))
    _ = try await store.subscribe([NewAddress(.webPush, "https://p/\t", details: "{}")], at: 3.25)
    _ = try await store.subscribe([NewAddress(.email, "a@b.c")], at: 4)
    let asked = try #require(EmailAddress("c@b.example"))
    _ = try await store.ask(for: asked, joining: 1, number: 1 << 52 | 1, limit: 9, at: 4.5)
    let date = first.adding(days: 5)
    let duty = Duty(category: .regular, name: "Dr. Ö'1", timing: "09:00-10:00")
    let reminders = Array(DutyReminder.duties(of: [(date, duty)]).values)
    _ = try await store.enqueue(reminders, event: .startsSoon, channel: .email, at: reminders[0].startsAt - 5.125)
    let token = try #require(try await store.token(of: 1))
    let chosen = DutyInterest.Doctors.chosen(Set(["dr-ö-1", "dr-2"].compactMap { DoctorKey(id: $0) }))
    _ = try await store.change(token, SubscriberChange(lead: 5, doctors: chosen, category: .some(.visiting)), at: 6)
    let device = try #require(DeviceID("{device}\\'0123456789"))
    _ = try await store.register(device, token: "a:b", limit: 9, at: 6)
    for doctor in ["Dr. Ö'1", "Dr.\t2"] { _ = try await store.follow(doctor, by: device, limit: 9, at: 7) }
  }

  @Test("a store that is copied there and back is the same, row for row; new rows get new ids")
  func roundTrip() async throws {
    let database = try #require(PostgresDatabase.current)
    try await withTemporaryDirectory { directory in
      let source = try await SQLScheduleStore(path: directory + "/source.sqlite")
      try await Self.fill(source)
      let postgres = try await SQLScheduleStore(database.configuration())
      let digests = try await StoreCopy(from: source, to: postgres).run()
      #expect(digests.map(\.rows) == [270, 330, 2, 1, 2, 3, 2, 3, 1, 1])
      #expect(Set(digests.map(\.checksum)).count == 10)
      let back = try await SQLScheduleStore(path: directory + "/back.sqlite")
      #expect(try await StoreCopy(from: postgres, to: back).run() == digests)
      #expect(try await back.duties(sheetContaining: nil) == source.duties(sheetContaining: nil))
      #expect(try await postgres.duties(sheetContaining: nil) == source.duties(sheetContaining: nil))
      #expect(try await postgres.changes(after: 0, limit: 999) == source.changes(after: 0, limit: 999))
      #expect(try await postgres.boots(limit: 9) == source.boots(limit: 9))
      let day = try Schedules.day(30, [Schedules.duty("Dr. New", "08:00")])
      let highest = try #require(try await source.duties(sheetContaining: nil).map(\.id).max())
      for store in [postgres, back] as [SQLScheduleStore] {
        _ = try await store.replace([day], at: 1_764_061_300)
        #expect(try #require(try await store.duties(sheetContaining: "30/11/2026").first).id > highest)
        #expect(try await store.copyProgress() == nil)
        try await store.close()
      }
      try await source.close()
    }
  }

  @Test("one value that differs is another checksum")
  func checksum() async throws {
    try await withTemporaryDirectory { directory in
      let stores = [
        try await SQLScheduleStore(path: directory + "/a.sqlite"),
        try await SQLScheduleStore(path: directory + "/b.sqlite"),
      ]
      for (store, room) in zip(stores, ["1", nil]) {
        let duty = Schedules.duty("Dr. A", "08:00", room: room)
        _ = try await store.replace([try Schedules.day(23, [duty])], at: 1)
      }
      let (left, right) = (try await stores[0].digests(), try await stores[1].digests())
      #expect(left[0].rows == right[0].rows && left[0].checksum != right[0].checksum)
      #expect(left[2] == right[2])
    }
  }

  @Test("a target that holds anything is refused and stays as it is")
  func notEmpty() async throws {
    let database = try #require(PostgresDatabase.current)
    try await withTemporaryDirectory { directory in
      let source = try await SQLScheduleStore(path: directory + "/source.sqlite")
      try await Self.fill(source)
      let target = try await SQLScheduleStore(database.configuration())
      _ = try await target.replace(
        [try Schedules.day(1, [Schedules.duty("Dr. A", "08:00")])], at: 1)
      let before = try await target.digests()
      for restart in [false, true] {
        let error = await #expect(throws: StoreError.self) {
          try await StoreCopy(from: source, to: target).run(restart: restart)
        }
        #expect(error?.code == .copyRefused)
      }
      #expect(try await target.digests() == before)
      #expect(try await target.copyProgress() == nil)
      try await target.close()
    }
  }

  @Test("a copy that was interrupted closes the target, goes on where it was, and completes")
  func resumed() async throws {
    let database = try #require(PostgresDatabase.current)
    try await withTemporaryDirectory { directory in
      let source = try await SQLScheduleStore(path: directory + "/source.sqlite")
      try await Self.fill(source)
      let target = try await SQLScheduleStore(database.configuration())
      // What a copy that was killed after 100 rows leaves.
      try await target.beginCopy(from: source.place)
      let rows = try await source.rows(of: StoreTable.all[0], after: nil, limit: 100)
      try await target.append(rows, to: StoreTable.all[0], after: nil)
      let location = DatabaseLocation.postgres(try database.configuration())
      let closed = await #expect(throws: StoreError.self) { try await location.open() }
      #expect(closed?.code == .halfCopied)
      // A second copy that is a step behind is refused.
      let behind = await #expect(throws: StoreError.self) {
        try await target.append(rows, to: StoreTable.all[0], after: nil)
      }
      #expect(behind?.code == .copyRefused)
      let other = try await SQLScheduleStore(path: directory + "/other.sqlite")
      let wrong = await #expect(throws: StoreError.self) { try await StoreCopy(from: other, to: target).run() }
      #expect(wrong?.code == .copyRefused)
      #expect(try await StoreCopy(from: source, to: target).run() == source.digests())
      try await target.close()
      try await location.open().close()
    }
  }

  @Test("a source that was written to meanwhile is noticed; --restart begins anew")
  func changedSource() async throws {
    try await withTemporaryDirectory { directory in
      let source = try await SQLScheduleStore(path: directory + "/source.sqlite")
      try await Self.fill(source)
      let target = try await SQLScheduleStore(path: directory + "/target.sqlite")
      try await target.beginCopy(from: source.place)
      let rows = try await source.rows(of: StoreTable.all[0], after: nil, limit: 100)
      try await target.append(rows, to: StoreTable.all[0], after: nil)
      let day = try #require(CalendarDay(year: 2026, month: 1, day: 5))
      _ = try await source.replace([ScheduleDay(date: day, sheet: "gone", duties: [])], at: 5)
      let error = await #expect(throws: StoreError.self) { try await StoreCopy(from: source, to: target).run() }
      #expect(error?.code == .differs)
      #expect(
        error?.description.contains("schedules: 260 rows there, 270 here") == true, "\(String(describing: error))")
      #expect(try await target.copyProgress() != nil)
      #expect(try await StoreCopy(from: source, to: target).run(restart: true) == source.digests())
    }
  }
}
