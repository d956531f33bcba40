import AppDomain
import AppStore
import Testing

extension ScheduleStoreConformance {
  private static func device(_ name: String) throws -> DeviceID { try #require(DeviceID("number-of-device-\(name)")) }

  /// As the version before kept them: two with one token, and one that can't be reached.
  static let olderDevices: SQLText = """
    INSERT INTO devices (device_id, fcm_token, created_at, updated_at) VALUES
      ('number-of-device-a', 'one', 1, 1), ('number-of-device-b', 'same', 2, 2), ('number-of-device-c', 'same', 3, 9),
      ('number-of-device-d', NULL, 4, 4);
    INSERT INTO device_doctors (device_id, doctor_name, created_at) VALUES
      ('number-of-device-a', 'Dr. A', 5), ('number-of-device-b', 'Dr. A', 5), ('number-of-device-c', 'Dr. A', 5),
      ('number-of-device-d', 'Dr. A', 5);
    """

  static func expectOlderDevicesAreReached(_ store: SQLScheduleStore) async throws {
    #expect(try await store.addresses(following: "Dr. A", limit: 9).map(\.address) == ["one", "same"])
    #expect(try await store.activeAddresses() == [.fcm: 2])
    #expect(try await !store.register(try device("c"), token: "new", limit: 9, at: 10), "it could be reached")
    #expect(try await store.register(try device("b"), token: "same", limit: 9, at: 10), "another had its token")
    #expect(try await store.addresses(following: "Dr. A", limit: 9).map(\.address) == ["one", "same", "new"])
    #expect(try await store.subscribe([NewAddress(.email, "a@example.org")], limit: 1, at: 11).isNew)
  }

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
    Case(testDescription: "a token that is over is stopped, unless the device has a newer one; a token is one device's")
    {
      store in
      let (a, b) = (try device("a"), try device("b"))
      _ = try await store.register(a, token: "one", limit: 2, at: 1)
      _ = try await store.follow("Dr. A", by: a, limit: 2, at: 1)
      let first = try #require(try await store.addresses(following: "Dr. A", limit: 9).first)
      #expect(first.address == "one" && first.channel == .fcm)
      _ = try await store.register(a, token: "two", limit: 2, at: 2)
      try await store.stop(first, at: 3)
      let second = try #require(try await store.addresses(following: "Dr. A", limit: 9).first)
      #expect(second.address == "two" && second.subscriber == first.subscriber)
      try await store.stop(second, at: 4)
      #expect(try await store.reachableDevices(following: "Dr. A") == 0)
      #expect(try await store.activeAddresses().isEmpty)
      #expect(try await store.register(a, token: "two", limit: 2, at: 5), "it could not be reached")
      _ = try await store.follow("Dr. A", by: b, limit: 2, at: 6)
      #expect(try await store.register(b, token: "two", limit: 2, at: 6))
      let moved = try await store.addresses(following: "Dr. A", limit: 9)
      #expect(moved.map(\.address) == ["two"] && moved[0].subscriber != first.subscriber)
      #expect(try await store.addresses(following: "Dr. B", limit: 9).isEmpty)
    },
    Case(testDescription: "devices are no subscribers that are listed, counted or left by number") { store in
      let a = try device("a")
      _ = try await store.register(a, token: "one", limit: 1, at: 1)
      _ = try await store.follow("Dr. A", by: a, limit: 1, at: 1)
      #expect(try await store.subscribers(after: 0, limit: 9).isEmpty)
      let subscriber = try #require(try await store.addresses(following: "Dr. A", limit: 1).first?.subscriber)
      #expect(try await store.leave(by: subscriber, at: 2) == .unknown)
      let person = try await store.subscribe([NewAddress(.email, "a@example.org")], limit: 1, at: 3)
      #expect(person.isNew && person.subscriber != subscriber)
      #expect(try await store.subscribers(after: 0, limit: 9).map(\.id) == [person.subscriber])
      // Room is made among those who have left; a device whose token is over is known all the same.
      try await store.stop(SubscriberAddress(subscriber: subscriber, channel: .fcm, address: "one"), at: 4)
      #expect(try await store.leave(by: person.number, at: 5) == .left)
      #expect(try await store.subscribe([NewAddress(.email, "b@example.org")], limit: 1, at: 6).isNew)
      #expect(try await store.doctors(followedBy: a) == ["Dr. A"])
      #expect(try await store.register(a, token: "one", limit: 1, at: 7))
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
