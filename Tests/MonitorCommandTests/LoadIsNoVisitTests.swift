import Evidence
import Foundation
import MonitorLedger
import MonitorSleep
import Synchronization
import Terminal
import TestSupport
import Testing

/// `outgrown bench run` against services that `outgrown monitor run` watches: the load is nobody's visit.
@Suite(.timeLimit(.minutes(2)))
struct LoadIsNoVisitTests {
  private static let scenario = """
    name: morning
    load: { rate: 200/s, hold: 1s, graceful_stop: 1s }
    setup:
      - { name: hello, get: / }
    journeys:
      - name: look
        steps:
          - { name: list, get: /schedules }
      - name: look as a browser
        steps:
          - { name: list, get: /schedules, headers: { User-Agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0" } }
    """
  private static let visitor = ["User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"]

  private static func monitor(_ services: String, in folder: String) async throws -> (BuiltExecutable, port: Int) {
    try Data("ledger: monitor.sqlite\nservices: [\(services)]\n".utf8).write(
      to: URL(filePath: folder + "/monitor.yaml"))
    let monitor = try BuiltExecutable(
      ["monitor", "run", "monitor.yaml", "--listen", "127.0.0.1:0", "--ready-file", folder + "/monitor.json"],
      in: folder, environment: BuiltExecutable.clock, output: folder + "/states")
    return (monitor, try await monitor.ready(folder + "/monitor.json").port)
  }

  private static func load(_ url: String, in folder: String) async throws {
    try Data(scenario.utf8).write(to: URL(filePath: folder + "/morning.yaml"))
    let bench = try BuiltExecutable(
      ["bench", "run", "morning.yaml", "--target", url, "--out", folder + "/bench"], in: folder,
      output: folder + "/summary")
    #expect(await bench.exitStatus() == 0, "\(bench.log)")
  }

  private static func report(of service: String, in folder: String) async throws -> MonitorReport {
    let command = try BuiltExecutable(
      ["monitor", "report", "--ledger", "monitor.sqlite", "--service", service, "--out", folder + "/reported"],
      in: folder, environment: BuiltExecutable.clock, output: folder + "/text")
    #expect(await command.exitStatus() == 0, "\(command.log)")
    return try EvidenceFile.read(MonitorReport.self, from: folder + "/reported/monitor.json")
  }

  @Test("a run against a service that sends heartbeats adds no visit to the report, beside a visitor's one")
  func heartbeats() async throws {
    try await withTemporaryDirectory { folder in
      let (monitor, port) = try await Self.monitor("{name: s, heartbeat_every: 1s, idle: 60s}", in: folder)
      let app = try BuiltExecutable(
        ["app", "serve", "--source", "http://127.0.0.1:9/", "--ready-file", folder + "/app.json"], in: folder,
        environment: [
          "PORT": "0", "DATABASE_URL": "sqlite:app.sqlite", "HEARTBEAT_URL": "http://127.0.0.1:\(port)/heartbeat/s",
          "HEARTBEAT_INTERVAL": "100ms",
        ].merging(BuiltExecutable.clock) { $1 })
      let ready = try await app.ready(folder + "/app.json")
      _ = try await WireClient.send("GET", "/schedules", port: ready.port, headers: Self.visitor)
      try await Self.load(ready.url, in: folder)
      // Its last heartbeat is its end's.
      app.signal(SIGTERM)
      #expect(await app.exitStatus() == 0)
      monitor.signal(SIGTERM)
      #expect(await monitor.exitStatus() == 0)
      let report = try await Self.report(of: "s", in: folder)
      #expect(report.visits == 1, "\(report)")
      let history = try await Ledger(reading: folder + "/monitor.sqlite").history(of: "s")
      #expect(history.boots.reduce(0) { $0 + $1.inbound } > 100, "the load did come, and was told of")
    }
  }

  @Test("nor does it by the service's access log")
  func accessLog() async throws {
    try await withTemporaryDirectory { folder in
      let path = folder + "/access.log"
      let (monitor, _) = try await Self.monitor(
        "{name: s, sensor: access_log, access_log: access.log, idle: 15m}", in: folder)
      // A log that is made later is read from its beginning.
      let errors = monitor.errorFile
      #expect(
        await Waiting.until { (try? String(contentsOf: errors, encoding: .utf8))?.contains("is waited for") == true })
      try Data().write(to: URL(filePath: path))
      let log = Mutex(try FileHandle(forWritingTo: URL(filePath: path)))
      let service = try LoopbackServer { head in
        let agent =
          head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("user-agent: ") }?.dropFirst(12) ?? ""
        let words = head.split(separator: " ")
        let line =
          #"{"ts":\#(Date().timeIntervalSince1970),"method":"GET","path":"\#(words[1])","client_ip":"203.0.113.9","#
          + #""user_agent":"\#(agent)"}"# + "\n"
        log.withLock { try? $0.write(contentsOf: Data(line.utf8)) }
        return .init(body: Array("ok".utf8))
      }
      defer { service.stop() }
      // That server closes after a request with a length.
      let headers = Self.visitor.merging(["Content-Length": "0"]) { $1 }
      _ = try await WireClient.send("GET", "/schedules", port: Int(service.port), headers: headers)
      try await Self.load(service.url, in: folder)
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
      #expect(lines > 100)
      // The last line is another visitor's: once it is seen, all are.
      let last = #"{"ts":\#(Date().timeIntervalSince1970),"method":"GET","path":"/","client_ip":"203.0.113.10"}"# + "\n"
      log.withLock { try? $0.write(contentsOf: Data(last.utf8)) }
      let ledger = try Ledger(reading: folder + "/monitor.sqlite")
      let start = ContinuousClock.now
      while try await ledger.history(of: "s").requests.count(where: \.isVisit) < 2,
        start.duration(to: .now) < .seconds(60)
      {}
      monitor.signal(SIGTERM)
      #expect(await monitor.exitStatus() == 0)
      let report = try await Self.report(of: "s", in: folder)
      // What the first one met is not known.
      #expect(report.visits == 1, "\(report)")
    }
  }
}
