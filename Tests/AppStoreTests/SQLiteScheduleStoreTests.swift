import AppDomain
import Foundation
import GRDB
import TestSupport
import Testing

@testable import AppStore

struct SQLiteScheduleStoreTests {
  @Test("passes the conformance suite", arguments: ScheduleStoreConformance.cases)
  func conformance(_ conformance: ScheduleStoreConformance.Case) async throws {
    try await withTemporaryDirectory { directory in
      try await ScheduleStoreConformance.run(conformance) {
        try await SQLScheduleStore(path: directory + "/test.sqlite")
      }
    }
  }

  @Test("a replace that fails on its last row leaves every day as it was")
  func rollback() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      let store = try await SQLScheduleStore(path: path)
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
      let store = try await SQLScheduleStore(path: path)
      _ = try await store.replace([day], at: 1)
      let before = try await store.duties(sheetContaining: nil)
      try await store.close()
      #expect(try await SQLScheduleStore(path: path).duties(sheetContaining: nil) == before)
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
      _ = try await SQLScheduleStore(path: path)
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
      try await SQLScheduleStore(path: path).close()
      try await DatabaseQueue(path: path).write { database in
        try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('2999 from the future')")
      }
      let error = await #expect(throws: StoreError.self) { try await SQLScheduleStore(path: path) }
      #expect(error?.code == .schemaTooNew)
    }
  }

  @Test("a file that is no database is named")
  func garbage() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      try Data(repeating: 65, count: 8_192).write(to: URL(fileURLWithPath: path))
      let error = await #expect(throws: StoreError.self) { try await SQLScheduleStore(path: path) }
      #expect(error?.code == .cannotOpen)
      #expect(error?.description.contains(path) == true)
    }
  }

  @Test("of many instances that migrate at once, one does")
  func concurrentMigration() async throws {
    try await withTemporaryDirectory { directory in
      let applied = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<8 {
          group.addTask {
            let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
            let applied = store.appliedMigrations
            try await store.close()
            return applied
          }
        }
        return try await group.reduce(into: [[String]]()) { $0.append($1) }
      }
      #expect(applied.filter { !$0.isEmpty } == [StoreMigrations.all.filter { !$0.isPostgresOnly }.map(\.name)])
    }
  }

  @Test("subscribers who were told a number by counting need the mailed link; by their endpoint they get a secret")
  func countedNumbers() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/old.sqlite"
      let engine = try SQLiteEngine(path: path)
      _ = try await StoreMigrations.apply(on: engine, of: path, upTo: "2026-11 notifications")
      try await engine.write { session in
        try session.script(
          """
          INSERT INTO subscribers (created_at) VALUES (1), (1);
          INSERT INTO subscriber_addresses (subscriber_id, channel, address, details, state, created_at, updated_at)
          VALUES (1, 'email', 'a@example.org', NULL, 'active', 1, 1),
            (2, 'web_push', 'https://push.example/1', '{}', 'active', 1, 1);
          """)
      }
      try engine.close()
      let store = try await SQLScheduleStore(path: path)
      try await ScheduleStoreConformance.expectCountedNumbersNeedProof(store)
      try await store.close()
    }
  }

  @Test("devices that were known before are reached by their tokens, each token's last device")
  func olderDevices() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/old.sqlite"
      let engine = try SQLiteEngine(path: path)
      _ = try await StoreMigrations.apply(on: engine, of: path, upTo: "2026-11 changes by day")
      try await engine.write { try $0.script(ScheduleStoreConformance.olderDevices) }
      try engine.close()
      let store = try await SQLScheduleStore(path: path)
      try await ScheduleStoreConformance.expectOlderDevicesAreReached(store)
      try await store.close()
    }
  }

  @Test("a part of a worksheet's name is looked for among the days, not among the rows")
  func fragmentPlan() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      try await SQLScheduleStore(path: path).close()
      let details = try await DatabaseQueue(path: path).read { database in
        try Row.fetchAll(
          database, sql: "EXPLAIN QUERY PLAN " + SQLScheduleStore.dutiesByFragment.sqlite, arguments: ["23/11/2026"]
        ).map { $0["detail"] as String }
      }
      #expect(
        details.contains { $0.hasPrefix("SEARCH schedules USING INDEX schedules_by_date (date=?)") }, "\(details)")
      #expect(!details.contains { $0.hasPrefix("SCAN schedules") }, "\(details)")
    }
  }

  @Test("messages that are due are looked for among those that are not sent yet, the earliest duty first")
  func outboxPlan() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      try await SQLScheduleStore(path: path).close()
      for (statement, index) in [
        (SQLScheduleStore.due, "outbox_pending (channel=?)"),
        (SQLScheduleStore.unfinished, "outbox_leased (channel=? AND lease_until<?)"),
      ] {
        let details = try await DatabaseQueue(path: path).read { database in
          try Row.fetchAll(
            database, sql: "EXPLAIN QUERY PLAN " + statement.sqlite, arguments: ["email", 1, 8]
          ).map { $0["detail"] as String }
        }
        #expect(details.first == "SEARCH o USING INDEX \(index)", "\(details)")
        #expect(!details.contains { $0.hasPrefix("SCAN") }, "\(details)")
      }
    }
  }

  @Test("messages are planned among the channel's addresses, and followers looked up once, by the doctor")
  func planningPlan() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      try await SQLScheduleStore(path: path).close()
      let details = try await DatabaseQueue(path: path).read { database in
        try Row.fetchAll(
          database, sql: "EXPLAIN QUERY PLAN " + SQLScheduleStore.insert.sqlite,
          arguments: ["key", "starts_soon", "fcm", 1, 2, 3, "Dr. A", "dr-a", "Regular/Dentist", "2026-11-23"]
        ).map { $0["detail"] as String }
      }
      #expect(details.contains { $0.contains("device_doctors_by_doctor (doctor_name=?)") }, "\(details)")
      #expect(details.contains { $0.contains("subscriber_doctors_by_doctor (doctor=?)") }, "\(details)")
      #expect(!details.contains { $0.hasPrefix("SCAN") || $0.contains("CORRELATED LIST") }, "\(details)")
    }
  }

  @Test(
    "what the store asks goes by an index",
    arguments: [
      ("SELECT * FROM schedules WHERE date = ? ORDER BY position", "schedules USING INDEX schedules_by_date (date=?)"),
      ("SELECT * FROM schedule_changes WHERE id > ? ORDER BY id LIMIT 5", "USING INTEGER PRIMARY KEY (rowid>?)"),
      ("DELETE FROM schedule_changes WHERE changed_at < ?", "INDEX schedule_changes_by_time (changed_at<?)"),
      (
        "SELECT max(changed_at) FROM schedule_changes WHERE date >= ? GROUP BY date",
        "INDEX schedule_changes_by_day (date>?)"
      ),
      ("DELETE FROM outbox WHERE ends_at < ?", "INDEX outbox_by_end (ends_at<?)"),
      (
        "DELETE FROM unconfirmed_addresses WHERE expires_at <= ?",
        "INDEX unconfirmed_addresses_by_expiry (expires_at<?)"
      ),
      (
        "SELECT id FROM unconfirmed_addresses WHERE due_at <= ? ORDER BY due_at, id LIMIT 8",
        "INDEX unconfirmed_addresses_by_due (due_at<?)"
      ),
    ])
  func plans(sql: String, plan: String) async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/test.sqlite"
      try await SQLScheduleStore(path: path).close()
      let details = try await DatabaseQueue(path: path).read { database in
        try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: [1]).map { $0["detail"] as String }
      }
      #expect(details.count == 1 && details[0].hasPrefix("SEARCH") && details[0].contains(plan), "\(details)")
    }
  }

  @Test(
    "a full disk refuses a scrape whole; once there is room, the next one is stored",
    .enabled(if: geteuid() == 0, "mounting needs root"))
  func diskFull() async throws {
    try await withTemporaryDirectory { directory in
      try #require(mount("tmpfs", directory, "tmpfs", 0, "size=1m") == 0)
      defer { umount2(directory, Int32(MNT_DETACH)) }
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      let day = try ScheduleStoreConformance.day(1, [ScheduleStoreConformance.duty("Dr. A", "08:00")])
      _ = try await store.replace([day], at: 1)
      let ballast = directory + "/ballast"
      let descriptor = open(ballast, O_WRONLY | O_CREAT, 0o600)
      let bytes = [UInt8](repeating: 1, count: 4_096)
      while write(descriptor, bytes, bytes.count) > 0 {}
      close(descriptor)
      let large = try ScheduleStoreConformance.day(
        2, (0..<2_000).map { ScheduleStoreConformance.duty("Dr. \($0) with a name", "08:00") })
      let changed = try ScheduleStoreConformance.day(1, [ScheduleStoreConformance.duty("Dr. B", "08:00")])
      let error = await #expect(throws: DatabaseError.self) { try await store.replace([changed, large], at: 2) }
      #expect(error?.resultCode == .SQLITE_FULL)
      #expect(try await store.duties(sheetContaining: nil).map(\.duty.name) == ["Dr. A"])
      #expect(try await store.changes(after: 0, limit: 10).count == 1)
      unlink(ballast)
      #expect(try await store.replace([changed], at: 3) == ScheduleChange(added: 1, removed: 1))
      try await store.close()
    }
  }
}
