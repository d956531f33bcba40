import Foundation
import Terminal
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ServeEndToEndTests {
  @Test(
    "the service scrapes the sample site, serves the week and ends cleanly on SIGTERM", arguments: [SIGTERM, SIGINT])
  func scrapeServeStop(signal: Int32) async throws {
    try await withTemporaryDirectory { directory in
      let site = try BuiltExecutable(
        ["app", "sample-site", "--port", "0", "--ready-file", directory + "/site.json"], in: directory)
      let siteReady = try await site.ready(directory + "/site.json")
      let service = try BuiltExecutable(
        ["app", "serve", "--source", siteReady.url + "/", "--ready-file", directory + "/app.json"], in: directory,
        environment: ["PORT": "0", "DATABASE_URL": "sqlite:data/test.sqlite"])
      let ready = try await service.ready(directory + "/app.json")
      #expect(ready.pid == service.pid)
      #expect(ready.url == "http://127.0.0.1:\(ready.port)")

      let health = try await WireClient.send("GET", "/health", port: ready.port).object
      #expect(health["boot_id"] as? String == ready.boot_id)
      let schedules = try await WireClient.send("GET", "/schedules", port: ready.port).object
      let rows = try #require(schedules["data"] as? [[String: Any]])
      #expect(rows.count > 20, "\(service.log)")
      #expect(Set(rows.compactMap { $0["date"] as? String }).count == 7)
      #expect(FileManager.default.fileExists(atPath: directory + "/data/test.sqlite"))
      let again = try await WireClient.send("POST", "/ingest-scraped-data", port: ready.port).object
      #expect(again["status"] as? String == "success")
      #expect(again["count"] as? Int == rows.count)

      service.signal(signal)
      #expect(await service.exitStatus() == 0)
      #expect(!FileManager.default.fileExists(atPath: directory + "/app.json"))
      // A source that is gone doesn't take the stored week away.
      site.signal(SIGTERM)
      #expect(await site.exitStatus() == 0)
      let second = try BuiltExecutable(
        [
          "app", "serve", "--source", siteReady.url + "/", "--port", "0", "--database", "sqlite:data/test.sqlite",
          "--ready-file", directory + "/app.json",
        ], in: directory)
      let secondReady = try await second.ready(directory + "/app.json")
      #expect(secondReady.boot_id != ready.boot_id)
      let kept = try await WireClient.send("GET", "/schedules", port: secondReady.port).object
      #expect(kept["count"] as? Int == rows.count)
      second.signal(SIGTERM)
      #expect(await second.exitStatus() == 0)
    }
  }

  @Test(
    "a configuration that can't be used ends with its exit code and says why",
    arguments: [
      (
        ["--database", "postgres://u:secret@h/d?x=1"], Terminal.ExitStatus.invalidConfiguration, "unknown option \"x\""
      ),
      (["--port", "99999"], .invalidConfiguration, "99999"),
      (["--source", "ftp://x/"], .invalidConfiguration, "ftp://x/"),
      (["--host", "203.0.113.7", "--port", "0"], .invalidConfiguration, "203.0.113.7"),
      (["--debug-delay", "soon"], .invalidConfiguration, "soon"), (["--nonsense"], .usage, "--nonsense"),
      (["--database", "sqlite:/proc/none/x.sqlite"], .unavailable, "/proc/none/x.sqlite"),
    ])
  func badConfiguration(arguments: [String], code: Terminal.ExitStatus, mention: String) async throws {
    try await withTemporaryDirectory { directory in
      let command = try BuiltExecutable(["app", "serve", "--source", "http://127.0.0.1:9/"] + arguments, in: directory)
      #expect(await command.exitStatus() == code.rawValue)
      #expect(command.log.contains(mention))
      #expect(!command.log.contains("secret"))
    }
  }

  @Test("a port that is taken ends with 69 and says so")
  func portTaken() async throws {
    try await withTemporaryDirectory { directory in
      let site = try BuiltExecutable(
        ["app", "sample-site", "--ready-file", directory + "/site.json"], in: directory, environment: ["PORT": "0"])
      let port = try await site.ready(directory + "/site.json").port
      let second = try BuiltExecutable(["app", "sample-site", "--port", "\(port)"], in: directory)
      #expect(await second.exitStatus() == Terminal.ExitStatus.unavailable.rawValue)
      #expect(second.log.contains("port \(port) of 127.0.0.1 is in use"))
      site.signal(SIGTERM)
      #expect(await site.exitStatus() == 0)
    }
  }
}
