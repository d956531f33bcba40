import Foundation
import HTTPService
import ServiceLifecycle
import Services
import Synchronization
import Terminal
import TestSupport
import Testing

/// How the service ends when a part of it can't go on.
@Suite(.timeLimit(.minutes(2)))
struct EndingTests {
  @Test(
    "a port that is taken ends the process with that error within 5 s, before a lead is taken or a scrape begun",
    arguments: [[:], ["BACKUP_TO": "backups"], ["HEARTBEAT_URL": "http://127.0.0.1:9/heartbeat/x"]]
      as [[String: String]])
  func portTaken(environment: [String: String]) async throws {
    try await withTemporaryDirectory { directory in
      let asked = LoopbackCount()
      let site = try LoopbackServer { _ in
        asked.count()
        return .init(status: "500 Internal Server Error")
      }
      defer { site.stop() }
      let start = ContinuousClock.now
      let service = try BuiltExecutable(
        ["app", "serve", "--source", site.url + "/", "--port", "\(site.port)"], in: directory,
        environment: environment.merging(["DATABASE_URL": "sqlite:test.sqlite"]) { $1 })
      #expect(await service.exitStatus() == 69)
      #expect(start.duration(to: .now) < .seconds(8), "starting included")
      #expect(service.log.contains("port \(site.port) of 127.0.0.1 is in use"), "\(service.log)")
      #expect(!service.log.contains("this instance leads") && !service.log.contains("a scrape is due"))
      #expect(asked.total == 0)
      #expect(!FileManager.default.fileExists(atPath: directory + "/backups"))
    }
  }

  @Test(
    "help and the version are shown on standard output and end well, a wrong word with advice and 64",
    arguments: [
      (["--help"], 0), (["help"], 0), (["bench", "--help"], 0), (["help", "bench"], 0),
      (["bench", "compare", "--help"], 0), (["app", "serve", "-h"], 0), (["--version"], 0), ([], 0),
      (["bench", "run"], 64), (["bench", "compare"], 64), (["decied"], 64), (["bench", "run", "--nothing", "x"], 64),
    ] as [([String], Int32)])
  func help(arguments: [String], status: Int32) async throws {
    try await withTemporaryDirectory { directory in
      let command = try BuiltExecutable(arguments, in: directory, output: directory + "/output")
      #expect(await command.exitStatus() == status, "\(command.log)")
      let output = try String(contentsOfFile: directory + "/output", encoding: .utf8)
      #expect(output.isEmpty == (status != 0), "\(output)")
      #expect(command.log.isEmpty == (status == 0), "\(command.log)")
      #expect(!command.log.contains("parserError"))
    }
  }

  @Test("a pipe is refused as an access log at once")
  func pipe() async throws {
    try await withTemporaryDirectory { directory in
      #expect(mkfifo(directory + "/pipe", 0o600) == 0)
      let file = """
        ledger: \(directory)/ledger.sqlite
        services: [{name: s, sensor: access_log, access_log: \(directory)/pipe}]
        """
      try file.write(toFile: directory + "/monitor.yaml", atomically: true, encoding: .utf8)
      let monitor = try BuiltExecutable(
        ["monitor", "run", directory + "/monitor.yaml", "--listen", "127.0.0.1:0"], in: directory)
      #expect(await monitor.exitStatus() == 104)
      #expect(monitor.log.contains("no regular file"), "\(monitor.log)")
    }
  }

  @Test("what begins with the port waits for it, and ends with the others when it never opens")
  func opening() async throws {
    struct Failed: Error {}
    struct Failing: Service {
      func run() async throws { throw Failed() }
    }
    struct Forbidden: Service {
      func run() async throws { Issue.record("begun without the port") }
    }
    let opening = Once<Void>()
    let group = ServiceGroup(services: [opening.before(Forbidden()), Failing()], logger: silentLogger)
    await #expect(throws: Failed.self) { try await group.run() }
    opening.happen()
    #expect(await opening.value() != nil)
  }
}

/// Counts across threads.
private final class LoopbackCount: Sendable {
  private let number = Atomic(0)

  func count() { number.wrappingAdd(1, ordering: .relaxed) }
  var total: Int { number.load(ordering: .relaxed) }
}
