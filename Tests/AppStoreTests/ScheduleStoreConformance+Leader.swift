import AppDomain
import AppStore
import Testing

extension ScheduleStoreConformance {
  static let leaderCases: [Case] = [
    Case(testDescription: "the first to ask leads, renews in the same epoch, and keeps others out") { store in
      #expect(try await store.leader() == nil)
      let first = try #require(try await store.lead(as: "a", lease: .seconds(30)))
      #expect(first.holder == "a" && first.epoch == 1)
      #expect(try await store.lead(as: "b", lease: .seconds(30)) == nil)
      let again = try #require(try await store.lead(as: "a", lease: .seconds(30)))
      #expect(again.epoch == 1 && again.expiresAt >= first.expiresAt)
      #expect(try await store.leader() == again)
    },
    Case(testDescription: "a term that expired goes to who asks next, in a new epoch unless nobody else has led") {
      store in
      let first = try #require(try await store.lead(as: "a", lease: .zero))
      #expect(try await store.leader() == nil)
      let second = try #require(try await store.lead(as: "b", lease: .zero))
      #expect(second.holder == "b" && second.epoch == first.epoch + 1)
      let third = try #require(try await store.lead(as: "b", lease: .seconds(30)))
      #expect(third.epoch == second.epoch)
    },
    Case(testDescription: "who resigns makes room at once; resigning from an earlier term does nothing") { store in
      let first = try #require(try await store.lead(as: "a", lease: .seconds(30)))
      try await store.resign(first)
      let second = try #require(try await store.lead(as: "b", lease: .seconds(30)))
      #expect(second.epoch == 2)
      try await store.resign(first)
      try await store.resign(LeaderTerm(holder: "b", epoch: 1, expiresAt: second.expiresAt))
      #expect(try await store.leader() == second)
    },
    Case(testDescription: "a leader whose task was cancelled gives the lead back all the same") { store in
      let term = try #require(try await store.lead(as: "a", lease: .seconds(30)))
      try await Task {
        withUnsafeCurrentTask { $0?.cancel() }
        try await store.resign(term)
      }.value
      #expect(try await store.leader() == nil)
    },
    Case(testDescription: "a lease is no longer than the longest") { store in
      let long = try #require(try await store.lead(as: "a", lease: .seconds(86_400)))
      let short = try #require(try await store.lead(as: "a", lease: LeaderTerm.longestLease))
      #expect(abs(long.expiresAt - short.expiresAt) < 20)
    },
    Case(testDescription: "a replace under a term that runs is written, under one that is over nothing is") { store in
      let term = try #require(try await store.lead(as: "a", lease: .seconds(30)))
      let monday = try day(23, [duty("Dr. A", "08:00")])
      #expect(try await store.replace([monday], at: 1, under: term) == ScheduleChange(added: 1))
      // Renewed since: what counts is the epoch, not what the caller last heard of the expiry.
      var old = term
      old.expiresAt -= 100
      #expect(try await store.replace([monday], at: 2, under: old) == ScheduleChange(unchanged: 1))
      let other = try day(23, [duty("Dr. B", "08:00")])
      for refused in [
        LeaderTerm(holder: "b", epoch: term.epoch, expiresAt: term.expiresAt),
        LeaderTerm(holder: "a", epoch: term.epoch - 1, expiresAt: term.expiresAt),
      ] {
        await #expect(throws: LeaderTermEnded(refused)) { try await store.replace([other], at: 3, under: refused) }
      }
      try await store.resign(term)
      await #expect(throws: LeaderTermEnded(term)) { try await store.replace([other], at: 3, under: term) }
      let next = try #require(try await store.lead(as: "b", lease: .seconds(30)))
      await #expect(throws: LeaderTermEnded(term)) { try await store.replace([other], at: 3, under: term) }
      #expect(try await store.duties(sheetContaining: nil).map(\.duty.name) == ["Dr. A"])
      #expect(try await store.changes(after: 0, limit: 10).count == 1)
      #expect(try await store.replace([other], at: 4, under: next) == ScheduleChange(added: 1, removed: 1))
    },
    Case(testDescription: "of many that ask at once, one leads") { store in
      let terms = try await withThrowingTaskGroup(of: LeaderTerm?.self) { group in
        for number in 0..<12 { group.addTask { try await store.lead(as: "holder \(number)", lease: .seconds(30)) } }
        return try await group.reduce(into: [LeaderTerm]()) { terms, term in if let term { terms.append(term) } }
      }
      #expect(terms.count == 1 && terms.first?.epoch == 1)
      #expect(try await store.leader()?.holder == terms.first?.holder)
    },
  ]
}
