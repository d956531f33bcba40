import AppDomain
import AppStore
import Testing

extension ScheduleStoreConformance {
  static let subscriberCases: [Case] = [
    Case(testDescription: "an address is subscribed once, however often it asks") { store in
      let first = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1)
      #expect(first.isNew)
      let again = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 2)
      #expect(again == Subscription(subscriber: first.subscriber, isNew: false))
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
      #expect(try await store.subscribe([push], at: 2) == Subscription(subscriber: both.subscriber, isNew: false))
      let moved = try await store.subscribe([NewAddress(.email, "new@example.org"), push], at: 3)
      #expect(moved.subscriber == both.subscriber)
      #expect(try await store.activeAddresses() == [.email: 1, .webPush: 1])
      #expect(try await !store.unsubscribe(.email, address: "a@example.org", at: 4))
      // An address that was somebody's becomes the one's who brings it with a known address of theirs.
      let other = try await store.subscribe([NewAddress(.email, "c@example.org")], at: 5)
      let taken = try await store.subscribe([NewAddress(.email, "c@example.org"), push], at: 6)
      #expect(taken.subscriber == other.subscriber)
      #expect(try await store.activeAddresses() == [.email: 2, .webPush: 1])
    },
    Case(testDescription: "who leaves by address or number leaves on all channels, by link on one, and may come back") {
      store in
      let addresses = [NewAddress(.email, "a@example.org"), NewAddress(.webPush, "https://push.example/1")]
      let subscriber = try await store.subscribe(addresses, at: 1).subscriber
      #expect(try await store.unsubscribe(.email, address: "a@example.org", at: 2))
      #expect(try await store.activeAddresses().isEmpty)
      #expect(try await store.unsubscribe(.email, address: "a@example.org", at: 2), "leaving twice is no failure")
      #expect(try await store.subscribe(addresses, at: 3) == Subscription(subscriber: subscriber, isNew: false))
      #expect(try await store.unsubscribe(subscriber, channel: .email, at: 4))
      #expect(try await store.activeAddresses() == [.webPush: 1])
      #expect(try await store.unsubscribe(subscriber, channel: nil, at: 5))
      #expect(try await store.activeAddresses().isEmpty)
      #expect(try await !store.unsubscribe(subscriber + 100, channel: nil, at: 6))
      #expect(try await !store.unsubscribe(.email, address: "x' OR '1'='1", at: 6))
      #expect(try await !store.unsubscribe(.email, address: "a\0b@example.org", at: 6))
    },
  ]
}
