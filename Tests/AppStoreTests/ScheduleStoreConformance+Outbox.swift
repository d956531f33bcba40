import AppDomain
import AppStore
import Testing

extension ScheduleStoreConformance {
  /// 23 November 2026, 08:15 at the campus.
  private static let morning = 1_795_401_900.0

  /// Two subscribers, and a day with a duty at 09:00 and one at 10:00.
  private static func fill(_ store: SQLScheduleStore) async throws -> [DutyReminder] {
    for name in ["a", "b"] { _ = try await store.subscribe([NewAddress(.email, name + "@example.org")], at: 1) }
    _ = try await store.replace([try day(23, [duty("Dr. A", "09:00-12:00"), duty("Dr. B", "10:00-12:00")])], at: 1)
    return try await due(store)
  }

  private static func due(_ store: SQLScheduleStore, at time: Double = morning) async throws -> [DutyReminder] {
    let rows = try await store.duties(on: DutyReminder.days(at: time))
    return DutyReminder.due(of: rows.map { ($0.date, $0.duty) }, at: time, lead: 60)
  }

  private static func claim(
    _ store: SQLScheduleStore, limit: Int = 100, lease: Duration = .seconds(600), at time: Double = morning,
    under term: LeaderTerm? = nil
  ) async throws -> OutboxClaims {
    try await store.claim(.email, limit: limit, lease: lease, at: time, under: term)
  }

  private static func enqueue(_ store: SQLScheduleStore, _ reminders: [DutyReminder]) async throws -> Int {
    try await store.enqueue(reminders, event: .startsSoon, channel: .email, at: morning)
  }

  static let outboxCases: [Case] = [
    Case(testDescription: "the duties of days come by date, then in worksheet order") { store in
      let days = [
        try day(24, [duty("Dr. C", "08:00")]), try day(23, [duty("Dr. B", "09:00"), duty("Dr. A", "08:00")]),
      ]
      _ = try await store.replace(days + [try day(26, [duty("Dr. D", "08:00")])], at: 1)
      let dates = [days[1].date, days[0].date, days[0].date.adding(days: 1)]
      #expect(try await store.duties(on: dates).map(\.duty.name) == ["Dr. B", "Dr. A", "Dr. C"])
      #expect(try await store.duties(on: []).isEmpty)
    },
    Case(testDescription: "each active subscriber of the channel has one message a duty, however often it is planned") {
      store in
      let reminders = try await fill(store)
      #expect(reminders.map(\.duty.name) == ["Dr. A"])
      _ = try await store.subscribe([NewAddress(.webPush, "https://push.example/1")], at: 1)
      _ = try await store.subscribe([NewAddress(.email, "gone@example.org")], at: 1)
      #expect(try await store.unsubscribe(.email, address: "gone@example.org", at: 1))
      #expect(try await enqueue(store, reminders) == 2)
      #expect(try await enqueue(store, reminders) == 0)
      let claims = try await claim(store).claims
      #expect(claims.map(\.recipient.address) == ["a@example.org", "b@example.org"])
      #expect(claims.allSatisfy { $0.attempt == 1 && $0.event == .startsSoon && $0.reminder == reminders[0] })
      for claim in claims { #expect(try await store.finish(claim, .sent, at: morning)) }
      #expect(try await enqueue(store, reminders) == 0)
      #expect(try await claim(store).isEmpty)
      #expect(try await store.outboxCounts() == [.sent: 2])
    },
    Case(testDescription: "what became of a message is kept also by a task that was cancelled meanwhile") { store in
      #expect(try await enqueue(store, try await fill(store)) == 2)
      let claims = try await claim(store).claims
      try await Task {
        withUnsafeCurrentTask { $0?.cancel() }
        for claim in claims { _ = try await store.finish(claim, .sent, at: morning) }
      }.value
      #expect(try await store.outboxCounts() == [.sent: 2])
    },
    Case(testDescription: "a duty that is read again in other words is the same; its row's new id makes no new message")
    {
      store in
      #expect(try await enqueue(store, try await fill(store)) == 2)
      for claim in try await claim(store).claims { _ = try await store.finish(claim, .sent, at: morning) }
      _ = try await store.replace([try day(23, [])], at: 2)
      _ = try await store.replace([try day(23, [duty("DR A - MBBS", "9 AM to 12.00 PM", room: "7")])], at: 3)
      let again = try await due(store)
      #expect(again.map(\.duty.name) == ["DR A - MBBS"])
      #expect(try await enqueue(store, again) == 0)
    },
    Case(testDescription: "many that claim at once share the messages, each to one") { store in
      let reminders = try await fill(store)
      for number in 0..<38 { _ = try await store.subscribe([NewAddress(.email, "s\(number)@example.org")], at: 1) }
      #expect(try await enqueue(store, reminders) == 40)
      let ids = try await withThrowingTaskGroup(of: [Int64].self) { group in
        for _ in 0..<8 {
          group.addTask {
            var ids: [Int64] = []
            while case let found = try await claim(store, limit: 3), !found.isEmpty { ids += found.claims.map(\.id) }
            return ids
          }
        }
        return try await group.reduce(into: [Int64]()) { $0 += $1 }
      }
      #expect(ids.count == 40 && Set(ids).count == 40)
    },
    Case(testDescription: "an expired lease is another's: its first holder can't say any more what became of it") {
      store in
      #expect(try await enqueue(store, try await fill(store)) == 2)
      let late = try #require(try await claim(store, limit: 1, lease: .zero).claims.first)
      let second = try #require(try await claim(store, limit: 1).claims.first)
      #expect(second.id == late.id && second.attempt == 2 && second.token != late.token)
      #expect(try await !store.finish(late, .dead(reason: "late"), at: morning))
      #expect(try await store.finish(second, .sent, at: morning))
      #expect(try await store.outboxCounts() == [.sent: 1, .pending: 1])
    },
    Case(testDescription: "a failed try waits as long as it is told; a refusal ends it") { store in
      #expect(try await enqueue(store, try await fill(store)) == 2)
      let claims = try await claim(store).claims
      #expect(try await store.finish(claims[0], .retry(after: .zero, reason: "busy\0"), at: morning))
      #expect(try await store.finish(claims[1], .retry(after: .seconds(3_600), reason: "busy"), at: morning))
      let again = try await claim(store).claims
      #expect(again.map(\.id) == [claims[0].id] && again.map(\.attempt) == [2])
      #expect(try await store.finish(again[0], .dead(reason: String(repeating: "x", count: 9_000)), at: morning))
      #expect(try await claim(store).isEmpty)
      #expect(try await store.outboxCounts() == [.dead: 1, .pending: 1])
    },
    Case(testDescription: "when a message is due next is known: at once, after its wait, when its lease expires") {
      store in
      let reminders = try await fill(store)
      #expect(try await store.nextDelivery(.email, at: morning) == nil)
      #expect(try await enqueue(store, reminders) == 2)
      #expect(try #require(try await store.nextDelivery(.email, at: morning)) <= .zero)
      #expect(try await store.nextDelivery(.webPush, at: morning) == nil)
      let claims = try await claim(store, lease: .seconds(300)).claims
      let lease = try #require(try await store.nextDelivery(.email, at: morning))
      #expect(lease > .seconds(200) && lease <= .seconds(300))
      _ = try await store.finish(claims[0], .retry(after: .seconds(100), reason: "busy"), at: morning)
      let retry = try #require(try await store.nextDelivery(.email, at: morning))
      #expect(retry > .seconds(50) && retry <= .seconds(100))
      _ = try await store.finish(claims[1], .sent, at: morning)
      #expect(try #require(try await store.nextDelivery(.email, at: morning)) <= .seconds(100))
    },
    Case(testDescription: "a duty that was moved or cancelled after planning is not announced; one that is back is") {
      store in
      let reminders = try await fill(store)
      #expect(try await enqueue(store, reminders) == 2)
      _ = try await store.replace([try day(23, [duty("Dr. A", "09:10-12:00")])], at: 2)
      #expect(try await claim(store) == OutboxClaims(withdrawn: 2))
      let moved = try await due(store)
      #expect(try await enqueue(store, moved) == 2)
      #expect(try await claim(store).claims.map(\.reminder.duty.timing) == ["09:10-12:00", "09:10-12:00"])
      _ = try await store.replace([try day(23, [])], at: 3)
      #expect(try await due(store).isEmpty)
      _ = try await store.replace([try day(23, [duty("Dr. A", "09:00-12:00")])], at: 4)
      #expect(try await enqueue(store, try await due(store)) == 2, "withdrawn messages wait again")
      #expect(try await claim(store).claims.count == 2)
    },
    Case(testDescription: "who leaves after planning hears nothing") { store in
      #expect(try await enqueue(store, try await fill(store)) == 2)
      #expect(try await store.unsubscribe(.email, address: "a@example.org", at: 2))
      let found = try await claim(store)
      #expect(found.withdrawn == 1 && found.claims.map(\.recipient.address) == ["b@example.org"])
    },
    Case(testDescription: "another room or end is told as it is now; once the duty has ended the message is dead") {
      store in
      #expect(try await enqueue(store, try await fill(store)) == 2)
      _ = try await store.replace([try day(23, [duty("Dr. A", "09:00-13:00", room: "9")])], at: 2)
      let first = try #require(try await claim(store, limit: 1, lease: .zero).claims.first)
      #expect(first.reminder.rooms == ["9"] && first.reminder.duty.timing == "09:00-13:00")
      // 12:59 and 13:00 at the campus.
      #expect(try await claim(store, lease: .zero, at: morning + 4 * 3_600 + 44 * 60).claims.count == 2)
      #expect(try await claim(store, at: morning + 4 * 3_600 + 45 * 60) == OutboxClaims(dead: 2))
      #expect(try await store.outboxCounts() == [.dead: 2])
    },
    Case(testDescription: "a device is told of the doctors that it follows, once, and not of those it has left") {
      store in
      let reminders = try await fill(store)
      let names = ["number-of-device-a", "number-of-device-b", "number-of-device-c", "number-of-device-d"]
      let devices = try names.map { try #require(DeviceID($0)) }
      for (number, device) in devices.enumerated() where number < 3 {
        _ = try await store.register(device, token: "token-\(number)", limit: 9, at: 1)
      }
      // The third follows another doctor, the fourth can't be reached.
      for (device, doctor) in zip(devices, ["Dr. A", "Dr. A", "Dr. B", "Dr. A"]) {
        _ = try await store.follow(doctor, by: device, limit: 9, at: 1)
      }
      func plan() async throws -> Int {
        try await store.enqueue(reminders, event: .startsSoon, channel: .fcm, at: morning)
      }
      #expect(try await plan() == 2)
      #expect(try await plan() == 0)
      #expect(try await enqueue(store, reminders) == 2, "mails go to everybody")
      #expect(try await store.unfollow("Dr. A", by: devices[1]))
      let found = try await store.claim(.fcm, limit: 9, lease: .seconds(60), at: morning, under: nil)
      #expect(found.withdrawn == 1 && found.claims.map(\.recipient.address) == ["token-0"])
      #expect(try await plan() == 0, "who has left is not told again")
      #expect(try await store.follow("Dr. A", by: devices[1], limit: 9, at: 2))
      #expect(try await plan() == 1)
      _ = try await store.register(devices[1], token: "newer", limit: 9, at: 3)
      let again = try await store.claim(.fcm, limit: 9, lease: .seconds(60), at: morning, under: nil)
      #expect(again.claims.map(\.recipient.address) == ["newer"])
      for claim in found.claims + again.claims { #expect(try await store.finish(claim, .sent, at: morning)) }
      #expect(try await plan() == 0)
    },
    Case(testDescription: "a term that is over claims nothing") { store in
      #expect(try await enqueue(store, try await fill(store)) == 2)
      let old = try #require(try await store.lead(as: "frozen", lease: .zero))
      let term = try #require(try await store.lead(as: "other", lease: .seconds(30)))
      await #expect(throws: LeaderTermEnded.self) { try await claim(store, under: old) }
      #expect(try await store.outboxCounts() == [.pending: 2])
      #expect(try await claim(store, under: term).claims.count == 2)
    },
    Case(testDescription: "messages of duties that ended long ago are forgotten") { store in
      #expect(try await enqueue(store, try await fill(store)) == 2)
      try await store.pruneOutbox(endedBefore: morning)
      #expect(try await store.outboxCounts() == [.pending: 2])
      try await store.pruneOutbox(endedBefore: morning + 86_400)
      #expect(try await store.outboxCounts().isEmpty)
    },
  ]
}
