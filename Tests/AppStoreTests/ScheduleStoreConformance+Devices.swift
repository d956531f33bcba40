import AppDomain
import AppStore
import Testing

extension ScheduleStoreConformance {
  private static func device(_ name: String) throws -> DeviceID { try #require(DeviceID("number-of-device-\(name)")) }

  static let deviceCases: [Case] = [
    Case(testDescription: "a device is known once, and reached by its newest token") { store in
      let (a, b) = (try device("a"), try device("b"))
      #expect(try await store.register(a, token: "one", limit: 2, at: 1))
      #expect(try await !store.register(a, token: "two", limit: 2, at: 2))
      // Chosen before it can be reached: it is known, and its first token is new.
      #expect(try await store.follow("Dr. A", by: b, limit: 2, at: 3))
      #expect(try await store.reachableDevices(following: "Dr. A") == 0)
      #expect(try await store.register(b, token: "three", limit: 2, at: 4))
      #expect(try await store.reachableDevices(following: "Dr. A") == 1)
    },
    Case(testDescription: "a device is told of the doctors it chose, each once, named as they are") { store in
      let (a, b) = (try device("a"), try device("b"))
      let names = ["Dr. Ö'Neill; DROP \"x\"", "dr. a", "Dr. A", " Dr. A", "e\u{301}", "\u{e9}"]
      for name in names {
        #expect(try await store.follow(name, by: a, limit: 9, at: 1))
        #expect(try await !store.follow(name, by: a, limit: 9, at: 2))
      }
      #expect(try await store.doctors(followedBy: a).map { Array($0.utf8) } == names.map { Array($0.utf8) })
      #expect(try await store.doctors(followedBy: b).isEmpty)
      #expect(try await !store.unfollow("Dr. A", by: b))
      #expect(try await store.unfollow("Dr. A", by: a))
      #expect(try await !store.unfollow("Dr. A", by: a))
      #expect(try await store.doctors(followedBy: a).count == names.count - 1)
    },
    Case(testDescription: "beyond the limit only devices that are known can come, and of doctors a device has some") {
      store in
      let (a, b) = (try device("a"), try device("b"))
      #expect(try await store.register(a, token: "one", limit: 1, at: 1))
      await #expect(throws: DevicesFull.self) { _ = try await store.register(b, token: "two", limit: 1, at: 2) }
      await #expect(throws: DevicesFull.self) { _ = try await store.follow("Dr. A", by: b, limit: 1, at: 2) }
      for number in 0..<DoctorsFull.limit {
        #expect(try await store.follow("Dr. \(number)", by: a, limit: 1, at: 3))
      }
      await #expect(throws: DoctorsFull.self) { _ = try await store.follow("Dr. Z", by: a, limit: 1, at: 4) }
      #expect(try await !store.follow("Dr. 7", by: a, limit: 1, at: 5))
    },
    Case(testDescription: "the same new device from many at once is new once") { store in
      let a = try device("a")
      let found = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<8 {
          group.addTask { try await store.register(a, token: "token \(number)", limit: 1, at: Double(number)) }
        }
        return try await group.reduce(into: [Bool]()) { $0.append($1) }
      }
      #expect(found.count { $0 } == 1)
    },
    Case(testDescription: "subscribers are listed by their number, with what is active") { store in
      let push = NewAddress(.webPush, "https://push.example/1")
      let first = try await store.subscribe([NewAddress(.email, "a@example.org"), push], at: 10)
      let second = try await store.subscribe([NewAddress(.email, "b@example.org")], at: 20)
      let third = try await store.subscribe([NewAddress(.webPush, "https://push.example/2")], at: 30)
      #expect(
        try await store.subscribers(after: 0, limit: 9) == [
          ListedSubscriber(id: first.subscriber, email: "a@example.org", hasPush: true, createdAt: 10),
          ListedSubscriber(id: second.subscriber, email: "b@example.org", hasPush: false, createdAt: 20),
          ListedSubscriber(id: third.subscriber, email: nil, hasPush: true, createdAt: 30),
        ])
      #expect(try await store.subscribers(after: first.subscriber, limit: 1).map(\.id) == [second.subscriber])
      _ = try await store.unsubscribe(first.subscriber, channel: .email, at: 40)
      _ = try await store.unsubscribe(second.subscriber, channel: nil, at: 40)
      #expect(try await store.subscribers(after: 0, limit: 9).map(\.email) == [nil, nil])
    },
  ]
}
