import AppDomain
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import AppStore

@Suite(.postgresIsInstalled, .timeLimit(.minutes(2)))
struct StoreFollowingTests {
  private final class Events: Sendable {
    private let seen = Mutex<[String]>([])
    var all: [String] { seen.withLock { $0 } }

    func add(_ event: SQLScheduleStore.Following) {
      let word =
        switch event {
        case .listening: "listening"
        case .changed: "changed"
        case .lost: "lost"
        }
      seen.withLock { $0.append(word) }
    }

    func wait(for count: Int) async -> Bool { await Waiting.until { self.all.count >= count } }
  }

  private func day(_ name: String) throws -> ScheduleDay {
    try ScheduleStoreConformance.day(23, [Duty(category: .regular, name: name, timing: "08:00")])
  }

  @Test(
    "an instance hears of what others change, not of what it changes itself, nor of what changes nothing", .postgres)
  func changes() async throws {
    let database = try #require(PostgresDatabase.current)
    let stores = [
      try await SQLScheduleStore(database.configuration()), try await SQLScheduleStore(database.configuration()),
    ]
    let events = [Events(), Events()]
    let followers = try zip(stores, events).map { store, events in try store.followChanges { events.add($0) } }
    for events in events { #expect(await events.wait(for: 1)) }
    _ = try await stores[0].replace([day("Dr. A")], at: 1)
    #expect(await events[1].wait(for: 2))
    _ = try await stores[0].replace([day("Dr. A")], at: 2)
    _ = try await stores[1].replace([day("Dr. B")], at: 3)
    #expect(await events[0].wait(for: 2))
    #expect(events[0].all == ["listening", "changed"])
    #expect(events[1].all == ["listening", "changed"])
    for follower in followers { follower?.close() }
    for store in stores { try await store.close() }
  }

  @Test("a server that is killed is told once, and followed again when it is back")
  func restart() async throws {
    let server = try await PostgresServer.make()
    try await server.withDatabase { database in
      let store = try await SQLScheduleStore(database.configuration())
      let events = Events()
      let follower = try store.followChanges { events.add($0) }
      #expect(await events.wait(for: 1))
      try await server.crash()
      #expect(await events.wait(for: 2))
      try await server.start()
      #expect(await events.wait(for: 3))
      let other = try await SQLScheduleStore(database.configuration())
      _ = try await other.replace([day("Dr. A")], at: 1)
      #expect(await events.wait(for: 4))
      #expect(events.all == ["listening", "lost", "listening", "changed"])
      follower?.close()
      try await other.close()
      try await store.close()
    }
  }

  @Test("a SQLite file tells nobody of changes: there is nothing to follow")
  func sqlite() async throws {
    try await withTemporaryDirectory { directory in
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      #expect(try store.followChanges { _ in } == nil)
      try await store.close()
    }
  }
}
