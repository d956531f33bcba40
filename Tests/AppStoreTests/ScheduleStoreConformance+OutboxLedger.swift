import AppDomain
import AppStore
import Testing

extension ScheduleStoreConformance {
  /// 23 November 2026, 08:15 at the campus.
  private static let morning = 1_795_401_900.0
  /// That day, 12:00.
  private static let noon = 1_795_415_400.0

  /// A duty from 09:00 to 12:00, and messages about it for so many subscribers: by their numbers, from the first on.
  private static func fill(_ store: SQLScheduleStore, subscribers: Int) async throws -> [Int64] {
    for number in 0..<subscribers {
      _ = try await store.subscribe([NewAddress(.email, "\(number)@example.org")], at: 1)
    }
    _ = try await store.replace([try day(23, [duty("Dr. A", "09:00-12:00")])], at: 1)
    let rows = try await store.duties(on: DutyReminder.days(at: morning))
    let due = DutyReminder.due(of: rows.map { ($0.date, $0.duty) }, at: morning)
    #expect(try await store.enqueue(due, event: .startsSoon, channel: .email, at: morning) == subscribers)
    return try await store.entries(.all([.pending], nil), limit: 100).map(\.id)
  }

  private static func claim(_ store: SQLScheduleStore, limit: Int, lease: Duration) async throws -> [OutboxClaim] {
    try await store.claim(.email, limit: limit, lease: lease, at: morning, under: nil).claims
  }

  private static func states(_ store: SQLScheduleStore) async throws -> [OutboxState] {
    try await store.entries(.all(Set(OutboxState.allCases), nil), limit: 100).sorted { $0.id < $1.id }.map(\.state)
  }

  static let outboxLedgerCases: [Case] = [
    Case(testDescription: "an operator sees messages by state, channel and number, without an address") { store in
      let ids = try await fill(store, subscribers: 3)
      for claim in try await claim(store, limit: 2, lease: .seconds(60)) {
        let isFirst = claim.id == ids[0]
        _ = try await store.finish(
          claim, isFirst ? .sent : .retry(after: .seconds(90), reason: "busy"), at: morning)
      }
      let waiting = try await store.entries(.all([.pending], .email), limit: 10)
      #expect(waiting.map(\.id) == Array(ids[1...]))
      let first = try #require(waiting.first)
      #expect(first.attempts == 1 && first.reason == "busy" && first.event == .startsSoon && first.channel == .email)
      #expect(first.startsAt == noon - 10_800 && first.endsAt == noon && first.date.iso8601 == "2026-11-23")
      #expect((first.dueAt ?? 0) > 0 && waiting[1].dueAt == 0)
      #expect(try await store.entries(.all([.pending], nil), limit: 1).map(\.id) == [ids[1]])
      #expect(try await store.entries(.all([.pending], .webPush), limit: 10).isEmpty)
      #expect(try await store.entries(.all([], nil), limit: 10).isEmpty)
      #expect(try await store.entries(.ids([ids[2], 987, ids[0]]), limit: 10).map(\.state) == [.sent, .pending])
    },
    Case(testDescription: "what was refused or waits is tried again, until its duty has ended; the rest stays") {
      store in
      let ids = try await fill(store, subscribers: 5)
      let results: [DeliveryResult] = [
        .sent, .dead(reason: "no"), .retry(after: .seconds(600), reason: "busy"), .dead(reason: "no"),
      ]
      for (claim, result) in zip(try await claim(store, limit: 4, lease: .seconds(60)), results) {
        _ = try await store.finish(claim, result, at: morning)
      }
      #expect(try await claim(store, limit: 1, lease: .seconds(60)).map(\.id) == [ids[4]])
      #expect(try await states(store) == [.sent, .dead, .pending, .dead, .leased])
      #expect(try await store.retry(.ids([ids[0], ids[1], ids[4], 987]), at: morning) == [ids[1]])
      #expect(try await store.retry(.all([.pending, .dead], .webPush), at: morning).isEmpty)
      #expect(try await store.retry(.all([.pending, .dead], nil), at: noon).isEmpty)
      #expect(try await store.retry(.all([.pending, .dead], .email), at: morning).sorted() == Array(ids[1...3]))
      #expect(try await states(store) == [.sent, .pending, .pending, .pending, .leased])
      let again = try await claim(store, limit: 10, lease: .seconds(60))
      #expect(again.map(\.id).sorted() == Array(ids[1...3]) && again.allSatisfy { $0.attempt == 2 })
    },
    Case(testDescription: "what is dropped is neither sent nor planned again; what is under way stays") { store in
      let ids = try await fill(store, subscribers: 4)
      let vanished = try await claim(store, limit: 1, lease: .zero)
      #expect(vanished.map(\.id) == [ids[0]])
      // Another takes the first again, or the second, as their leases run.
      let busy = try #require(try await claim(store, limit: 1, lease: .seconds(600)).first).id
      let free = ids.filter { $0 != busy }
      #expect(try await store.drop(.ids([busy, free[0], 987]), at: morning + 1) == [free[0]])
      #expect(try await store.drop(.all([.pending, .leased], nil), at: morning + 1).sorted() == Array(free[1...]))
      let entries = try await store.entries(.ids(free), limit: 10)
      #expect(entries.allSatisfy { $0.state == .dead && $0.reason == "dropped by the operator" })
      let rows = try await store.duties(on: DutyReminder.days(at: morning))
      let due = DutyReminder.due(of: rows.map { ($0.date, $0.duty) }, at: morning)
      #expect(try await store.enqueue(due, event: .startsSoon, channel: .email, at: morning) == 0)
      #expect(try await claim(store, limit: 10, lease: .seconds(60)).isEmpty)
    },
  ]
}
