import AppDomain
import AppStore
import Foundation
import GRDB
import TestSupport
import Testing

struct SQLiteScheduleStoreTests {
  @Test("passes the conformance suite", arguments: ScheduleStoreConformance.cases)
  func conformance(_ conformance: ScheduleStoreConformance.Case) async throws {
    try await withTemporaryDirectory { directory in
      try await ScheduleStoreConformance.run(conformance) {
        try SQLiteScheduleStore(path: directory + "/test.sqlite")
      }
    }
  }

  @Test("a replace that fails on its last row leaves every day as it was")
  func rollback() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      let store = try SQLiteScheduleStore(path: path)
      let first = try ScheduleStoreConformance.day(23, [Duty(category: .regular, name: "Dr. A", timing: "08:00")])
      _ = try await store.replace([first], at: 1)
      try await DatabaseQueue(path: path).write { database in
        try database.execute(
          sql: """
            CREATE TRIGGER refuse BEFORE INSERT ON schedules WHEN NEW.name = 'refused'
            BEGIN SELECT RAISE(ABORT, 'refused'); END
            """)
      }
      let changed = try ScheduleStoreConformance.day(23, [Duty(category: .regular, name: "Dr. B", timing: "09:00")])
      let broken = try ScheduleStoreConformance.day(
        24, (0..<5).map { Duty(category: .regular, name: $0 == 4 ? "refused" : "Dr. \($0)", timing: "x") })
      await #expect(throws: DatabaseError.self) { try await store.replace([changed, broken], at: 2) }
      #expect(try await store.duties(sheetContaining: nil).map(\.duty.name) == ["Dr. A"])
      #expect(try await store.rowCounts() == [first.date: 1])
      // The next one is not held up by it.
      #expect(try await store.replace([changed], at: 3) == ScheduleChange(added: 1, removed: 1))
    }
  }

  @Test("rows survive closing and opening; the directory is made; WAL is on")
  func persistence() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/deep/er/test.sqlite"
      let day = try ScheduleStoreConformance.day(23, [Duty(category: .visiting, name: "Dr. A", timing: "08:00")])
      let store = try SQLiteScheduleStore(path: path)
      _ = try await store.replace([day], at: 1)
      let before = try await store.duties(sheetContaining: nil)
      try store.close()
      #expect(try await SQLiteScheduleStore(path: path).duties(sheetContaining: nil) == before)
      let (mode, date) = try await DatabaseQueue(path: path).read { database in
        (
          try String.fetchOne(database, sql: "PRAGMA journal_mode"),
          try String.fetchOne(database, sql: "SELECT date FROM schedules")
        )
      }
      #expect(mode == "wal")
      #expect(date == "2026-11-23")
    }
  }

  @Test("the queries by date, name and category use an index", arguments: ["date", "name", "category"])
  func indexes(column: String) async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      _ = try SQLiteScheduleStore(path: path)
      let plan = try await DatabaseQueue(path: path).read { database in
        try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN SELECT * FROM schedules WHERE \(column) = 'x'")
          .map { $0["detail"] as String }
      }
      #expect(plan == ["SEARCH schedules USING INDEX schedules_by_\(column) (\(column)=?)"])
    }
  }

  @Test("a database of a newer version is refused")
  func newerSchema() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      try SQLiteScheduleStore(path: path).close()
      try await DatabaseQueue(path: path).write { database in
        try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('2999 from the future')")
      }
      let error = #expect(throws: StoreError.self) { try SQLiteScheduleStore(path: path) }
      #expect(error?.code == .schemaTooNew)
    }
  }

  @Test("a file that is no database is named")
  func garbage() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      try Data(repeating: 65, count: 8_192).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: StoreError.self) { try SQLiteScheduleStore(path: path) }
      #expect(error?.code == .cannotOpen)
      #expect(error?.description.contains(path) == true)
    }
  }
}
