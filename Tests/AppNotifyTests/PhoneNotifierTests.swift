import AppDomain
import AppStore
import Channels
import Curl
import Foundation
import Plans
import Secrets
import ServiceLifecycle
import Telemetry
import TestSupport
import Testing

@testable import AppNotify

/// What goes to phones: over a real SQLite file, by a real peer, with a clock that is set.
@Suite(.enabled(if: TwilioPeer.python != nil, "no twilio: scripts/setup test"), .timeLimit(.minutes(2)))
struct PhoneNotifierTests {
  private static let price = Money(microdollars: 8_300)

  private struct Setup {
    let peer: TwilioPeer
    let notifier: NotifierUnderTest
    let paid: PaidChannel
    let budget: MessageBudget

    var store: SQLScheduleStore { notifier.store }

    func subscribe(_ number: String) async throws {
      let number = try #require(PhoneNumber(number))
      _ = try await store.askCode(for: number, on: .sms, hash: "h", codesPerHour: 100, limit: 100, at: 1_000)
      _ = try #require(try await store.confirmCode(for: number, on: .sms, hash: "h", at: 1_000))
    }

    func spent() async throws -> Money { try await store.spending(in: SpendMonth(at: NotifierUnderTest.morning)).total }
  }

  private static func with(
    cap: Money = Money(dollars: 20), quietHours: QuietHours? = nil, _ body: (Setup) async throws -> Void
  ) async throws {
    let client = try CurlClient()
    defer { client.shutdown() }
    try await withTemporaryDirectory { folder in
      let peer = try await TwilioPeer.start(in: folder)
      let clock = NotifierUnderTest.TestClock()
      let registry = MetricsRegistry()
      let store = try await SQLScheduleStore(path: folder + "/test.sqlite")
      let budget = MessageBudget(
        prices: MessagePrices([.init(channel: .sms, prefix: "+1415", perSegment: price, asOf: "2026-11-09")]), cap: cap,
        store: store, registry: registry, logger: silentLogger, channels: [.sms])
      let twilio = TwilioChannel(
        account: TwilioAccount(
          sid: peer.description.account, password: Redacted(peer.description.token), base: peer.url),
        route: .sms(.from("+14155550100")), client: client
      ) { clock.now }
      let paid = PaidChannel(.sms, by: twilio, budget: budget, quietHours: quietHours) { clock.now }
      let notifier = try await NotifierUnderTest(in: folder, channels: [.sms: paid], clock: clock)
      try await body(Setup(peer: peer, notifier: notifier, paid: paid, budget: budget))
      try await notifier.store.close()
      try await store.close()
    }
  }

  @Test("in quiet hours no phone rings; at their end those are told whose duty has not started, the others never")
  func quiet() async throws {
    try await Self.with(quietHours: QuietHours("22:00-09:00")) { setup in
      try await setup.subscribe("+14155552671")
      try await setup.notifier.schedule(("Dr. A", "08:30-12:00"), ("Dr. B", "09:10-12:00"))
      #expect(try await setup.notifier.notifier.round() == 0)
      #expect(try await setup.store.outboxCounts() == [.pending: 2])
      setup.notifier.clock.advance(minutes: 20)
      #expect(try await setup.notifier.notifier.round() == 0)
      #expect(
        try await setup.store.entries(.all([.dead], nil), limit: 9).map(\.reason) == ["the duty started in quiet hours"]
      )
      #expect(setup.notifier.metric(#"notifications_total{channel="sms",result="dead"}"#) == "1")
      #expect(try setup.peer.requests().isEmpty)
      setup.notifier.clock.advance(minutes: 25)
      #expect(try await setup.notifier.notifier.round() == 1)
      #expect(try setup.peer.requests().map { $0.fields["Body"]?.prefix(14) } == ["Dr. B at 09:10"])
      #expect(try setup.peer.requests().first?.fields["ValidityPeriod"] == "600")
    }
  }

  @Test("a reminder that waited until its duty has started is given up")
  func late() async throws {
    try await Self.with { setup in
      try await setup.subscribe("+14155555000")
      try await setup.notifier.schedule(("Dr. A", "09:00-12:00"))
      #expect(try await setup.notifier.notifier.round() == 0)
      setup.notifier.clock.advance(minutes: 50)
      #expect(try await setup.notifier.notifier.round() == 0)
      #expect(
        try await setup.store.entries(.all([.dead], nil), limit: 9).first?.reason?.contains("has started") == true)
      #expect(try setup.peer.requests().count == 1)
    }
  }

  @Test("what was certainly not taken costs nothing, what may have been does; a gone number is stopped")
  func costs() async throws {
    try await Self.with { setup in
      for (number, cost) in [
        ("+14155551999", Money.zero), ("+14155550429", .zero), ("+14155550003", .zero), ("+14155551610", .zero),
        ("+14155555000", Self.price), ("+14155558888", Self.price), ("+14155552671", Self.price),
        ("+14155551111", Self.price),
      ] {
        let before = try await setup.spent()
        let message = ChannelMessage(
          id: "1", recipient: number, title: "Dr. A at 09:00", text: "x", summary: "Starts in 45 minutes",
          expiresAt: NotifierUnderTest.morning + 60)
        try? await setup.paid.send(message)
        #expect(try await setup.spent() - before == cost, "\(number)")
      }
      let count = try setup.peer.requests().count
      for recipient in ["+442079460958", "nobody"] {
        let message = ChannelMessage(
          id: "1", recipient: recipient, title: "a", text: "x", expiresAt: NotifierUnderTest.morning + 60)
        let error = await #expect(throws: ChannelError.self) { try await setup.paid.send(message) }
        #expect(error?.code == .refused)
      }
      #expect(try setup.peer.requests().count == count)
      try await setup.subscribe("+14155551610")
      try await setup.notifier.schedule(("Dr. A", "09:00-12:00"))
      #expect(try await setup.notifier.notifier.round() == 0)
      #expect(try await setup.store.activeAddresses().isEmpty)
    }
  }

  @Test("of many who are to be told at the cap, as many are as it pays for; when it is raised, the others")
  func cap() async throws {
    try await Self.with(cap: Money(microdollars: 3 * 8_300 + 1)) { setup in
      for number in 1...6 { try await setup.subscribe("+1415555267\(number)") }
      try await setup.notifier.schedule(("Dr. A", "09:00-12:00"))
      #expect(try await setup.notifier.notifier.round() == 3)
      #expect(try await setup.notifier.notifier.round() == 0)
      #expect(try setup.peer.requests().count == 3)
      #expect(
        try await setup.paid.hold(at: NotifierUnderTest.morning)?.until == SpendMonth(at: NotifierUnderTest.morning).end
      )
      #expect(try await setup.store.outboxCounts() == [.sent: 3, .pending: 3])
      setup.notifier.clock.advance(minutes: 50)
      #expect(try await setup.notifier.notifier.round() == 0)
      #expect(
        try await setup.store.entries(.all([.dead], nil), limit: 9).map { $0.reason?.contains("cap of $0.024901") } == [
          true, true, true,
        ])
    }
  }

  @Test("a code is sent to a phone, and confirms it; answers tell nothing of who is subscribed")
  func codes() async throws {
    try await Self.with(quietHours: QuietHours("08:00-09:00")) { setup in
      let sender = CodeSender(
        store: setup.store, channels: [.sms: setup.paid], budget: setup.budget, secret: Redacted("0123456789abcdef"),
        codesPerHour: 3, subscribers: 100, logger: silentLogger, now: { NotifierUnderTest.morning })
      let group = ServiceGroup(services: [sender], logger: silentLogger)
      async let running: Void = group.run()
      let phone = try #require(PhoneNumber("+14155552671"))
      #expect(try await sender.ask(for: phone, on: .sms) == .taken)
      #expect(try await sender.ask(for: phone, on: .sms) == .taken)
      #expect(try await sender.ask(for: phone, on: .whatsApp) == .off)
      let british = try #require(PhoneNumber("+442079460958"))
      #expect(try await sender.ask(for: british, on: .sms) == .unpriced(["+1415"]))
      let peer = setup.peer
      while try peer.requests().isEmpty { await Task.yield() }
      let request = try #require(try peer.requests().first)
      let body = try #require(request.fields["Body"])
      let code = String(body.prefix(6))
      #expect(SMSText(body).segments == 1 && code.allSatisfy(\.isNumber) && request.fields["ValidityPeriod"] == "600")
      let other = code == "000000" ? "000001" : "000000"
      #expect(try await sender.confirm(phone, on: .sms, code: other) == nil)
      let neighbour = try #require(PhoneNumber("+14155552672"))
      #expect(try await sender.confirm(neighbour, on: .sms, code: code) == nil)
      #expect(try await sender.confirm(phone, on: .sms, code: code)?.isNew == true)
      #expect(try await sender.confirm(phone, on: .sms, code: code) == nil)
      // One that is certainly not sent may be asked for again at once; one that is refused may not.
      let busy = try #require(PhoneNumber("+14155550429"))
      #expect(try await sender.ask(for: busy, on: .sms) == .taken)
      while try peer.requests().count < 2 { await Task.yield() }
      for number in ["+14155551614", "+14155552673"] {
        let number = try #require(PhoneNumber(number))
        while try await sender.ask(for: number, on: .sms) != .taken { await Task.yield() }
      }
      while try peer.requests().count < 4 { await Task.yield() }
      #expect(try await sender.ask(for: busy, on: .sms) == .tooMany(wait: 3_600))
      #expect(try await setup.spent() == Self.price * 2)
      await group.triggerGracefulShutdown()
      try await running
    }
  }
}
