import AppDomain
import Dispatch
import Postgres
import TestSupport
import Testing

@testable import AppStore

@Suite(.postgresIsInstalled, .timeLimit(.minutes(5)))
struct PostgresConformanceTests {
  /// Migrated once, so that each case begins with an empty store and not with nine migrations.
  private static let migrated = Task {
    try await PostgresServer.shared().makeTemplate { database in
      try await SQLScheduleStore(database.configuration()).close()
    }
  }

  @Test("passes the conformance suite", arguments: ScheduleStoreConformance.cases)
  func conformance(_ conformance: ScheduleStoreConformance.Case) async throws {
    let migrated = try await Self.migrated.value
    try await PostgresServer.shared().withDatabase(copying: migrated) { database in
      try await ScheduleStoreConformance.run(conformance) {
        let store = try await SQLScheduleStore(database.configuration())
        #expect(store.appliedMigrations.isEmpty)
        return store
      }
    }
  }
}

@Suite(.postgresIsInstalled, .postgres, .timeLimit(.minutes(5)))
struct PostgresScheduleStoreTests {
  @Test("a replace that fails on its last row leaves every day as it was")
  func rollback() async throws {
    let database = try #require(PostgresDatabase.current)
    let store = try await SQLScheduleStore(database.configuration())
    let first = try ScheduleStoreConformance.day(23, [Duty(category: .regular, name: "Dr. A", timing: "08:00")])
    _ = try await store.replace([first], at: 1)
    try await store.engine.read { try $0.script("ALTER TABLE schedules ADD CHECK (name <> 'refused')") }
    let changed = try ScheduleStoreConformance.day(23, [Duty(category: .regular, name: "Dr. B", timing: "09:00")])
    let broken = try ScheduleStoreConformance.day(
      24, (0..<5).map { Duty(category: .regular, name: $0 == 4 ? "refused" : "Dr. \($0)", timing: "x") })
    let error = await #expect(throws: PostgresError.self) { try await store.replace([changed, broken], at: 2) }
    #expect(error?.sqlState == "23514")
    #expect(try await store.duties(sheetContaining: nil).map(\.duty.name) == ["Dr. A"])
    #expect(try await store.changes(after: 0, limit: 10).count == 1)
    // The next one is not held up by it.
    #expect(try await store.replace([changed], at: 3) == ScheduleChange(added: 1, removed: 1))
    try await store.close()
  }

  @Test("two instances that write the same day take turns: its rows are there once")
  func twoWriters() async throws {
    let database = try #require(PostgresDatabase.current)
    let stores = [
      try await SQLScheduleStore(database.configuration()),
      try await SQLScheduleStore(database.configuration()),
    ]
    let day = try ScheduleStoreConformance.day(23, (0..<30).map { ScheduleStoreConformance.duty("Dr. \($0)", "08:00") })
    let added = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<16 { group.addTask { try await stores[number % 2].replace([day], at: Double(number)).added } }
      return try await group.reduce(0, +)
    }
    #expect(added == 30)
    #expect(try await stores[0].rowCounts() == [day.date: 30])
    for store in stores { try await store.close() }
  }

  @Test("a leader that freezes within its transaction doesn't hold the lead, and what it wrote there is refused")
  func frozenInTransaction() async throws {
    let database = try #require(PostgresDatabase.current)
    let frozen = try await SQLScheduleStore(database.configuration())
    let other = try await SQLScheduleStore(database.configuration())
    let term = try #require(try await frozen.lead(as: "frozen", lease: .seconds(1)))
    let (checked, signal) = AsyncStream<Void>.makeStream()
    let thawed = DispatchSemaphore(value: 0)
    let written = Task {
      try await frozen.engine.write { session in
        try SQLScheduleStore.check(term, in: session)
        try session.run(SQLScheduleStore.scraped, [.real(1)])
        signal.finish()
        thawed.wait()
      }
    }
    for await _ in checked {}
    // The row is held: who wants the lead waits until the server ends the silent session.
    var next: LeaderTerm?
    while next == nil { next = try await other.lead(as: "other", lease: .seconds(30)) }
    #expect(next?.epoch == 2)
    // For the first try, and for the one after the lost connection.
    thawed.signal()
    thawed.signal()
    await #expect(throws: LeaderTermEnded(term)) { try await written.value }
    #expect(try await other.scrapedAt() == nil)
    try await frozen.close()
    try await other.close()
  }

  @Test("of many instances that migrate at once, one does")
  func concurrentMigration() async throws {
    let database = try #require(PostgresDatabase.current)
    let applied = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<8 {
        group.addTask {
          let store = try await SQLScheduleStore(database.configuration("pool_max=1"))
          let applied = store.appliedMigrations
          try await store.close()
          return applied
        }
      }
      return try await group.reduce(into: [[String]]()) { $0.append($1) }
    }
    #expect(applied.filter { !$0.isEmpty } == [StoreMigrations.all.map(\.name)])
  }

  @Test("subscribers who were told a number by counting need the mailed link; by their endpoint they get a secret")
  func countedNumbers() async throws {
    let database = try #require(PostgresDatabase.current)
    let old = PostgresPool(try database.configuration())
    let engine = PostgresEngine(try database.configuration()) { _ in }
    _ = try await StoreMigrations.apply(on: engine, of: "it", upTo: "2026-11 notifications")
    await engine.close()
    try await old.read { connection in
      try connection.run(
        """
        INSERT INTO subscribers (created_at) VALUES (1), (1);
        INSERT INTO subscriber_addresses (subscriber_id, channel, address, details, state, created_at, updated_at)
        VALUES (1, 'email', 'a@example.org', NULL, 'active', 1, 1),
          (2, 'web_push', 'https://push.example/1', '{}', 'active', 1, 1)
        """)
    }
    let store = try await SQLScheduleStore(database.configuration())
    #expect(
      store.appliedMigrations == [
        "2026-11 subscriber numbers", "2026-11 devices", "2026-11 changes by day", "2026-11 device addresses",
        "2026-11 confirmations", "2026-11 subscriber interests", "2026-11 news", "2026-11 phones",
        "2026-11 outbox by state",
      ])
    try await ScheduleStoreConformance.expectCountedNumbersNeedProof(store)
    // One that an older instance adds beside this one was told that number.
    try await old.read { try $0.run("INSERT INTO subscribers (created_at) VALUES (8)") }
    #expect(try await store.leave(by: 4, at: 9) == .needsProof(subscriber: 4))
    await old.close()
    try await store.close()
  }

  @Test("devices that were known before are reached by their tokens, each token's last device")
  func olderDevices() async throws {
    let database = try #require(PostgresDatabase.current)
    let engine = PostgresEngine(try database.configuration()) { _ in }
    _ = try await StoreMigrations.apply(on: engine, of: "it", upTo: "2026-11 changes by day")
    try await engine.write { try $0.script(ScheduleStoreConformance.olderDevices) }
    await engine.close()
    let store = try await SQLScheduleStore(database.configuration())
    try await ScheduleStoreConformance.expectOlderDevicesAreReached(store)
    try await store.close()
  }

  @Test("a database of a newer version is refused")
  func newerSchema() async throws {
    let database = try #require(PostgresDatabase.current)
    let store = try await SQLScheduleStore(database.configuration())
    try await store.engine.read { try $0.script("INSERT INTO schema_migrations VALUES ('2999 from the future')") }
    try await store.close()
    let error = await #expect(throws: StoreError.self) { try await SQLScheduleStore(database.configuration()) }
    #expect(error?.code == .schemaTooNew)
  }

  @Test("queries by date, name and category use an index, as do all that the store asks")
  func plans() async throws {
    let database = try #require(PostgresDatabase.current)
    let store = try await SQLScheduleStore(database.configuration())
    let pool = PostgresPool(try database.configuration())
    try await pool.read { connection in
      try connection.run(
        """
        INSERT INTO schedules (date, sheet, position, category, name, timing, created_at, updated_at)
        SELECT '2016-01-01'::date + n / 20, to_char('2016-01-01'::date + n / 20, 'DD/MM/YYYY'), n % 20,
          CASE n % 1000 WHEN 0 THEN 'Visiting Specialist' ELSE 'Regular/Dentist' END, 'Dr. ' || n % 500, '08:00', 0, 0
        FROM generate_series(0, 72999) n;
        INSERT INTO schedule_changes (kind, duty_id, date, category, name, timing, changed_at)
        SELECT 'added', n, '2016-01-01', 'x', 'x', 'x', n FROM generate_series(1, 20000) n;
        INSERT INTO subscribers SELECT n, 0 FROM generate_series(1, 200) n;
        INSERT INTO subscriber_addresses (subscriber_id, channel, address, state, created_at, updated_at)
        SELECT n, 'email', 's' || n || '@example.org', 'active', 0, 0 FROM generate_series(1, 200) n;
        INSERT INTO outbox (duty_key, event, subscriber_id, channel, date, starts_at, ends_at, state, attempts, due_at,
          created_at, updated_at)
        SELECT 'duty ' || n / 200, 'starts_soon', 1 + n % 200, 'email', '2016-01-01', n, n,
          CASE n % 500 WHEN 0 THEN 'pending' ELSE 'sent' END, 0, 0, 0, 0 FROM generate_series(0, 19999) n;
        ANALYZE
        """)
      for plan in PlanCase.all {
        let rows = try connection.query(PostgresSQL(trusted: "EXPLAIN (FORMAT TEXT) " + plan.sql), [])
        let text = (0..<rows.count).compactMap { rows.text($0, 0) }.joined(separator: "\n")
        #expect(text.contains(plan.index), "\(plan.what): \(text)")
        #expect(
          !text.contains("Seq Scan on schedule") && !text.contains("Seq Scan on outbox"), "\(plan.what): \(text)")
      }
    }
    await pool.close()
    try await store.close()
  }

  struct PlanCase: Sendable {
    var what: String
    var sql: String
    var index: String

    static let all = [
      PlanCase(
        what: "date", sql: "SELECT * FROM schedules WHERE date = '2020-02-02' ORDER BY position",
        index: "schedules_by_date"),
      PlanCase(
        what: "name", sql: "SELECT * FROM schedules WHERE name = 'Dr. 7'", index: "schedules_by_name"),
      PlanCase(
        what: "category", sql: "SELECT * FROM schedules WHERE category = 'Visiting Specialist'",
        index: "schedules_by_category"),
      PlanCase(
        what: "a part of a worksheet's name",
        sql: SQLScheduleStore.dutiesByFragment.postgres.text.replacing("$1", with: "'02/02/2020'"),
        index: "schedules_by_date"),
      PlanCase(
        what: "what a scrape compares with",
        sql: SQLScheduleStore.stored.postgres.text.replacing("$1", with: "'2020-02-02'"),
        index: "schedules_by_date"),
      PlanCase(
        what: "changes since",
        sql: SQLScheduleStore.changesByNumber.postgres.text.replacing("$1", with: "19000").replacing("$2", with: "100"),
        index: "schedule_changes_pkey"),
      PlanCase(
        what: "messages that are due",
        sql: SQLScheduleStore.due.postgres.text.replacing("$1", with: "'email'").replacing("$2", with: "1").replacing(
          "$3", with: "8"),
        index: "outbox_pending"),
      PlanCase(
        what: "the end of a try",
        sql: """
          UPDATE outbox SET state = 'sent' WHERE id = 7 AND lease_token = 'x' AND state = 'leased'
          """, index: "Index Scan using outbox_"),
      PlanCase(
        what: "messages of a duty that are there", sql: "SELECT 1 FROM outbox WHERE duty_key = 'duty 7'",
        index: "outbox_duty_key"),
      PlanCase(
        what: "old messages", sql: "DELETE FROM outbox WHERE ends_at < 10", index: "outbox_by_end"),
      PlanCase(
        what: "old changes", sql: "DELETE FROM schedule_changes WHERE changed_at < 10",
        index: "schedule_changes_by_time"),
    ]
  }
}
