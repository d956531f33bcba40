import AppDomain
import Postgres
import TestSupport
import Testing

@testable import AppStore

@Suite(.postgresIsInstalled, .postgres, .timeLimit(.minutes(3)))
struct PostgresNewsTests {
  /// 23 November 2026, 08:15 at the campus.
  private static let morning = 1_795_401_900.0

  private static func stores(_ count: Int) async throws -> [SQLScheduleStore] {
    let database = try #require(PostgresDatabase.current)
    var stores: [SQLScheduleStore] = []
    for _ in 0..<count { stores.append(try await SQLScheduleStore(database.configuration())) }
    return stores
  }

  /// Plans and sends all that waits.
  /// - Returns: who was told what.
  private static func round(_ store: SQLScheduleStore) async throws -> [String] {
    var told: [String] = []
    _ = try await store.planNews(on: [.email], at: morning, under: nil)
    while case let found = try await store.claim(.email, limit: 3, lease: .seconds(600), at: morning, under: nil),
      !found.isEmpty
    {
      for claim in found.claims {
        #expect(try await store.finish(claim, .sent, at: morning))
        told += (claim.news?.words ?? []).map { "\(claim.recipient.address) \($0)" }
      }
    }
    return told
  }

  @Test("two instances that plan and send at once tell everybody once of each move")
  func twoInstances() async throws {
    let stores = try await Self.stores(3)
    let names = (0..<20).map { "s\($0)@example.org" }
    for name in names { _ = try await stores[0].subscribe([NewAddress(.email, name)], at: 1) }
    for hour in 12..<18 {
      let duties = (0..<3).map { ScheduleStoreConformance.duty("Dr. \($0)", "\(hour):00-20:00") }
      _ = try await stores[2].replace([try ScheduleStoreConformance.day(23, duties)], at: Self.morning)
      let told = try await withThrowingTaskGroup(of: [String].self) { group in
        for store in stores.prefix(2) { group.addTask { try await Self.round(store) } }
        return try await group.reduce(into: [String]()) { $0 += $1 }
      }
      let wanted = names.flatMap { Array(repeating: "\($0) \(hour - 1):00 to \(hour):00", count: hour == 12 ? 0 : 3) }
      #expect(told.sorted() == wanted.sorted(), "at \(hour)")
    }
    for store in stores { try await store.close() }
  }

  @Test("no change of scrapes that are stored at the same time is passed over")
  func concurrentScrapes() async throws {
    let stores = try await Self.stores(5)
    _ = try await stores[0].subscribe([NewAddress(.email, "a@example.org")], at: 1)
    func day(_ number: Int, _ hour: Int) throws -> ScheduleDay {
      try ScheduleStoreConformance.day(number, [ScheduleStoreConformance.duty("Dr. \(number)", "\(hour):00-23:00")])
    }
    _ = try await stores[0].replace(try (1...28).map { try day($0, 12) }.suffix(5), at: Self.morning)
    #expect(try await Self.round(stores[0]).isEmpty)
    let told = try await withThrowingTaskGroup(of: [String].self) { group in
      group.addTask {
        var told: [String] = []
        while try await stores[0].changes(after: 0, limit: 99).count < 5 + 4 * 7 {
          told += try await Self.round(stores[0])
        }
        return try await told + Self.round(stores[0])
      }
      try await withThrowingTaskGroup(of: Void.self) { writers in
        for (index, store) in stores.dropFirst().enumerated() {
          writers.addTask {
            for hour in 13..<20 { _ = try await store.replace([try day(25 + index, hour)], at: Self.morning) }
          }
        }
        try await writers.waitForAll()
      }
      return try await group.reduce(into: [String]()) { $0 += $1 }
    }
    // Each chain of what was told leads from the first hour to the last.
    let steps = told.map { $0.split(separator: " ").map(String.init) }
    #expect(steps.count { $0[1] == "12:00" } == 4 && steps.count { $0[3] == "19:00" } == 4)
    #expect(Dictionary(grouping: steps, by: { $0[1] }).values.allSatisfy { $0.count <= 4 })
    for store in stores { try await store.close() }
  }
}
