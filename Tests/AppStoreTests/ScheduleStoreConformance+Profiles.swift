import AppDomain
import AppStore
import Testing

extension ScheduleStoreConformance {
  /// 07:30 of the day in Asia/Kolkata.
  private static let morning = 1_795_399_200.0

  /// A subscriber by mail, with the token of theirs.
  private static func subscriber(
    _ store: SQLScheduleStore, _ name: String, _ change: SubscriberChange = SubscriberChange()
  ) async throws -> SubscriberToken {
    let id = try await store.subscribe([NewAddress(.email, name + "@example.org")], at: 1).subscriber
    let token = try #require(try await store.token(of: id))
    _ = try await store.change(token, change, at: 2)
    return token
  }

  /// Plans what is due and says who is told of what.
  private static func told(_ store: SQLScheduleStore, at time: Double = morning) async throws -> [String] {
    let rows = try await store.duties(on: DutyReminder.days(at: time)).map { ($0.date, $0.duty) }
    _ = try await store.enqueue(
      DutyReminder.due(of: rows, at: time), event: .startsSoon, channel: .email, at: time)
    return try await store.claim(.email, limit: 100, lease: .seconds(99_999), at: time, under: nil).claims
      .map { "\($0.recipient.address.prefix { $0 != "@" }) of \($0.reminder.duty.name)" }
  }

  static let profileCases: [Case] = [
    Case(testDescription: "a subscriber has one token, which opens what is theirs; a mobile client has none") { store in
      let push = NewAddress(.webPush, "https://push.example/1", details: #"{"keys":"\"'"}"#)
      let id = try await store.subscribe([NewAddress(.email, "a@example.org"), push], at: 1).subscriber
      let token = try #require(try await store.token(of: id))
      #expect(try await store.token(of: id) == token)
      #expect(try await store.token(of: id + 100) == nil)
      let profile = try #require(try await store.profile(token))
      #expect(profile.subscriber == id && profile.createdAt == 1 && profile.interest == DutyInterest())
      #expect(profile.addresses.map(\.address) == ["a@example.org", "https://push.example/1"])
      #expect(profile.addresses.map(\.details) == [nil, push.details])
      #expect(try await store.profile(SubscriberToken()) == nil)
      let device = try #require(DeviceID("0123456789abcdef"))
      _ = try await store.register(device, token: "a:b", limit: 9, at: 1)
      let address = try #require(try await store.subscriber(of: .fcm, address: "a:b"))
      #expect(try await store.token(of: address) == nil)
    },
    Case(testDescription: "the same token is given to all who ask for it at once") { store in
      let id = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1).subscriber
      let tokens = try await withThrowingTaskGroup(of: SubscriberToken?.self) { group in
        for _ in 0..<12 { group.addTask { try await store.token(of: id) } }
        return try await group.reduce(into: Set<SubscriberToken?>()) { $0.insert($1) }
      }
      #expect(tokens.count == 1)
    },
    Case(testDescription: "what a subscriber changes is changed, and all else is as it was") { store in
      let doctors = DutyInterest.Doctors.chosen(Set(["dr-a", "dr-b"].compactMap { DoctorKey(id: $0) }))
      let token = try await subscriber(store, "a", SubscriberChange(lead: 5, doctors: doctors))
      var profile = try #require(try await store.profile(token))
      #expect(profile.interest == DutyInterest(lead: 5, doctors: doctors))
      _ = try await store.change(token, SubscriberChange(category: .some(.visiting), wantsDigest: true), at: 3)
      profile = try #require(try await store.profile(token))
      #expect(
        profile.interest == DutyInterest(lead: 5, doctors: doctors, category: .visiting, wantsDigest: true))
      let changed = try await store.change(
        token, SubscriberChange(doctors: .all, category: .some(nil), channels: [.email: false, .webPush: true]), at: 4)
      #expect(changed?.interest == DutyInterest(lead: 5, wantsDigest: true))
      #expect(changed?.addresses.map(\.state) == [.stopped] && changed?.addresses.map(\.updatedAt) == [4])
      #expect(try await store.activeAddresses().isEmpty)
      _ = try await store.change(token, SubscriberChange(channels: [.email: true]), at: 5)
      #expect(try await store.activeAddresses() == [.email: 1])
      #expect(try await store.change(SubscriberToken(), SubscriberChange(lead: 9), at: 5) == nil)
      #expect(try await store.leads() == [5])
    },
    Case(testDescription: "everybody is told of what they want to know, as early as they want to") { store in
      func keys(_ ids: String...) -> DutyInterest.Doctors { .chosen(Set(ids.compactMap { DoctorKey(id: $0) })) }
      _ = try await subscriber(store, "all")
      _ = try await subscriber(store, "late", SubscriberChange(lead: 15))
      _ = try await subscriber(store, "early", SubscriberChange(lead: 180))
      _ = try await subscriber(store, "b", SubscriberChange(lead: 180, doctors: keys("dr-b")))
      _ = try await subscriber(store, "visiting", SubscriberChange(lead: 180, category: .some(.visiting)))
      _ = try await subscriber(
        store, "nobody", SubscriberChange(lead: 180, doctors: keys("dr-a"), category: .some(.visiting)))
      let visiting = Duty(category: .visiting, name: "DR B", timing: "10:30-11:00")
      _ = try await store.replace(
        [
          try day(
            23, [duty("Dr. A", "08:30-12:00"), duty("Dr. B, MBBS", "10:30-12:00"), visiting, duty("Dr. C", "11:00")])
        ], at: 1)
      #expect(
        try await told(store) == [
          "all of Dr. A", "early of Dr. A", "early of Dr. B, MBBS", "b of Dr. B, MBBS", "early of DR B", "b of DR B",
          "visiting of DR B",
        ])
      #expect(try await told(store, at: morning + 2_699).isEmpty)
      #expect(try await told(store, at: morning + 2_700).contains("late of Dr. A"))
    },
    Case(testDescription: "who wants to know no more of a duty that is planned is not told of it") { store in
      let token = try await subscriber(store, "a")
      _ = try await store.replace([try day(23, [duty("Dr. A", "08:30-12:00")])], at: 1)
      let rows = try await store.duties(on: DutyReminder.days(at: morning)).map { ($0.date, $0.duty) }
      let due = DutyReminder.due(of: rows, at: morning)
      #expect(try await store.enqueue(due, event: .startsSoon, channel: .email, at: morning) == 1)
      let other = DutyInterest.Doctors.chosen(Set([try #require(DoctorKey(id: "dr-b"))]))
      _ = try await store.change(token, SubscriberChange(doctors: other), at: morning)
      let found = try await store.claim(.email, limit: 9, lease: .seconds(9), at: morning, under: nil)
      #expect(found.claims.isEmpty && found.withdrawn == 1)
      _ = try await store.change(token, SubscriberChange(doctors: .all), at: morning)
      #expect(try await store.enqueue(due, event: .startsSoon, channel: .email, at: morning) == 1, "revived")
    },
    Case(testDescription: "a subscriber who wants to be forgotten is, with addresses and messages, and may come anew") {
      store in
      let token = try await subscriber(store, "a", SubscriberChange(lead: 5, category: .some(.regular)))
      let other = try await subscriber(store, "b")
      let id = try #require(try await store.profile(token)).subscriber
      _ = try await store.ask(
        for: try #require(EmailAddress("new@example.org")), joining: id, number: 1 << 52, limit: 9, at: 1)
      _ = try await store.replace([try day(23, [duty("Dr. A", "07:33-12:00")])], at: 1)
      let rows = try await store.duties(on: DutyReminder.days(at: morning)).map { ($0.date, $0.duty) }
      let due = DutyReminder.due(of: rows, at: morning)
      #expect(try await store.enqueue(due, event: .startsSoon, channel: .email, at: morning) == 2)
      let claims = try await store.claim(.email, limit: 9, lease: .seconds(9), at: morning, under: nil).claims
      #expect(try await store.messages(to: id, limit: 9).map(\.state) == [.leased])
      #expect(try await store.forget(token))
      #expect(try await !store.forget(token))
      #expect(try await store.profile(token) == nil)
      #expect(try await store.messages(to: id, limit: 9).isEmpty)
      #expect(try await store.subscriber(of: .email, address: "a@example.org") == nil)
      #expect(try await store.forgetUnconfirmed(at: 1) == nil)
      let kept = try await claims.asyncFilter { try await store.finish($0, .sent, at: morning) }
      #expect(kept.map(\.recipient.address) == ["b@example.org"])
      #expect(try await store.profile(other) != nil)
      #expect(try await store.subscribe([NewAddress(.email, "a@example.org")], at: 9).isNew)
    },
  ]
}

extension Sequence {
  fileprivate func asyncFilter(_ isIncluded: (Element) async throws -> Bool) async rethrows -> [Element] {
    var found: [Element] = []
    for element in self where try await isIncluded(element) { found.append(element) }
    return found
  }
}
