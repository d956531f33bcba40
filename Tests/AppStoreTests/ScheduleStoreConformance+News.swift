import AppDomain
import AppStore
import TestSupport
import Testing

extension ScheduleStoreConformance {
  /// 23 November 2026, 08:15 at the campus.
  private static let morning = 1_795_401_900.0
  /// Between two scrapes that tell a cancellation from a row that was missed.
  private static let later = NewsSettling.confirmation

  /// One subscriber by mail, and a day whose duties are planned already.
  private static func fill(_ store: SQLScheduleStore, _ duties: Duty...) async throws {
    _ = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1)
    _ = try await store.replace([try day(23, duties)], at: morning - 9_000)
    #expect(try await plan(store) == 0)
  }

  private static func scrape(_ store: SQLScheduleStore, at time: Double = morning, _ duties: Duty...) async throws {
    _ = try await store.replace([try day(23, duties)], at: time)
  }

  private static func plan(_ store: SQLScheduleStore, at time: Double = morning) async throws -> Int {
    try await store.planNews(on: [.email], at: time, under: nil).planned[.email] ?? 0
  }

  private static func claim(
    _ store: SQLScheduleStore, lease: Duration = .seconds(600), at time: Double = morning
  ) async throws -> OutboxClaims {
    try await store.claim(.email, limit: 100, lease: lease, at: time, under: nil)
  }

  /// Sends all that waits.
  /// - Returns: what was said, a text for each duty.
  private static func send(_ store: SQLScheduleStore, at time: Double = morning) async throws -> [String] {
    let claims = try await claim(store, at: time).claims
    for claim in claims { #expect(try await store.finish(claim, .sent, at: time)) }
    return claims.flatMap { $0.news?.words ?? [] }
  }

  private static func choose(_ store: SQLScheduleStore, _ address: String, _ change: SubscriberChange) async throws {
    let subscriber = try #require(try await store.subscriber(of: .email, address: address))
    let token = try #require(try await store.token(of: subscriber))
    _ = try await store.change(token, change, at: 1)
  }

  static let newsCases: [Case] = [
    Case(testDescription: "a duty that moved is told once, over further plannings and scrapes") { store in
      try await fill(store, duty("Dr. A", "14:00-16:00"), duty("Dr. B", "14:00-16:00"))
      _ = try await store.subscribe([NewAddress(.email, "b@example.org")], at: 1)
      for _ in 0..<2 { try await scrape(store, duty("Dr. A", "15:00-17:00"), duty("Dr. B", "14:00-16:00")) }
      #expect(try await plan(store) == 2)
      #expect(try await plan(store) == 0)
      #expect(try await send(store) == ["14:00 to 15:00", "14:00 to 15:00"])
      try await scrape(store, duty("Dr. A", "15:00-17:00"), duty("Dr. B", "14:00-16:00"))
      #expect(try await plan(store) == 0)
      #expect(try await claim(store).isEmpty)
      #expect(try await store.outboxCounts() == [.sent: 2])
    },
    Case(testDescription: "one that moved back before it was told is told to nobody; when it moves again, it is") {
      store in
      try await fill(store, duty("Dr. A", "14:00-16:00"))
      try await scrape(store, duty("Dr. A", "15:00-17:00"))
      try await scrape(store, duty("Dr. A", "14:00-16:00"))
      #expect(try await plan(store) == 0, "before it was planned")
      try await scrape(store, duty("Dr. A", "15:00-17:00"))
      #expect(try await plan(store) == 1)
      try await scrape(store, duty("Dr. A", "14:00-16:00"))
      #expect(try await plan(store) == 0, "before it was sent")
      #expect(try await claim(store) == OutboxClaims(withdrawn: 1))
      #expect(try await plan(store) == 0)
      try await scrape(store, duty("Dr. A", "16:00-18:00"))
      #expect(try await plan(store) == 1)
      #expect(try await send(store) == ["14:00 to 16:00"])
    },
    Case(testDescription: "one that moved twice is told as it is now; each move after a message was sent is another") {
      store in
      try await fill(store, duty("Dr. A", "14:00-16:00"))
      try await scrape(store, duty("Dr. A", "15:00-17:00"))
      #expect(try await plan(store) == 1)
      try await scrape(store, duty("Dr. A", "16:00-18:00"))
      #expect(try await plan(store) == 0, "the message that waits says it")
      #expect(try await send(store) == ["14:00 to 16:00"])
      for (from, to) in [("16:00", "15:00"), ("15:00", "16:00"), ("16:00", "14:00"), ("14:00", "16:00")] {
        try await scrape(store, duty("Dr. A", "\(to)-20:00"))
        #expect(try await plan(store) == 1)
        #expect(try await send(store) == ["\(from) to \(to)"])
      }
    },
    Case(testDescription: "what moves between planning and sending is told as it is, and not again afterwards") {
      store in
      try await fill(store, duty("Dr. A", "14:00-16:00"))
      try await scrape(store, duty("Dr. A", "15:00-17:00"))
      #expect(try await plan(store) == 1)
      try await scrape(store, duty("Dr. A", "16:00-18:00"))
      #expect(try await send(store) == ["14:00 to 16:00"])
      #expect(try await plan(store) == 0)
      #expect(try await claim(store).isEmpty)
    },
    Case(
      testDescription: "a cancellation is told when a later scrape confirms it, and its return to those who were told"
    ) {
      store in
      try await fill(store, duty("Dr. A", "14:00-16:00"), duty("Dr. B", "09:00-10:00"))
      try await scrape(store, duty("Dr. B", "09:00-10:00"))
      let plan = try await store.planNews(on: [.email], at: morning, under: nil)
      #expect(plan == NewsPlan(nextAt: morning + NewsSettling.longest))
      try await scrape(store, at: morning + 60, duty("Dr. A", "14:00-16:00"), duty("Dr. B", "09:00-10:00"))
      #expect(try await Self.plan(store, at: morning + later) == 0, "it was missed once")
      try await scrape(store, at: morning + later, duty("Dr. B", "09:00-10:00"))
      try await scrape(store, at: morning + later * 2 - 1, duty("Dr. B", "09:00-10:00"))
      #expect(try await Self.plan(store, at: morning + later * 2 - 1) == 0, "too soon to be another look")
      try await scrape(store, at: morning + later * 2, duty("Dr. B", "09:00-10:00"))
      #expect(try await Self.plan(store, at: morning + later * 2) == 1)
      #expect(try await send(store) == ["14:00 cancelled"])
      _ = try await store.subscribe([NewAddress(.email, "new@example.org")], at: 1)
      try await scrape(store, at: morning + later * 3, duty("Dr. A", "15:00-16:00"), duty("Dr. B", "09:00-10:00"))
      #expect(try await Self.plan(store, at: morning + later * 3) == 1)
      #expect(try await send(store) == ["15:00 back"])
      #expect(try await Self.plan(store, at: morning + later * 3) == 0)
    },
    Case(testDescription: "without another scrape it is told after a time; at once where the duty starts soon") {
      store in
      try await fill(store, duty("Dr. A", "14:00-16:00"), duty("Dr. B", "09:00-10:00"), duty("Dr. C", "08:00-12:00"))
      try await scrape(store)
      #expect(try await plan(store) == 2)
      #expect(try await send(store).sorted() == ["08:00 cancelled", "09:00 cancelled"])
      #expect(try await plan(store, at: morning + NewsSettling.longest - 1) == 0)
      #expect(try await plan(store, at: morning + NewsSettling.longest) == 1)
      #expect(try await send(store, at: morning + NewsSettling.longest) == ["14:00 cancelled"])
    },
    Case(testDescription: "a move that waits says nothing of a cancellation that is not certain") { store in
      try await fill(store, duty("Dr. A", "14:00-16:00"))
      try await scrape(store, duty("Dr. A", "15:00-17:00"))
      #expect(try await plan(store) == 1)
      try await scrape(store)
      #expect(try await claim(store) == OutboxClaims(withdrawn: 1))
      #expect(try await plan(store) == 0)
      #expect(try await plan(store, at: morning + NewsSettling.longest) == 1)
      #expect(try await send(store, at: morning + NewsSettling.longest) == ["14:00 cancelled"])
    },
    Case(testDescription: "a duty that came after somebody was told of the doctor's other one is theirs to be told of")
    {
      store in
      try await fill(store, duty("Dr. A", "14:00-16:00"))
      try await scrape(store, duty("Dr. A", "15:00-16:00"))
      #expect(try await plan(store) == 1)
      #expect(try await send(store) == ["14:00 to 15:00"])
      try await scrape(store, duty("Dr. A", "15:00-16:00"), duty("Dr. A", "18:00-20:00"))
      #expect(try await plan(store) == 0)
      try await scrape(store, duty("Dr. A", "15:00-16:00"), duty("Dr. A", "19:00-20:00"))
      #expect(try await plan(store) == 1)
      #expect(try await send(store) == ["18:00 to 19:00"])
    },
    Case(testDescription: "other rooms are one message; other words for the same are none") { store in
      try await fill(
        store, duty("Dr. A", "14:00-16:00", room: "1"), duty("Dr. A", "14:00-16:00", room: "2"),
        duty("Dr. B", "14:00-16:00"))
      try await scrape(
        store, duty("DR B - MBBS", "2 PM to 4 PM"), duty("Dr. A", "14:00-16:00", room: "2"),
        duty("Dr. A", "14:00-16:00", room: "1"))
      #expect(try await plan(store) == 0)
      try await scrape(
        store, duty("Dr. B", "14:00-16:00"), duty("Dr. A", "14:00-16:00", room: "3"),
        duty("Dr. A", "14:00-16:00", room: "4"))
      #expect(try await plan(store) == 1)
      #expect(try await send(store) == ["14:00 in 1, 2 to 3, 4"])
    },
    Case(testDescription: "what has ended, or came new, is told to nobody") { store in
      try await fill(store, duty("Dr. A", "06:00-08:00"), duty("Dr. B", "07:00-08:15"))
      try await scrape(store, duty("Dr. C", "14:00-16:00"), duty("Dr. B", "16:00-18:00"), duty("Dr. D", "on call"))
      #expect(try await plan(store) == 0)
      try await scrape(store, duty("Dr. C", "14:00-16:00"), duty("Dr. B", "16:00-18:00"), duty("Dr. D", "tomorrow"))
      #expect(try await plan(store, at: morning + 9_000) == 0)
      try await scrape(store, duty("Dr. C", "15:00-16:00"), duty("Dr. B", "16:00-18:00"))
      #expect(try await plan(store) == 1)
      #expect(try await claim(store, at: morning + 7.75 * 3_600) == OutboxClaims(dead: 1))
    },
    Case(testDescription: "a device is told of the doctors that it follows, by the name before and the one after") {
      store in
      try await fill(store, duty("Dr. A", "14:00-16:00"), duty("Dr. B", "14:00-16:00"), duty("Dr. D", "14:00-16:00"))
      for (number, doctor) in ["Dr. A", "Dr. B", "Dr. B, MBBS", "Dr. C"].enumerated() {
        let device = try #require(DeviceID("number-of-device-\(number)"))
        _ = try await store.register(device, token: doctor, limit: 9, at: 1)
        _ = try await store.follow(doctor, by: device, limit: 9, at: 1)
      }
      try await scrape(
        store, duty("Dr. A", "15:00-16:00"), duty("Dr. B, MBBS", "15:00-16:00"), duty("Dr. D", "15:00-16:00"))
      let plan = try await store.planNews(on: [.email, .fcm], at: morning, under: nil)
      #expect(plan.planned == [.email: 3, .fcm: 3])
      #expect(try await store.unfollow("Dr. A", by: try #require(DeviceID("number-of-device-0"))))
      let found = try await store.claim(.fcm, limit: 9, lease: .seconds(60), at: morning, under: nil)
      #expect(found.withdrawn == 1 && found.claims.map(\.recipient.address) == ["Dr. B", "Dr. B, MBBS"])
      #expect(try await store.planNews(on: [.email, .fcm], at: morning, under: nil).planned[.fcm] ?? 0 == 0)
      _ = try await store.follow("Dr. A", by: try #require(DeviceID("number-of-device-0")), limit: 9, at: 1)
      #expect(try await store.planNews(on: [.email, .fcm], at: morning, under: nil).planned[.fcm] == 1)
    },
    Case(testDescription: "who crashed while sending leaves a message that says the same, or what is so now") { store in
      try await fill(store, duty("Dr. A", "14:00-16:00"))
      try await scrape(store, duty("Dr. A", "15:00-17:00"))
      #expect(try await plan(store) == 1)
      let first = try #require(try await claim(store, lease: .zero).claims.first)
      let second = try #require(try await claim(store, lease: .zero).claims.first)
      #expect(second.identity == first.identity && second.news == first.news && second.attempt == 2)
      // It may have been told.
      try await scrape(store, duty("Dr. A", "14:00-16:00"))
      #expect(try await plan(store) == 0)
      let third = try #require(try await claim(store, lease: .zero).claims.first)
      #expect(third.identity != first.identity && third.news?.words == ["15:00 to 14:00"])
      try await scrape(store, duty("Dr. A", "16:00-17:00"))
      #expect(try await plan(store) == 0)
      #expect(try await send(store) == ["14:00 to 16:00"])
      #expect(try await plan(store, at: morning + 60) == 0)
      try await scrape(store, duty("Dr. A", "17:00-18:00"))
      #expect(try await plan(store) == 1)
      #expect(try await send(store) == ["16:00 to 17:00"])
    },
    Case(testDescription: "a doctor's day that changed and is back is no news, whatever is held beside it") { store in
      func inRoom(_ room: String) -> Duty {
        Duty(category: .regular, name: "Dr. A", timing: "14:00-16:00", room: room)
      }
      let other = duty("Dr. B", "14:00-16:00")
      try await fill(store, inRoom("1"), other)
      try await scrape(store, inRoom("2"), other)
      try await scrape(store, inRoom("2"))
      try await scrape(store, inRoom("1"))
      for _ in 0..<3 { #expect(try await plan(store) == 0) }
    },
    Case(testDescription: "what an operator drops is not planned again; what was refused for good neither") { store in
      try await fill(store, duty("Dr. A", "14:00-16:00"), duty("Dr. B", "14:00-16:00"))
      try await scrape(store, duty("Dr. A", "15:00-17:00"))
      #expect(try await plan(store) == 1)
      let entries = try await store.entries(.all([.pending], nil), limit: 9)
      #expect(entries.map(\.event) == [.moved])
      #expect(try await store.drop(.all([.pending], nil), at: morning).count == 1)
      #expect(try await plan(store) == 0)
      #expect(try await plan(store, at: morning + NewsSettling.longest) == 1, "the other doctor's cancellation")
      for claim in try await claim(store, at: morning + 1_800).claims {
        _ = try await store.finish(claim, .dead(reason: "550"), at: morning)
      }
      #expect(try await plan(store, at: morning + 9_000) == 0)
    },
    Case(testDescription: "who chose doctors or a table is told of what changes there, and of nothing else") { store in
      try await fill(store, duty("Dr. A", "14:00-16:00"), duty("Dr. B", "14:00-16:00"))
      try await choose(
        store, "a@example.org", SubscriberChange(doctors: .chosen([try #require(DoctorKey(id: "dr-b"))])))
      _ = try await store.subscribe([NewAddress(.email, "b@example.org")], at: 1)
      try await choose(store, "b@example.org", SubscriberChange(category: .some(.visiting)))
      try await scrape(store, duty("Dr. A", "15:00-16:00"), duty("Dr. B", "14:00-16:00"))
      #expect(try await plan(store) == 0)
      try await scrape(store, duty("Dr. A", "15:00-16:00"), duty("Dr. B", "15:00-16:00"))
      #expect(try await plan(store) == 1)
      try await choose(store, "a@example.org", SubscriberChange(category: .some(.visiting)))
      #expect(try await claim(store) == OutboxClaims(withdrawn: 1))
    },
    Case(testDescription: "who wants to be is told of the day's duties once, of those that they are told of") { store in
      try await fill(
        store, duty("Dr. B", "14:00-16:00"), duty("Dr. A", "08:30-16:00"), duty("Dr. E", "07:00-08:00"),
        duty("Dr. C", "on call"))
      _ = try await store.replace([try day(24, [duty("Dr. D", "14:00-16:00")])], at: morning)
      let today = CampusTime.day(at: morning)
      func digests() async throws -> Int { try await store.planDigests(of: today, on: .email, at: morning) }
      #expect(try await digests() == 0)
      for name in ["b", "c", "d"] {
        _ = try await store.subscribe([NewAddress(.email, name + "@example.org")], at: 1)
        try await choose(store, name + "@example.org", SubscriberChange(wantsDigest: true))
      }
      try await choose(
        store, "c@example.org", SubscriberChange(doctors: .chosen([try #require(DoctorKey(id: "dr-b"))])))
      try await choose(store, "d@example.org", SubscriberChange(category: .some(.visiting)))
      #expect(try await digests() == 3)
      #expect(try await digests() == 0)
      _ = try await store.replace(
        [try day(23, [duty("Dr. B", "15:00-16:00"), duty("Dr. A", "08:30-16:00")])], at: morning)
      let found = try await claim(store)
      #expect(found.withdrawn == 1, "nothing is left for one of them")
      let told = found.claims.map { claim -> String in
        guard case .digest(let digest) = claim.content, digest.date == today else { return "" }
        return claim.recipient.address + digest.duties.map { " \($0.duty.name) \($0.duty.timing)" }.joined()
      }
      #expect(
        told == ["b@example.org Dr. A 08:30-16:00 Dr. B 15:00-16:00", "c@example.org Dr. B 15:00-16:00"])
      for claim in found.claims { #expect(try await store.finish(claim, .sent, at: morning)) }
      #expect(try await digests() == 0)
      #expect(try await claim(store).isEmpty)
      // At 09:00 it is too late.
      _ = try await store.subscribe([NewAddress(.email, "e@example.org")], at: 1)
      try await choose(store, "e@example.org", SubscriberChange(wantsDigest: true))
      #expect(try await digests() == 1)
      #expect(try await claim(store, at: morning + 2_700) == OutboxClaims(dead: 1))
    },
    Case(testDescription: "a term that is over plans nothing") { store in
      try await fill(store, duty("Dr. A", "14:00-16:00"))
      try await scrape(store, duty("Dr. A", "15:00-17:00"))
      let old = try #require(try await store.lead(as: "frozen", lease: .zero))
      let term = try #require(try await store.lead(as: "other", lease: .seconds(30)))
      await #expect(throws: LeaderTermEnded.self) { try await store.planNews(on: [.email], at: morning, under: old) }
      #expect(try await store.outboxCounts().isEmpty)
      #expect(try await store.planNews(on: [.email], at: morning, under: term).planned == [.email: 1])
    },
    Case(testDescription: "whatever happens to the schedule, everybody hears what is net news to them, once") { store in
      for seed in 0..<(LongTests.areAsked ? 150 : 8) {
        var simulation = try NewsSimulation(store, seed: UInt64(seed))
        try await simulation.run()
      }
    },
  ]
}

extension RosterNews {
  /// `14:00 to 15:00`, `14:00 in 1 to 2`, `14:00 cancelled`, `14:00 back`, `14:00 added`.
  var words: [String] {
    items.map { item in
      func clock(_ slot: DoctorRoster.Slot) -> String { CampusTime.clock(at: slot.startsAt) }
      func rooms(_ slot: DoctorRoster.Slot) -> String { slot.rooms.joined(separator: ", ") }
      return switch item {
      case .moved(let from, let to) where from.startsAt == to.startsAt:
        "\(clock(from)) in \(rooms(from)) to \(rooms(to))"
      case .moved(let from, let to): "\(clock(from)) to \(clock(to))"
      case .cancelled(let slot): "\(clock(slot)) cancelled"
      case .back(let slot): "\(clock(slot)) back"
      case .added(let slot): "\(clock(slot)) added"
      }
    }
  }
}
