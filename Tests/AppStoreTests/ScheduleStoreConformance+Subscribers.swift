import AppDomain
import AppStore
import Testing

extension ScheduleStoreConformance {
  static let subscriberCases: [Case] = [
    Case(testDescription: "an address is subscribed once, however often it asks") { store in
      let first = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1)
      #expect(first.isNew)
      let again = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 2)
      #expect(again.subscriber == first.subscriber && !again.isNew)
      let other = try await store.subscribe([NewAddress(.email, "b@example.org")], at: 3)
      #expect(other.isNew && other.subscriber != first.subscriber)
      #expect(try await store.activeAddresses() == [.email: 2])
    },
    Case(testDescription: "the same new address from many at once makes one subscriber") { store in
      let subscribers = try await withThrowingTaskGroup(of: Subscription.self) { group in
        for number in 0..<12 {
          group.addTask { try await store.subscribe([NewAddress(.email, "same@example.org")], at: Double(number)) }
        }
        return try await group.reduce(into: [Subscription]()) { $0.append($1) }
      }
      #expect(Set(subscribers.map(\.subscriber)).count == 1 && subscribers.count { $0.isNew } == 1)
    },
    Case(testDescription: "channels of one subscriber belong together; another address replaces the first") { store in
      let push = NewAddress(.webPush, "https://push.example/1", details: #"{"keys":"\"'"}"#)
      let both = try await store.subscribe([NewAddress(.email, "a@example.org"), push], at: 1)
      #expect(try await store.activeAddresses() == [.email: 1, .webPush: 1])
      #expect(
        try await store.subscribe([push], at: 2)
          == Subscription(subscriber: both.subscriber, number: both.number, isNew: false))
      let moved = try await store.subscribe([NewAddress(.email, "new@example.org"), push], at: 3)
      #expect(moved.subscriber == both.subscriber)
      #expect(try await store.activeAddresses() == [.email: 1, .webPush: 1])
      #expect(try await !store.unsubscribe(.email, address: "a@example.org", at: 4))
      // A mail address that is somebody's stays theirs, whoever brings it: anybody can know it.
      let other = try await store.subscribe([NewAddress(.email, "c@example.org")], at: 5)
      let taken = try await store.subscribe([NewAddress(.email, "c@example.org"), push], at: 6)
      #expect(taken == Subscription(subscriber: both.subscriber, number: both.number, isNew: false))
      #expect(try await store.subscriber(of: .email, address: "c@example.org") == other.subscriber)
      #expect(try await store.activeAddresses() == [.email: 2, .webPush: 1])
    },
    Case(testDescription: "who leaves by address or number leaves on all channels, by link on one, and may come back") {
      store in
      let addresses = [NewAddress(.email, "a@example.org"), NewAddress(.webPush, "https://push.example/1")]
      let subscriber = try await store.subscribe(addresses, at: 1).subscriber
      #expect(try await store.unsubscribe(.email, address: "a@example.org", at: 2))
      #expect(try await store.activeAddresses().isEmpty)
      #expect(try await store.unsubscribe(subscriber, channel: nil, at: 2), "leaving twice is no failure")
      let back = try await store.subscribe(addresses, at: 3)
      #expect(back.subscriber == subscriber && !back.isNew)
      #expect(try await store.unsubscribe(subscriber, channel: .email, at: 4))
      #expect(try await store.activeAddresses() == [.webPush: 1])
      #expect(try await store.unsubscribe(subscriber, channel: nil, at: 5))
      #expect(try await store.activeAddresses().isEmpty)
      #expect(try await !store.unsubscribe(subscriber + 100, channel: nil, at: 6))
      #expect(try await !store.unsubscribe(.email, address: "x' OR '1'='1", at: 6))
      #expect(try await !store.unsubscribe(.email, address: "a\0b@example.org", at: 6))
    },
    Case(
      testDescription: "the number told is the secret of who came first; who brings a known mail address gets another"
    ) {
      store in
      let mail = NewAddress(.email, "a@example.org")
      let first = try await store.subscribe([mail], at: 1)
      let stranger = try await store.subscribe([mail], at: 2)
      #expect(first.number != stranger.number && first.number < 1 << 52 && stranger.number < (1 << 53) - 1)
      #expect(try await store.leave(by: stranger.number, at: 3) == .needsProof(subscriber: first.subscriber))
      // Nor does a stranger get it by bringing an endpoint of their own with it.
      let push = NewAddress(.webPush, "https://push.example/stranger", details: "{}")
      let own = try await store.subscribe([mail, push], at: 4)
      #expect(own.subscriber != first.subscriber && own.number != first.number)
      #expect(try await store.leave(by: own.number, at: 5) == .left)
      #expect(try await store.activeAddresses() == [.email: 1])
      for number in [0, 1, 2, first.subscriber, -1, .max] {
        #expect(try await store.leave(by: number, at: 6) == .unknown)
      }
      #expect(try await store.leave(by: first.number, at: 7) == .left)
      #expect(try await store.leave(by: first.number, at: 8) == .left, "leaving twice is no failure")
      #expect(try await store.activeAddresses().isEmpty)
    },
    Case(testDescription: "subscribers are bounded; those who left without a message make room") { store in
      let first = try await store.subscribe([NewAddress(.email, "a@example.org")], limit: 1, at: 1)
      await #expect(throws: SubscribersFull.self) {
        try await store.subscribe([NewAddress(.email, "b@example.org")], limit: 1, at: 2)
      }
      #expect(try await !store.subscribe([NewAddress(.email, "a@example.org")], limit: 1, at: 3).isNew)
      #expect(try await store.leave(by: first.number, at: 4) == .left)
      #expect(try await store.subscribe([NewAddress(.email, "b@example.org")], limit: 1, at: 5).isNew)
      #expect(try await store.activeAddresses() == [.email: 1])
    },
    Case(testDescription: "text with NUL in it is nobody's") { store in
      let all = try await store.duties(sheetContaining: "\0")
      #expect(all.isEmpty)
      #expect(try await store.duties(sheetContaining: "23\0").isEmpty)
      #expect(try await store.subscriber(of: .email, address: "a\0") == nil)
    },
  ]
}

extension SubscriberStore {
  /// Stops all addresses of the subscriber who has this one; false when nobody has it.
  func unsubscribe(_ channel: NotificationChannel, address: String, at time: Double) async throws -> Bool {
    guard let subscriber = try await subscriber(of: channel, address: address) else { return false }
    return try await unsubscribe(subscriber, channel: nil, at: time)
  }
}
