import AppDomain
import AppStore
import Foundation
import Synchronization
import Terminal
import TestSupport
import Testing
import Timers

/// Two instances of the service on one database, as a host would run them.
/// A lead is a lease of 9 s by the database's clock, and nothing else tells that it runs out.
@Suite(.long, .postgresIsInstalled, .postgres, .timeLimit(.minutes(3)))
struct LeaderEndToEndTests {
  /// How long a lead may take to move.
  private static let bound = Duration.seconds(15)

  @Test("the lead moves within 15 s of its holder's kill -9, and at once when it stops", arguments: [SIGKILL, SIGTERM])
  func moves(signal: Int32) async throws {
    let database = try #require(PostgresDatabase.current)
    try await withTemporaryDirectory { directory in
      let (first, second, store) = try await Self.pair(on: database, in: directory)
      let start = ContinuousClock.now
      first.signal(signal)
      _ = await first.exitStatus()
      let term = try await Self.leader(of: store, other: first.bootID)
      #expect(ContinuousClock.now - start < (signal == SIGKILL ? Self.bound : .seconds(5)))
      #expect(term.holder == second.bootID && term.epoch == 2)
      try await Self.end(second, store)
    }
  }

  @Test("a frozen leader loses the lead within 15 s; what it then commits is refused, and the other's stays")
  func frozen() async throws {
    let database = try #require(PostgresDatabase.current)
    try await withTemporaryDirectory { directory in
      let gate = GatedSite()
      let site = try LoopbackServer { head in gate.answer(head) }
      defer { site.stop() }
      gate.address = site.url
      let (first, second, store) = try await Self.pair(on: database, in: directory, source: site.url)
      // A scrape of the leader's is under way: its last page is held back.
      gate.hold(rows: "Dr. Old")
      let port = first.port
      async let asked = WireClient.send("POST", "/ingest-scraped-data", port: port)
      await Waiting.until { gate.held == 1 }
      let start = ContinuousClock.now
      first.signal(SIGSTOP)
      gate.release(rows: "Dr. New")
      let term = try await Self.leader(of: store, other: first.bootID)
      #expect(ContinuousClock.now - start < Self.bound)
      #expect(term.holder == second.bootID)
      let stored = try await WireClient.send("POST", "/ingest-scraped-data", port: second.port).object
      #expect(stored["status"] as? String == "success", "\(second.log)")
      let before = try await store.duties(sheetContaining: nil)
      #expect(before.map(\.duty.name) == ["Dr. New"])

      first.signal(SIGCONT)
      let answer = try await asked.object
      #expect(answer["status"] as? String == "error", "\(answer)")
      #expect((answer["message"] as? String)?.contains("another instance") == true, "\(answer)")
      #expect(try await store.duties(sheetContaining: nil) == before)
      #expect(try await store.leader()?.epoch == term.epoch)
      try await Self.end(first, store: nil)
      try await Self.end(second, store)
    }
  }

  @Test(
    "on SQLite too a second instance follows, and takes over from one that was killed or frozen",
    arguments: [SIGKILL, SIGSTOP])
  func sqlite(signal: Int32) async throws {
    try await withTemporaryDirectory { directory in
      let (first, second, store) = try await Self.pair(on: nil, in: directory)
      let start = ContinuousClock.now
      first.signal(signal)
      let term = try await Self.leader(of: store, other: first.bootID)
      #expect(ContinuousClock.now - start < Self.bound)
      #expect(term.holder == second.bootID)
      first.signal(SIGKILL)
      first.signal(SIGCONT)
      try await Self.end(second, store)
    }
  }

  private struct Instance {
    let executable: BuiltExecutable
    let port: Int
    let bootID: String

    var log: String { executable.log }
    func signal(_ number: Int32) { executable.signal(number) }
    func exitStatus() async -> Int32? { await executable.exitStatus() }
  }

  /// Two running instances, of which the first leads, and their database.
  private static func pair(
    on database: PostgresDatabase?, in directory: String, source: String = "http://127.0.0.1:9"
  ) async throws -> (Instance, Instance, SQLScheduleStore) {
    let url = database?.url ?? "sqlite:\(directory)/test.sqlite"
    func start(_ name: String) async throws -> Instance {
      let executable = try BuiltExecutable(
        ["app", "serve", "--source", source + "/", "--ready-file", "\(directory)/\(name).json"], in: directory,
        environment: ["PORT": "0", "DATABASE_URL": url])
      let ready = try await executable.ready("\(directory)/\(name).json")
      return Instance(executable: executable, port: ready.port, bootID: ready.boot_id)
    }
    let first = try await start("first")
    let second = try await start("second")
    let store = try await DatabaseLocation(url: url).open()
    #expect(try await store.leader()?.holder == first.bootID)
    let health = try await WireClient.send("GET", "/health/full", port: second.port).object
    #expect(health["scheduler"] as? String == "standby")
    return (first, second, store)
  }

  /// Waits, asking the database, until another than `holder` leads.
  private static func leader(of store: SQLScheduleStore, other holder: String) async throws -> LeaderTerm {
    let end = ContinuousClock.now + .seconds(30)
    let timers = try TimerThread()
    while ContinuousClock.now < end {
      if let term = try await store.leader(), term.holder != holder { return term }
      await timers.wait(.milliseconds(50))
    }
    throw CancellationError()
  }

  private static func end(_ instance: Instance, _ store: SQLScheduleStore) async throws {
    try await end(instance, store: store)
  }

  private static func end(_ instance: Instance, store: SQLScheduleStore?) async throws {
    instance.signal(SIGTERM)
    #expect(await instance.exitStatus() == 0, "\(instance.log)")
    try await store?.close()
  }
}
