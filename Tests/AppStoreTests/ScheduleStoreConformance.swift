import AppDomain
import AppStore
import Testing

/// What every `SQLScheduleStore` does: call it with a factory of empty stores.
enum ScheduleStoreConformance {
  typealias MakeStore = @Sendable () async throws -> SQLScheduleStore

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var check: @Sendable (SQLScheduleStore) async throws -> Void
  }

  static func run(_ conformance: Case, makeStore: MakeStore) async throws {
    let store = try await makeStore()
    do {
      try await conformance.check(store)
      try await store.close()
    } catch {
      try? await store.close()
      throw error
    }
  }

  static let cases: [Case] =
    scheduleCases + changeCases + finderCases + bootCases + leaderCases + subscriberCases + confirmationCases
    + deviceCases + outboxCases + outboxLedgerCases + profileCases

  private static let scheduleCases: [Case] = [
    Case(testDescription: "an empty store answers") { store in
      try await store.ping()
      #expect(try await store.duties(sheetContaining: nil).isEmpty)
      #expect(try await store.rowCounts().isEmpty)
      #expect(try await store.scrapedAt() == nil)
    },
    Case(testDescription: "nothing is begun for a task that was cancelled") { store in
      let days = [try day(23, [duty("Dr. A", "08:00")])]
      await #expect(throws: CancellationError.self) {
        try await Task {
          withUnsafeCurrentTask { $0?.cancel() }
          _ = try await store.replace(days, at: 1)
        }.value
      }
      #expect(try await store.scrapedAt() == nil)
    },
    Case(testDescription: "rows come back as they were, by date, then in worksheet order") { store in
      let full = Duty(
        category: .visiting, name: "Dr. Ö'Neill; DROP \"x\"", timing: "9 AM", room: "4", speciality: "ENT", shift: "I")
      let days = [
        try day(24, [duty("Dr. Z", "10:00"), full, duty("Dr. A", "08:00")]), try day(23, [duty("Dr. M", "09:00")]),
      ]
      let change = try await store.replace(days, at: 100.25)
      #expect(change == ScheduleChange(added: 4))
      let stored = try await store.duties(sheetContaining: nil)
      #expect(stored.map(\.duty) == days[1].duties + days[0].duties)
      #expect(stored.map(\.sheet) == [days[1].sheet, days[0].sheet, days[0].sheet, days[0].sheet])
      #expect(stored.map(\.date) == [days[1].date, days[0].date, days[0].date, days[0].date])
      #expect(stored.allSatisfy { $0.createdAt == 100.25 && $0.updatedAt == 100.25 })
      #expect(Set(stored.map(\.id)).count == 4)
      #expect(try await store.rowCounts() == [days[0].date: 3, days[1].date: 1])
    },
    Case(testDescription: "the same reading again changes nothing") { store in
      let days = [try day(23, [duty("Dr. A", "08:00"), duty("Dr. B", "09:00")])]
      _ = try await store.replace(days, at: 1)
      let before = try await store.duties(sheetContaining: nil)
      #expect(try await store.replace(days, at: 2) == ScheduleChange(unchanged: 2))
      #expect(try await store.duties(sheetContaining: nil) == before)
      #expect(try await store.scrapedAt() == 2)
    },
    Case(testDescription: "rows that stay keep id and created_at; gone rows go, new ones come") { store in
      _ = try await store.replace([try day(23, [duty("Dr. A", "08:00"), duty("Dr. B", "09:00")])], at: 1)
      let before = try await store.duties(sheetContaining: nil)
      let change = try await store.replace([try day(23, [duty("Dr. B", "09:00"), duty("Dr. C", "10:00")])], at: 2)
      // Dr. B moved up by one.
      #expect(change == ScheduleChange(added: 1, removed: 1, updated: 1))
      let after = try await store.duties(sheetContaining: nil)
      #expect(after.map(\.duty.name) == ["Dr. B", "Dr. C"])
      #expect(after[0] == before[1])
      #expect(after[1].createdAt == 2)
      #expect(!before.map(\.id).contains(after[1].id))
    },
    Case(testDescription: "another room updates the row, which keeps id and created_at") { store in
      _ = try await store.replace([try day(23, [duty("Dr. A", "08:00", room: "1")])], at: 1)
      let before = try await store.duties(sheetContaining: nil)
      #expect(
        try await store.replace([try day(23, [duty("Dr. A", "08:00", room: nil)])], at: 2) == ScheduleChange(updated: 1)
      )
      let after = try await store.duties(sheetContaining: nil)
      #expect(after.map(\.id) == before.map(\.id))
      #expect(after.map(\.duty.room) == [nil])
      #expect(after.map(\.createdAt) == [1])
      #expect(after.map(\.updatedAt) == [2])
    },
    Case(testDescription: "the same doctor twice a day, and the same line twice, are rows of their own") { store in
      let duties = [
        duty("Dr. A", "08:00"), duty("Dr. A", "20:00"), duty("Dr. A", "08:00"), duty("Dr. A", "08:00", room: "9"),
      ]
      #expect(try await store.replace([try day(23, duties)], at: 1) == ScheduleChange(added: 4))
      let before = try await store.duties(sheetContaining: nil)
      #expect(before.map(\.duty) == duties)
      #expect(try await store.replace([try day(23, duties)], at: 2) == ScheduleChange(unchanged: 4))
      _ = try await store.replace([try day(23, Array(duties.dropLast(2)))], at: 3)
      #expect(try await store.duties(sheetContaining: nil).map(\.id) == before.dropLast(2).map(\.id))
    },
    Case(testDescription: "days that are not named stay, a named day without rows is emptied") { store in
      _ = try await store.replace(
        [try day(23, [duty("Dr. A", "08:00")]), try day(24, [duty("Dr. B", "09:00")])], at: 1)
      #expect(try await store.replace([try day(24, [])], at: 2) == ScheduleChange(removed: 1))
      #expect(try await store.duties(sheetContaining: nil).map(\.duty.name) == ["Dr. A"])
    },
    Case(testDescription: "two worksheets of one day are both kept") { store in
      let days = [
        try day(23, [duty("Dr. A", "08:00")], suffix: " MONDAY"), try day(23, [duty("Dr. B", "08:00")], suffix: " (2)"),
      ]
      _ = try await store.replace(days, at: 1)
      #expect(try await store.duties(sheetContaining: nil).map(\.sheet) == ["23/11/2026 MONDAY", "23/11/2026 (2)"])
      #expect(try await store.replace(days, at: 2) == ScheduleChange(unchanged: 2))
    },
    Case(testDescription: "a fragment of the worksheet's name selects, nothing in it is a pattern") { store in
      _ = try await store.replace(
        [
          try day(23, [duty("Dr. A", "08:00")], suffix: " MONDAY"),
          try day(24, [duty("Dr. B", "08:00")], suffix: " 100%_O'CLOCK"),
        ], at: 1)
      for (fragment, names) in [
        ("23/11/2026", ["Dr. A"]), ("MONDAY", ["Dr. A"]), ("/11/2026", ["Dr. A", "Dr. B"]), ("", ["Dr. A", "Dr. B"]),
        ("%", ["Dr. B"]), ("_", ["Dr. B"]), ("O'C", ["Dr. B"]), ("2_/11", []), ("' OR 1=1 --", []), ("25/11", []),
      ] {
        #expect(try await store.duties(sheetContaining: fragment).map(\.duty.name) == names, "\(fragment)")
      }
      // A worksheet that is renamed is found by its new name only; one that names another day too, by both.
      _ = try await store.replace(
        [
          try day(23, [duty("Dr. A", "08:00")], suffix: " and 30/11/2026"), try day(24, [duty("Dr. B", "08:00")]),
        ], at: 2)
      for (fragment, names) in [("MONDAY", []), ("30/11/2026", ["Dr. A"]), ("24/11", ["Dr. B"]), ("%", [])] {
        #expect(try await store.duties(sheetContaining: fragment).map(\.duty.name) == names, "\(fragment)")
      }
    },
    Case(testDescription: "readers beside a writer see a day before or after, never between") { store in
      let morning = try day(23, (0..<40).map { duty("Dr. \($0)", "08:00") })
      let evening = try day(23, (0..<40).map { duty("Dr. \($0)", "20:00") })
      _ = try await store.replace([morning], at: 1)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for round in 0..<20 { _ = try await store.replace([round % 2 == 0 ? evening : morning], at: 2) }
        }
        for _ in 0..<3 {
          group.addTask {
            for _ in 0..<20 {
              let seen = try await store.duties(sheetContaining: "23/11")
              #expect(seen.count == 40)
              #expect(Set(seen.map(\.duty.timing)).count == 1)
            }
          }
        }
        try await group.waitForAll()
      }
    },
  ]

  /// Of a store that was migrated with two subscribers who had been told their numbers by counting: 1 by mail, 2 by its
  /// endpoint.
  static func expectCountedNumbersNeedProof(_ store: SQLScheduleStore) async throws {
    #expect(try await store.leave(by: 1, at: 2) == .needsProof(subscriber: 1))
    #expect(try await store.leave(by: 2, at: 2) == .needsProof(subscriber: 2))
    let again = try await store.subscribe([NewAddress(.webPush, "https://push.example/1", details: "{}")], at: 3)
    #expect(again.subscriber == 2 && !again.isNew && again.number != 2)
    let mail = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 4)
    #expect(try await store.leave(by: mail.number, at: 5) == .needsProof(subscriber: 1))
    #expect(try await store.leave(by: again.number, at: 5) == .left)
    #expect(try await store.activeAddresses() == [.email: 1])
    // One who comes now is counted too, but that number was never told.
    let new = try await store.subscribe([NewAddress(.email, "b@example.org")], at: 6)
    #expect(new.subscriber == 3)
    #expect(try await store.leave(by: 3, at: 7) == .unknown)
  }

  static func duty(_ name: String, _ timing: String, room: String? = "1") -> Duty {
    Duty(category: .regular, name: name, timing: timing, room: room)
  }

  static func day(_ day: Int, _ duties: [Duty], suffix: String = " DAY") throws -> ScheduleDay {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: day))
    return ScheduleDay(date: date, sheet: date.dayMonthYear + suffix, duties: duties)
  }
}
