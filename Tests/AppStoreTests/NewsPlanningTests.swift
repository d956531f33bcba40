import AppDomain
import GRDB
import TestSupport
import Testing

@testable import AppStore

struct NewsPlanningTests {
  /// 23 November 2026, 08:15 at the campus.
  private static let morning = 1_795_401_900.0

  @Test("what takes more than one transaction is planned once, and the cursor moves in the end")
  func steps() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      let store = try await SQLScheduleStore(path: path)
      _ = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1)
      func day(_ hour: Int) throws -> ScheduleDay {
        try ScheduleStoreConformance.day(
          23, (0..<9).map { ScheduleStoreConformance.duty("Dr. \($0)", "\(hour):00-20:00") })
      }
      _ = try await store.replace([try day(14)], at: 1)
      _ = try await store.replace([try day(15)], at: 2)
      let plan = try await store.planNews(on: [.email], at: Self.morning, under: nil, atOnce: 2)
      // All nine came and moved since the beginning: they are new, no news.
      #expect(plan == NewsPlan())
      _ = try await store.replace([try day(16)], at: Self.morning)
      #expect(
        try await store.planNews(on: [.email], at: Self.morning, under: nil, atOnce: 2)
          == NewsPlan(planned: [.email: 9]))
      let (cursor, newest) = try await DatabaseQueue(path: path).read { database in
        (
          try Int.fetchOne(database, sql: "SELECT change_id FROM notification_cursor"),
          try Int.fetchOne(database, sql: "SELECT max(id) FROM schedule_changes")
        )
      }
      #expect(cursor == newest && newest == 27)
      try await store.close()
    }
  }

  @Test(
    "nobody is told of what changed before there was this news; what changes afterwards is told, also by older instances"
  )
  func migration() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/old.sqlite"
      let engine = try SQLiteEngine(path: path)
      _ = try await StoreMigrations.apply(on: engine, of: path, upTo: "2026-11 confirmations")
      try await engine.write { session in
        try session.script(
          """
          INSERT INTO schedules (date, sheet, position, category, name, timing, created_at, updated_at)
          VALUES ('2026-11-23', 'x', 0, 'Regular/Dentist', 'Dr. A', '14:00-16:00', 1, 1);
          INSERT INTO schedule_changes (kind, duty_id, date, category, name, timing, previous_timing, changed_at)
          VALUES ('moved', 1, '2026-11-23', 'Regular/Dentist', 'Dr. A', '14:00-16:00', '09:00-10:00', 1);
          INSERT INTO subscribers (created_at) VALUES (1);
          INSERT INTO subscriber_addresses (subscriber_id, channel, address, state, created_at, updated_at)
          VALUES (1, 'email', 'a@example.org', 'active', 1, 1);
          """)
      }
      try engine.close()
      let store = try await SQLScheduleStore(path: path)
      #expect(try await store.planNews(on: [.email], at: Self.morning, under: nil) == NewsPlan())
      // As the version before wrote it.
      try await store.engine.write { session in
        try session.script(
          """
          INSERT INTO outbox (duty_key, event, subscriber_id, channel, date, starts_at, ends_at, state, attempts, due_at,
            created_at, updated_at)
          VALUES ('k', 'starts_soon', 1, 'email', '2026-11-23', 1, 2e9, 'pending', 0, 0, 1, 1)
          """)
      }
      let day = try ScheduleStoreConformance.day(23, [ScheduleStoreConformance.duty("Dr. A", "15:00-16:00")])
      _ = try await store.replace([day], at: Self.morning)
      #expect(try await store.planNews(on: [.email], at: Self.morning, under: nil).planned == [.email: 1])
      try await store.close()
    }
  }

  @Test("a message that an older version has withdrawn, since it didn't know it, is sent all the same")
  func olderInstance() async throws {
    try await withTemporaryDirectory { directory in
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      _ = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1)
      for hour in [14, 15] {
        let duties = [ScheduleStoreConformance.duty("Dr. A", "\(hour):00-20:00")]
        _ = try await store.replace([try ScheduleStoreConformance.day(23, duties)], at: Self.morning)
        _ = try await store.planNews(on: [.email], at: Self.morning, under: nil)
      }
      try await store.engine.write { try $0.script("UPDATE outbox SET state = 'withdrawn', reason = 'unknown'") }
      #expect(try await store.planNews(on: [.email], at: Self.morning, under: nil).planned == [.email: 1])
      let found = try await store.claim(.email, limit: 9, lease: .seconds(60), at: Self.morning, under: nil)
      #expect(found.claims.map(\.news?.words) == [["14:00 to 15:00"]])
      try await store.close()
    }
  }

  @Test("whoever is told is found by an index, and what was said to them last, too")
  func plan() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      try await SQLScheduleStore(path: path).close()
      let details = try await DatabaseQueue(path: path).read { database in
        try Row.fetchAll(
          database, sql: "EXPLAIN QUERY PLAN " + NewsPlanning.insert.sqlite,
          arguments: [
            "key", "moved", "fcm", 1, 2, 3, "Dr. A", "dr-a", "x", "day", "2026-11-23", "known", "base", "kept",
          ]
        ).map { $0["detail"] as String }
      }
      #expect(details.contains { $0.contains("device_doctors_by_doctor (doctor_name=?)") }, "\(details)")
      #expect(
        details.contains { $0.contains("outbox_by_doctor_day (doctor_day=? AND subscriber_id=? AND channel=?)") },
        "\(details)")
      #expect(!details.contains { $0.hasPrefix("SCAN") }, "\(details.joined(separator: "; "))")
    }
  }

  @Test("rows before changes are found by undoing these, whatever else somebody has changed")
  func undo() {
    func duty(_ name: String, _ timing: String = "8") -> Duty { Duty(category: .regular, name: name, timing: timing) }
    func change(_ kind: DutyChange.Kind, _ duty: Duty, _ previous: Duty? = nil) -> DutyChange {
      DutyChange(id: 1, kind: kind, dutyID: 1, date: .first, duty: duty, previous: previous, at: 1)
    }
    let changes = [
      change(.moved, duty("A", "9"), duty("A")), change(.moved, duty("A", "10"), duty("A", "9")),
      change(.added, duty("B")), change(.cancelled, duty("C")), change(.added, duty("by hand")),
      change(.moved, duty("by hand", "9"), duty("by hand")),
    ]
    let rows = ScheduleUndo.rows(before: changes, of: [duty("A", "10"), duty("B"), duty("B"), duty("D")])
    #expect(rows.map { "\($0.name)\($0.timing)" }.sorted() == ["A8", "B8", "C8", "D8"])
  }
}
