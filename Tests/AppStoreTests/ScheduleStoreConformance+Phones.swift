import AppDomain
import AppStore
import Plans
import Testing

extension ScheduleStoreConformance {
  private static let phone = "+919876543210"
  /// 23 November 2026, 08:15 at the campus.
  private static let morning = 1_795_401_900.0

  private static func ask(
    _ store: SQLScheduleStore, _ number: String = phone, on channel: NotificationChannel = .sms, hash: String = "h",
    codesPerHour: Int = 30, limit: Int = 100, at time: Double
  ) async throws -> PhoneCodeAsk {
    try await store.askCode(
      for: try #require(PhoneNumber(number)), on: channel, hash: hash, codesPerHour: codesPerHour, limit: limit,
      at: time)
  }

  private static func confirm(
    _ store: SQLScheduleStore, _ number: String = phone, on channel: NotificationChannel = .sms, hash: String = "h",
    at time: Double
  ) async throws -> Subscription? {
    try await store.confirmCode(for: try #require(PhoneNumber(number)), on: channel, hash: hash, at: time)
  }

  private static func subscribe(_ store: SQLScheduleStore, at time: Double = 1_000) async throws -> Subscription {
    _ = try await ask(store, at: time)
    return try #require(try await confirm(store, at: time))
  }

  static let phoneCases: [Case] = [
    Case(testDescription: "a phone is told of nothing until its code is brought back, which is good once") { store in
      guard case .send = try await ask(store, at: 1_000) else { throw StoreError(.failed, "a code was expected") }
      #expect(try await store.activeAddresses().isEmpty)
      #expect(try await confirm(store, hash: "other", at: 1_001) == nil)
      #expect(try await confirm(store, on: .whatsApp, at: 1_001) == nil)
      #expect(try await confirm(store, "+919876543211", at: 1_001) == nil)
      let subscription = try #require(try await confirm(store, at: 1_002))
      #expect(subscription.isNew && !SubscriberNumbers.claims.contains(subscription.number))
      #expect(try await store.activeAddresses() == [.sms: 1])
      #expect(try await confirm(store, at: 1_003) == nil, "a code is good once")
      #expect(try await confirm(store, hash: "", at: 1_003) == nil)
      // The same number comes again an hour later, and leaves by what it was told.
      #expect(try await ask(store, at: 4_599) == .wasSent)
      _ = try await ask(store, at: 4_600)
      let again = try #require(try await confirm(store, at: 4_601))
      #expect(again.number == subscription.number && again.subscriber == subscription.subscriber && !again.isNew)
      #expect(try await store.leave(by: again.number, at: 4_602) == .left)
      #expect(try await store.activeAddresses().isEmpty)
    },
    Case(testDescription: "a code has five tries and ten minutes") { store in
      _ = try await ask(store, at: 1_000)
      for _ in 0..<5 { #expect(try await confirm(store, hash: "x", at: 1_001) == nil) }
      #expect(try await confirm(store, at: 1_002) == nil)
      _ = try await ask(store, "+14155552671", at: 1_000)
      #expect(try await confirm(store, "+14155552671", at: 1_600) == nil)
      _ = try await ask(store, "+14155552672", at: 1_000)
      for _ in 0..<4 { #expect(try await confirm(store, "+14155552672", hash: "x", at: 1_001) == nil) }
      #expect(try await confirm(store, "+14155552672", at: 1_599) != nil)
    },
    Case(
      testDescription:
        "one code a number and hour on each channel, and so many to all; one that was not sent may come again"
    ) {
      store in
      guard case .send(let id) = try await ask(store, at: 1_000) else {
        throw StoreError(.failed, "a code was expected")
      }
      #expect(try await ask(store, hash: "h2", at: 1_001) == .wasSent)
      try await store.forgetCode(id)
      #expect(try await ask(store, hash: "h3", at: 1_002) != .wasSent)
      #expect(try await confirm(store, hash: "h2", at: 1_003) == nil)
      #expect(try await ask(store, on: .whatsApp, at: 1_010) != .wasSent)
      #expect(try await ask(store, "+14155552671", codesPerHour: 2, at: 1_012) == .tooMany(wait: 3_590))
      // The answer is the same for a number that was sent one.
      #expect(try await ask(store, codesPerHour: 2, at: 1_012) == .tooMany(wait: 3_590))
      guard case .send = try await ask(store, "+14155552671", codesPerHour: 2, at: 4_602) else {
        throw StoreError(.failed, "a code was expected")
      }
      // A clock that is set back keeps nobody waiting for long.
      guard case .send = try await ask(store, "+14155552671", at: 100) else {
        throw StoreError(.failed, "a code was expected")
      }
    },
    Case(testDescription: "where there is no room for subscribers, nobody is sent a code") { store in
      _ = try await subscribe(store)
      await #expect(throws: SubscribersFull.self) { _ = try await ask(store, "+14155552671", limit: 1, at: 9_000) }
      await #expect(throws: SubscribersFull.self) { _ = try await ask(store, limit: 1, at: 9_000) }
    },
    Case(
      testDescription:
        "a phone that says stop is stopped, start brings back who had confirmed, the same message nothing"
    ) {
      store in
      let number = try #require(PhoneNumber(phone))
      try await store.resumePhone(number, on: .sms, by: "SM0", at: 999)
      #expect(try await store.activeAddresses().isEmpty, "nobody is subscribed by START alone")
      _ = try await subscribe(store)
      try await store.stopPhone(number, on: .whatsApp, by: "SM1", at: 1_001)
      #expect(try await store.activeAddresses() == [.sms: 1])
      try await store.stopPhone(number, on: .sms, by: "SM2", at: 1_002)
      #expect(try await store.activeAddresses().isEmpty)
      try await store.resumePhone(number, on: .sms, by: "SM3", at: 1_003)
      #expect(try await store.activeAddresses() == [.sms: 1])
      try await store.stopPhone(number, on: .sms, by: "SM2", at: 1_004)
      #expect(try await store.activeAddresses() == [.sms: 1], "what was sent once more")
      try await store.stopPhone(number, on: .sms, by: "SM4", at: 1_005)
      try await store.resumePhone(number, on: .sms, by: "SM3", at: 1_006)
      #expect(try await store.activeAddresses().isEmpty)
    },
    Case(
      testDescription:
        "how far a message came only goes on; of others than the outbox's nothing is kept; a dead number is stopped"
    ) {
      store in
      let number = try #require(PhoneNumber(phone))
      _ = try await subscribe(store)
      _ = try await store.replace([try day(23, [duty("Dr. A", "09:00-12:00")])], at: 1)
      let rows = try await store.duties(on: DutyReminder.days(at: morning))
      let reminders = DutyReminder.due(of: rows.map { ($0.date, $0.duty) }, at: morning)
      #expect(try await store.enqueue(reminders, event: .startsSoon, channel: .sms, at: morning) == 1)
      let claim = try #require(
        try await store.claim(.sms, limit: 8, lease: .seconds(60), at: morning, under: nil).claims.first)
      #expect(claim.recipient.address == phone)
      func record(
        _ status: DeliveryStatus, _ id: Int64, on channel: NotificationChannel = .sms, isGone: Bool = false
      ) async throws -> Bool {
        try await store.record(status, code: nil, of: id, on: channel, to: number, isGone: isGone, at: morning)
      }
      #expect(try await !record(.delivered, claim.id + 1, isGone: true))
      #expect(try await !record(.delivered, claim.id, on: .whatsApp, isGone: true))
      #expect(try await store.activeAddresses() == [.sms: 1])
      #expect(try await record(.sent, claim.id))
      #expect(try await !record(.queued, claim.id))
      #expect(try await !record(.sent, claim.id))
      #expect(try await record(.undelivered, claim.id, isGone: true))
      #expect(try await store.activeAddresses().isEmpty)
      try await store.resumePhone(number, on: .sms, by: "SM9", at: morning)
      #expect(try await !record(.undelivered, claim.id, isGone: true), "the same once more")
      #expect(try await !record(.delivered, claim.id))
      #expect(try await store.activeAddresses() == [.sms: 1])
      #expect(try await store.deliveryCounts() == [.sms: [.undelivered: 1]])
      #expect(try await store.finish(claim, .sent, at: morning))
    },
    Case(
      testDescription:
        "of a channel that is held back, reminders of duties that have started are given up, and no others"
    ) {
      store in
      _ = try await subscribe(store)
      _ = try await store.replace([try day(23, [duty("Dr. A", "08:30-12:00"), duty("Dr. B", "09:10-12:00")])], at: 1)
      let rows = try await store.duties(on: DutyReminder.days(at: morning))
      let reminders = DutyReminder.due(of: rows.map { ($0.date, $0.duty) }, at: morning)
      #expect(try await store.enqueue(reminders, event: .startsSoon, channel: .sms, at: morning) == 2)
      #expect(try await store.expire(.sms, reason: "quiet", at: morning) == 0)
      #expect(try await store.expire(.whatsApp, reason: "quiet", at: morning + 1_800) == 0)
      #expect(try await store.expire(.sms, reason: "quiet", at: morning + 1_800) == 1)
      #expect(try await store.outboxCounts() == [.dead: 1, .pending: 1])
      let entries = try await store.entries(.all([.dead], .sms), limit: 10)
      #expect(entries.map(\.reason) == ["quiet"])
    },
    Case(
      testDescription:
        "a month's cap holds for all channels together, exactly, whoever sends at once; what was not taken makes room"
    ) {
      store in
      let time = 1_795_401_900.0
      let (price, cap) = (Money(microdollars: 8_300), Money(microdollars: 83_000))
      let reserved = try await withThrowingTaskGroup(of: SpendReservation?.self) { group in
        for number in 0..<25 {
          group.addTask {
            try await store.reserve(price, for: number % 2 == 0 ? .sms : .whatsApp, below: cap, at: time)
          }
        }
        return try await group.reduce(into: [SpendReservation]()) { found, one in if let one { found.append(one) } }
      }
      #expect(reserved.count == 10)
      let month = SpendMonth(at: time)
      var spending = try await store.spending(in: month)
      #expect(spending.total == cap && spending.values.contains { $0.isHeld(by: cap) })
      #expect(spending.values.allSatisfy { !$0.isHeld(by: cap + price) }, "a cap that was raised")
      #expect(try await store.reserve(Money(microdollars: 1), for: .sms, below: cap, at: time) == nil)
      try await store.release(try #require(reserved.first))
      spending = try await store.spending(in: month)
      #expect(spending.total == cap - price && spending.values.allSatisfy { !$0.isHeld(by: cap) })
      #expect(try await store.reserve(price, for: .sms, below: cap, at: time) != nil)
      // Another month begins at midnight UTC with nothing.
      #expect(month.text == "2026-11" && month.end == 1_796_083_200)
      #expect(try await store.reserve(price, for: .sms, below: cap, at: month.end - 0.5) == nil)
      #expect(try await store.reserve(cap, for: .sms, below: cap, at: month.end) != nil)
      #expect(SpendMonth(at: month.end).text == "2026-12")
      await #expect(throws: StoreError.self) {
        _ = try await store.reserve(Money(nanodollars: 1), for: .sms, below: cap, at: time)
      }
    },
  ]
}
