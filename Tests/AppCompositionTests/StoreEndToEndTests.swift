import Foundation
import Terminal
import TestSupport
import Testing

/// The store's commands, as a user runs them.
@Suite(.postgresIsInstalled, .postgres, .timeLimit(.minutes(2)))
struct StoreEndToEndTests {
  @Test(
    "the service on PostgreSQL outlives a restart of its database; its data moves to SQLite and back, and is backed up")
  func serveMoveBackUp() async throws {
    let server = try await PostgresServer.make()
    try await server.withDatabase { database in
      try await withTemporaryDirectory { directory in
        let site = try BuiltExecutable(
          ["app", "sample-site", "--port", "0", "--ready-file", directory + "/site.json"], in: directory)
        let siteReady = try await site.ready(directory + "/site.json")
        let service = try BuiltExecutable(
          ["app", "serve", "--source", siteReady.url + "/", "--ready-file", directory + "/app.json"], in: directory,
          environment: ["PORT": "0", "DATABASE_URL": database.url])
        let port = try await service.ready(directory + "/app.json").port
        let before = try await WireClient.send("GET", "/schedules", port: port).object
        let rows = try #require(before["data"] as? [[String: Any]])
        #expect(rows.count > 20, "\(service.log)")
        try await server.crash()
        try await server.start()
        let again = try await WireClient.send("POST", "/ingest-scraped-data", port: port).object
        #expect(again["status"] as? String == "success", "\(service.log)")
        // No row is another: ids and times of the first scrape are kept.
        let after = try await WireClient.send("GET", "/schedules", port: port).object
        #expect(NSDictionary(dictionary: after) == NSDictionary(dictionary: before))
        service.signal(SIGTERM)
        #expect(await service.exitStatus() == 0)
        site.signal(SIGTERM)
        #expect(await site.exitStatus() == 0)
        #expect(!service.log.contains(database.url))

        let there = ["app", "copy-store", "--from", database.url, "--to", "sqlite:copy.sqlite"]
        let copy = try BuiltExecutable(there, in: directory)
        #expect(await copy.exitStatus() == 0, "\(copy.log)")
        let second = try BuiltExecutable(there, in: directory)
        #expect(await second.exitStatus() == Terminal.ExitStatus.badData.rawValue)
        #expect(second.log.contains("sqlite:copy.sqlite is not empty"))
        for url in [database.url, "sqlite:copy.sqlite"] {
          let backup = try BuiltExecutable(
            ["app", "backup", "--to", "backups", "--keep", "1", "--database", url], in: directory)
          #expect(await backup.exitStatus() == 0, "\(backup.log)")
        }
        let kinds = try FileManager.default.contentsOfDirectory(atPath: directory + "/backups").map { $0.suffix(6) }
        #expect(Set(kinds) == ["Z.dump", "sqlite"])
      }
    }
  }

  @Test(
    "what can't be done says why and ends with its exit code",
    arguments: [
      (
        ["migrate", "--database", "postgres://u:secret@127.0.0.1:9/d?connect_timeout=x"],
        Terminal.ExitStatus.invalidConfiguration,
        "connect_timeout"
      ),
      (["copy-store", "--from", "sqlite:none.sqlite", "--to", "sqlite:x"], .unavailable, "there is no database"),
      (["copy-store", "--from", "sqlite:x", "--to", "sqlite:x"], .invalidConfiguration, "the same database"),
      (["backup", "--to", "b", "--database", "sqlite:none.sqlite"], .unavailable, "there is no database"),
      (["backup", "--to", "b", "--every", "soon"], .invalidConfiguration, "--every \"soon\""),
      (["backup", "--to", "b", "--keep", "0"], .usage, "at least 1"),
      (["backup", "--to", "ftp://bucket/x"], .usage, "a folder or s3://"),
      (["backup", "--to", "s3://bucket/x"], .invalidConfiguration, "AWS_ACCESS_KEY_ID"),
    ])
  func refused(arguments: [String], code: Terminal.ExitStatus, mention: String) async throws {
    try await withTemporaryDirectory { directory in
      let command = try BuiltExecutable(["app"] + arguments, in: directory)
      #expect(await command.exitStatus() == code.rawValue)
      #expect(command.log.contains(mention), "\(command.log)")
      #expect(!command.log.contains("secret"))
    }
  }
}
