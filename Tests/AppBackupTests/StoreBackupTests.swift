import AppDomain
import AppStore
import Foundation
import Postgres
import TestSupport
import Testing

@testable import AppBackup

@Suite(.postgresIsInstalled, .postgres, .timeLimit(.minutes(3)))
struct StoreBackupTests {
  private static func fill(_ store: SQLScheduleStore) async throws {
    let days = try (1...20).map { number in
      try Schedules.day(number, (0..<20).map { Schedules.duty("Dr. \($0)", "08:00") })
    }
    _ = try await store.replace(days, at: 1_764_061_234.5)
    try await store.record(ServiceBoot(id: "a", startedAt: 2))
  }

  private static func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("SQLite: a backup made under writes is a store of its own that equals one moment of the source")
  func sqlite() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/source.sqlite"
      let store = try await SQLScheduleStore(path: path)
      try await Self.fill(store)
      let morning = try Schedules.day(
        25, (0..<50).map { Schedules.duty("Dr. \($0)", "08:00") })
      let evening = try Schedules.day(
        25, (0..<50).map { Schedules.duty("Dr. \($0)", "20:00") })
      _ = try await store.replace([morning], at: 1_764_061_235)
      let report = try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for round in 0..<40 {
            _ = try await store.replace([round % 2 == 0 ? evening : morning], at: 1_764_061_236 + Double(round))
          }
        }
        let report = try await StoreBackup(folder: directory + "/backups", keep: 3)
          .run(of: .sqlite(path: path), at: 1_764_061_234)
        try await group.waitForAll()
        return report
      }
      #expect(try Self.files(directory + "/backups") == ["outgrown-20251125T090034Z.sqlite"])
      #expect(report.path == directory + "/backups/outgrown-20251125T090034Z.sqlite")
      let mode = try FileManager.default.attributesOfItem(atPath: report.path)[.posixPermissions] as? NSNumber
      #expect(mode?.intValue == 0o600)
      // Restoring is copying the file to where the database shall be.
      try FileManager.default.copyItem(atPath: report.path, toPath: directory + "/restored.sqlite")
      let restored = try await SQLScheduleStore(path: directory + "/restored.sqlite")
      #expect(try await restored.digests() == report.tables)
      let seen = try await restored.duties(sheetContaining: "25/11/2026")
      #expect(seen.count == 50)
      #expect(Set(seen.map(\.duty.timing)).count == 1)
    }
  }

  @Test("PostgreSQL: a dump restored into an empty database equals the source row for row")
  func postgres() async throws {
    let database = try #require(PostgresDatabase.current)
    try await withTemporaryDirectory { directory in
      let store = try await SQLScheduleStore(database.configuration())
      try await Self.fill(store)
      let before = try await store.digests()
      let location = DatabaseLocation.postgres(try database.configuration())
      let report = try await StoreBackup(folder: directory, keep: 3).run(of: location, at: 1_764_061_234)
      #expect(report.tables == before)
      #expect(try Self.files(directory) == ["outgrown-20251125T090034Z.dump"])
      #expect(report.notes.isEmpty)
      try await database.server.withDatabase { empty in
        let tools = try PostgresTools.choose(from: PostgresTools.installed(), server: 0)
        try tools.restore(report.path, into: empty.configuration())
        let restored = try await SQLScheduleStore(empty.configuration())
        #expect(restored.appliedMigrations.isEmpty)
        #expect(try await restored.digests() == before)
        #expect(try await restored.duties(sheetContaining: nil) == store.duties(sheetContaining: nil))
        try await restored.close()
      }
      // The scratch database is gone.
      let left: Int = try await store.engine.perform(.read, patience: nil) {
        try $0.required("SELECT count(*) FROM pg_database WHERE datname LIKE 'outgrown_verify_%'")
      }
      #expect(left == 0)
      try await store.close()
    }
  }

  @Test("a backup that is cancelled while it is verified leaves no scratch database behind")
  func cancelled() async throws {
    let server = try await PostgresServer.make()
    try await withTemporaryDirectory { directory in
      let location = try DatabaseLocation(url: server.url(database: "postgres"))
      let store = try await location.open()
      @Sendable func scratchDatabases() async throws -> Int {
        try await store.engine.perform(.read, patience: nil) {
          try $0.required("SELECT count(*) FROM pg_database WHERE datname LIKE 'outgrown_verify_%'")
        }
      }
      let backup = Task { try await StoreBackup(folder: directory, keep: 3).run(of: location, at: 0) }
      while try await scratchDatabases() == 0 {}
      backup.cancel()
      await #expect(throws: (any Error).self) { try await backup.value }
      #expect(try await scratchDatabases() == 0)
      #expect(try Self.files(directory).isEmpty)
      try await store.close()
    }
  }

  @Test("a user who may not create databases gets the dump, marked as unverified")
  func unverified() async throws {
    let database = try #require(PostgresDatabase.current)
    let admin = PostgresPool(try database.configuration())
    let user = database.name + "_user"
    try await admin.read { connection in
      try connection.run(
        PostgresSQL(
          trusted:
            "CREATE ROLE \(user) LOGIN; ALTER DATABASE \(database.name) OWNER TO \(user); ALTER SCHEMA public OWNER TO \(user)"
        ))
    }
    try await withTemporaryDirectory { directory in
      let url = "postgres://\(user)@127.0.0.1:\(database.server.port)/\(database.name)"
      let location = try DatabaseLocation(url: url)
      try await location.open().close()
      let error = await #expect(throws: StoreError.self) {
        try await StoreBackup(folder: directory, keep: 3).run(of: location, at: 0)
      }
      #expect(error?.description.contains("CREATEDB") == true, "\(String(describing: error))")
      #expect(try Self.files(directory) == ["outgrown-19700101T000000Z.unverified.dump"])
    }
    await admin.close()
  }

  @Test("the newest are kept, of the same second too; what is not a backup is left alone; a killed one's rest is swept")
  func retention() async throws {
    try await withTemporaryDirectory { directory in
      let path = directory + "/source.sqlite"
      try await SQLScheduleStore(path: path).close()
      let folder = directory + "/backups"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try FileManager.default.createDirectory(atPath: folder + "/.outgrown-backup", withIntermediateDirectories: true)
      for name in ["outgrown-notes.sqlite", "mine.txt", ".outgrown-backup/new.sqlite"] {
        try Data("x".utf8).write(to: URL(filePath: folder + "/" + name))
      }
      for time in [100.0, 200, 200, 300] {
        _ = try await StoreBackup(folder: folder, keep: 2).run(of: .sqlite(path: path), at: time)
      }
      #expect(
        try Self.files(folder) == [
          "mine.txt", "outgrown-19700101T000320Z-2.sqlite", "outgrown-19700101T000500Z.sqlite", "outgrown-notes.sqlite",
        ])
    }
  }

  @Test("a source that isn't there is not made")
  func missing() async throws {
    try await withTemporaryDirectory { directory in
      let error = await #expect(throws: StoreError.self) {
        try await StoreBackup(folder: directory + "/b", keep: 2).run(
          of: .sqlite(path: directory + "/none.sqlite"), at: 0)
      }
      #expect(error?.code == .cannotOpen)
      let files = try Self.files(directory)
      #expect(files.isEmpty)
    }
  }

  @Test(
    "the tools are of the server's version, else newer, never older",
    arguments: [(15, 15), (14, 15), (16, 17), (17, 17), (18, nil)] as [(Int, Int?)])
  func tools(server: Int, chosen: Int?) throws {
    let candidates = [17, 13, 15].map { PostgresTools(folder: "/\($0)", major: $0) }
    guard let chosen else {
      let error = #expect(throws: StoreError.self) { try PostgresTools.choose(from: candidates, server: server) }
      #expect(error?.description.contains("postgresql-client-18") == true)
      return
    }
    #expect(try PostgresTools.choose(from: candidates, server: server).major == chosen)
  }

  @Test(
    "a tool's version is read",
    arguments: [("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15), ("pg_dump (PostgreSQL) 17beta1", 17)])
  func version(text: String, major: Int) { #expect(PostgresTools.major(of: text) == major) }
}
