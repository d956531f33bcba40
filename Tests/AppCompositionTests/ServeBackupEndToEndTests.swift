import AppStore
import Foundation
import Terminal
import TestSupport
import Testing

@testable import AppBackup

@Suite(.timeLimit(.minutes(1)))
struct ServeBackupEndToEndTests {
  @Test("the service backs itself up at intervals and keeps the newest; a start doesn't add one before its time", .long)
  func backsUp() async throws {
    try await withTemporaryDirectory { directory in
      func start(every interval: String) async throws -> BuiltExecutable {
        let service = try BuiltExecutable(
          ["app", "serve", "--source", "http://127.0.0.1:9/", "--ready-file", directory + "/app.json"], in: directory,
          environment: [
            "PORT": "0", "DATABASE_URL": "sqlite:app.sqlite", "BACKUP_TO": "backups", "BACKUP_EVERY": interval,
            "BACKUP_KEEP": "2",
          ])
        _ = try await service.ready(directory + "/app.json")
        return service
      }
      let first = try await start(every: "1s")
      await Waiting.until { Self.backups(in: directory).count == 2 }
      first.signal(SIGTERM)
      #expect(await first.exitStatus() == 0, "\(first.log)")
      let kept = Self.backups(in: directory)
      #expect(kept.count == 2, "\(kept)")
      let name = try #require(kept.last)
      let copy = try await SQLScheduleStore(path: directory + "/backups/" + name)
      #expect(try await copy.rowCounts().isEmpty)
      try await copy.close()

      let second = try await start(every: "1h")
      second.signal(SIGTERM)
      #expect(await second.exitStatus() == 0)
      #expect(Self.backups(in: directory) == kept)
    }
  }

  private static func backups(in directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory + "/backups")) ?? [])
      .filter { $0.hasPrefix("outgrown-") && $0.hasSuffix(".sqlite") }.sorted()
  }

  @Test(
    "the newest backup is known by its name",
    arguments: [
      (["outgrown-20261125T170255Z.sqlite", "outgrown-20261124T170255Z.dump", "x"], 1_795_626_175.0),
      (["outgrown-20261125T170255Z.unverified.dump", "outgrown-20261325T170255Z.sqlite"], nil), ([], nil),
    ] as [([String], Double?)])
  func newest(names: [String], time: Double?) {
    #expect(BackupPlace.newest(among: names) == time)
  }
}
