import AppDomain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import AppStore

struct ScratchStoreTests {
  private func names(of store: SQLScheduleStore) async throws -> Set<String> {
    let sql = SQLText(
      sqlite: "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'",
      postgres: """
        SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid
        WHERE NOT indisunique AND relnamespace = 'public'::regnamespace
          AND indrelid <> 'commit_receipts'::regclass
        """)
    return Set(try await store.engine.read { try $0.rows(sql) { try $0[0] as String } })
  }

  private func check(_ open: () async throws -> SQLScheduleStore) async throws {
    let store = try await open()
    // The list is complete.
    #expect(try await names(of: store) == Set(SQLScheduleStore.indexes))
    try await store.refuseScratch()
    try await store.becomeScratch()
    #expect(try await names(of: store) == [])
    let day = try ScheduleStoreConformance.day(23, [Duty(category: .regular, name: "Dr. A", timing: "08:00")])
    _ = try await store.replace([day], at: 1)
    try await store.close()
    // It stays one, and says so to whoever takes it for another.
    let again = try await open()
    try await again.becomeScratch()
    let error = await #expect(throws: StoreError.self) { try await again.refuseScratch() }
    #expect(error?.code == .notScratch && error?.description.contains("INDEXES=off") == true)
    #expect(try await again.duties(sheetContaining: nil).count == 1)
    try await again.close()
  }

  @Test("a new SQLite store can be made without indexes")
  func sqlite() async throws {
    try await withTemporaryDirectory { directory in
      try await check { try await SQLScheduleStore(path: directory + "/test.sqlite") }
    }
  }

  @Test("a new PostgreSQL store can be made without indexes", .postgresIsInstalled, .postgres)
  func postgres() async throws {
    let database = try #require(PostgresDatabase.current)
    try await check { try await SQLScheduleStore(database.configuration()) }
  }

  @Test("a store that was there before keeps its indexes")
  func kept() async throws {
    try await withTemporaryDirectory { directory in
      try await SQLScheduleStore(path: directory + "/test.sqlite").close()
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      let error = await #expect(throws: StoreError.self) { try await store.becomeScratch() }
      #expect(error?.code == .notScratch && error?.description.contains("was there before") == true)
      #expect(try await names(of: store) == Set(SQLScheduleStore.indexes))
      try await store.close()
    }
  }
}
