import AppDomain
import AppStore
import Testing

extension ScheduleStoreConformance {
  private static func ask(
    _ store: SQLScheduleStore, _ address: String = "a@example.org", joining subscriber: Int64? = nil,
    number: Int64 = 1 << 52, limit: Int = .max, at time: Double
  ) async throws -> Int64 {
    try await store.ask(
      for: try #require(EmailAddress(address)), joining: subscriber, number: number, limit: limit, at: time)
  }

  private static func taken(_ store: SQLScheduleStore, limit: Int = 8, at time: Double) async throws -> [String] {
    try await store.takeUnasked(limit: limit, at: time).map(\.email.text)
  }

  private static let endpoint = NewAddress(.webPush, "https://push.example/1", details: "{}")

  static let confirmationCases: [Case] = [
    Case(testDescription: "an address is told of nothing until its owner has confirmed, and once is enough") { store in
      #expect(try await ask(store, number: 1 << 52 | 7, at: 1_000) == 1 << 52 | 7)
      #expect(try await store.activeAddresses().isEmpty)
      #expect(try await store.subscriber(of: .email, address: "a@example.org") == nil)
      let question = try #require(try await store.takeUnasked(limit: 8, at: 1_000).first)
      #expect(question.email.text == "a@example.org" && question.askedAt == 1_000 && question.attempt == 1)
      try await store.finish(question, .sent, at: 1_001)
      #expect(try await !store.confirm(question.id + 1, at: 1_002))
      #expect(try await store.confirm(question.id, at: 1_002))
      #expect(try await store.confirm(question.id, at: 1_003), "a second click is no failure")
      #expect(try await store.activeAddresses() == [.email: 1])
      let subscriber = try #require(try await store.subscriber(of: .email, address: "a@example.org"))
      #expect(try await store.leave(by: 1 << 52 | 7, at: 1_004) == .needsProof(subscriber: subscriber))
      // Who has left since does not come back by the old link; whoever asks anew has to be asked.
      #expect(try await store.unsubscribe(subscriber, channel: .email, at: 1_005))
      #expect(try await !store.confirm(question.id, at: 1_006))
      _ = try await ask(store, number: 1 << 52 | 7, at: 1_007)
      #expect(try await store.activeAddresses().isEmpty)
      #expect(try await store.confirm(question.id, at: 1_008))
      #expect(try await store.subscriber(of: .email, address: "a@example.org") == subscriber)
    },
    Case(testDescription: "an owner is asked once an hour at most, however often somebody asks") { store in
      for second in 0..<5 { _ = try await ask(store, at: 1_000 + Double(second)) }
      #expect(try await taken(store, at: 1_010) == ["a@example.org"])
      // Its sender may have crashed: nothing for an hour, then it is due again.
      _ = try await ask(store, at: 1_020)
      #expect(try await taken(store, at: 4_609).isEmpty)
      let question = try #require(try await store.takeUnasked(limit: 8, at: 4_610).first)
      #expect(question.attempt == 2)
      try await store.finish(question, .sent, at: 4_611)
      _ = try await ask(store, at: 8_209)
      #expect(try await taken(store, at: 9_000).isEmpty, "asked within the hour, and not kept for later")
      _ = try await ask(store, at: 8_210)
      #expect(try await taken(store, at: 8_210) == ["a@example.org"])
      // A clock that is set back keeps nobody waiting.
      let last = try #require(try await store.takeUnasked(limit: 8, at: 8_210 + 3_600).first)
      try await store.finish(last, .sent, at: 8_210 + 3_600)
      _ = try await ask(store, at: 100)
      #expect(try await taken(store, at: 100) == ["a@example.org"])
    },
    Case(testDescription: "many that take questions at once share them") { store in
      for number in 0..<20 { _ = try await ask(store, "s\(number)@example.org", at: 1_000) }
      let shared = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<6 {
          group.addTask {
            var all: [String] = []
            while case let some = try await taken(store, limit: 3, at: 1_000), !some.isEmpty { all += some }
            return all
          }
        }
        return try await group.reduce(into: [String]()) { $0 += $1 }
      }
      #expect(shared.count == 20 && Set(shared).count == 20)
    },
    Case(
      testDescription: "an address whose link has expired is forgotten, one that waits for its question after 30 days"
    ) { store in
      let hour = 3_600.0
      _ = try await ask(store, at: 0)
      _ = try await ask(store, "waits@example.org", at: 1)
      let question = try #require(try await store.takeUnasked(limit: 1, at: 10).first)
      try await store.finish(question, .sent, at: 11)
      #expect(try await store.forgetUnconfirmed(at: 10 + 48 * hour - 1) == 1, "the other is still due")
      #expect(try await store.confirm(question.id, at: 10 + 48 * hour - 1))
      _ = try await store.leave(by: 1 << 52, at: 12)
      #expect(try await !store.confirm(question.id, at: 10 + 48 * hour))
      #expect(try await store.forgetUnconfirmed(at: 30 * 24 * hour) == 1)
      #expect(try await store.forgetUnconfirmed(at: 30 * 24 * hour + 1) == nil)
      #expect(try await taken(store, at: 60 * 24 * hour).isEmpty)
    },
    Case(testDescription: "a question that failed in passing waits; an address that can't be written to is forgotten") {
      store in
      _ = try await ask(store, at: 1_000)
      let first = try #require(try await store.takeUnasked(limit: 8, at: 1_000).first)
      try await store.finish(first, .retry(after: .seconds(20), reason: "busy"), at: 1_001)
      #expect(try await store.forgetUnconfirmed(at: 1_001) == 1_021)
      _ = try await ask(store, at: 1_002)
      #expect(try await taken(store, at: 1_020).isEmpty)
      let again = try #require(try await store.takeUnasked(limit: 8, at: 1_021).first)
      #expect(again.id == first.id && again.attempt == 2)
      try await Task {
        withUnsafeCurrentTask { $0?.cancel() }
        try await store.finish(again, .dead(reason: "no such user"), at: 1_022)
      }.value
      #expect(try await store.forgetUnconfirmed(at: 1_022) == nil)
      #expect(try await !store.confirm(first.id, at: 1_023))
    },
    Case(
      testDescription: "for an address that is told already the owner is not asked, and the number is like any other"
    ) {
      store in
      let known = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1)
      let number = try await ask(store, number: 1 << 52 | 9, at: 2)
      #expect(SubscriberNumbers.claims.contains(number))
      #expect(try await ask(store, number: 1 << 52 | 9, at: 3) == number)
      #expect(try await taken(store, at: 4).isEmpty)
      #expect(try await store.leave(by: number, at: 5) == .needsProof(subscriber: known.subscriber))
      #expect(try await store.activeAddresses() == [.email: 1])
      for full in ["a@example.org", "b@example.org"] {
        await #expect(throws: SubscribersFull.self, "known or not") { try await ask(store, full, limit: 1, at: 6) }
      }
    },
    Case(testDescription: "addresses that wait count as subscribers do, until they are forgotten") { store in
      _ = try await ask(store, "a@example.org", limit: 2, at: 1)
      let question = try #require(try await store.takeUnasked(limit: 8, at: 1).first)
      try await store.finish(question, .sent, at: 1)
      _ = try await store.subscribe([endpoint], limit: 2, at: 2)
      await #expect(throws: SubscribersFull.self) { try await ask(store, "b@example.org", limit: 2, at: 3) }
      await #expect(throws: SubscribersFull.self) {
        try await store.subscribe([NewAddress(.webPush, "https://push.example/2")], limit: 2, at: 3)
      }
      #expect(try await ask(store, "b@example.org", limit: 2, at: 2 + 48 * 3_600) == 1 << 52)
    },
    Case(testDescription: "an address that came beside an endpoint joins it when it is confirmed, not before") {
      store in
      let push = try await store.subscribe([endpoint], at: 1)
      _ = try await store.subscribe([NewAddress(.email, "old@example.org"), endpoint], at: 1)
      _ = try await ask(store, "new@example.org", joining: push.subscriber, at: 2)
      #expect(try await store.address(of: push.subscriber, on: .email) == "old@example.org", "told until then")
      let id = try #require(try await store.takeUnasked(limit: 1, at: 2).first?.id)
      #expect(try await store.confirm(id, at: 3))
      #expect(try await store.address(of: push.subscriber, on: .email) == "new@example.org")
      #expect(try await store.activeAddresses() == [.email: 1, .webPush: 1])
      #expect(try await store.leave(by: push.number, at: 4) == .left)
      #expect(try await store.activeAddresses().isEmpty)
      // The number of the address is taken by who had it before: its new owner gets another.
      _ = try await ask(store, "other@example.org", at: 5)
      let other = try #require(try await store.takeUnasked(limit: 1, at: 5).first?.id)
      #expect(try await store.confirm(other, at: 6))
      #expect(try await store.activeAddresses() == [.email: 1])
    },
    Case(testDescription: "nobody can bind another's address to an endpoint of their own while its owner is asked") {
      store in
      let stranger = try await store.subscribe([endpoint], at: 1)
      _ = try await ask(store, joining: stranger.subscriber, at: 2)
      _ = try await ask(store, at: 3)
      _ = try await ask(store, joining: stranger.subscriber, at: 4)
      let id = try #require(try await store.takeUnasked(limit: 1, at: 5).first?.id)
      #expect(try await store.confirm(id, at: 6))
      #expect(try await store.leave(by: stranger.number, at: 7) == .left)
      #expect(try await store.activeAddresses() == [.email: 1])
    },
    Case(testDescription: "an endpoint that left meanwhile does not come back with the address") { store in
      let push = try await store.subscribe([endpoint], at: 1)
      _ = try await ask(store, joining: push.subscriber, at: 2)
      #expect(try await store.leave(by: push.number, at: 3) == .left)
      let id = try #require(try await store.takeUnasked(limit: 1, at: 4).first?.id)
      #expect(try await store.confirm(id, at: 5))
      #expect(try await store.activeAddresses() == [.email: 1])
    },
  ]
}
