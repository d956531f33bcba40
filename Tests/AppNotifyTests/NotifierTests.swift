import AppDomain
import AppStore
import Channels
import Services
import Synchronization
import TestSupport
import Testing
import Wording

@testable import AppNotify

struct NotifierTests {
  @Test("every subscriber hears once of a duty that starts within the hour, and of no other")
  func once() async throws {
    try await withTemporaryDirectory { directory in
      let test = try await NotifierUnderTest(in: directory)
      try await test.subscribe("a", "b")
      // Of these, at 08:15, one is running, one starts within the hour, one later, one can't be read.
      try await test.schedule(
        ("Dr. Runs", "08:00-12:00"), ("Dr. Soon", "09:00-12:00"), ("Dr. Later", "09:16-12:00"), ("Dr. Odd", "on call"))
      #expect(try await test.notifier.round() == 2)
      #expect(try await test.notifier.round() == 0)
      #expect(test.channel.taken.map(\.title) == ["Dr. Soon at 09:00, room 4", "Dr. Soon at 09:00, room 4"])
      #expect(Set(test.channel.taken.map(\.recipient)) == ["a@example.net", "b@example.net"])
      #expect(Set(test.channel.taken.map(\.id)).count == 2)
      #expect(test.channel.taken.allSatisfy { $0.text.contains("Starts in 45 minutes.") })
      test.clock.advance(minutes: 1)
      try await test.subscribe("late")
      #expect(try await test.notifier.round() == 4, "the third subscriber of both, the first two of the later duty")
      #expect(test.metric(#"notifications_total{channel="email",result="sent"}"#) == "6")
      #expect(test.metric(#"outbox_messages{state="sent"}"#) == "6")
      #expect(test.metric(#"outbox_messages{state="pending"}"#) == "0")
    }
  }

  @Test("while another leads, nothing is planned and nothing sent")
  func follower() async throws {
    try await withTemporaryDirectory { directory in
      let test = try await NotifierUnderTest(in: directory, leads: false)
      try await test.subscribe("a")
      try await test.schedule(("Dr. A", "09:00-12:00"))
      #expect(try await test.notifier.round() == 0)
      #expect(test.channel.taken.isEmpty)
      #expect(try await test.store.outboxCounts().isEmpty)
    }
  }

  @Test("what fails in passing is tried again after a growing wait, until the duty has ended")
  func retries() async throws {
    try await withTemporaryDirectory { directory in
      let test = try await NotifierUnderTest(in: directory)
      test.channel.answer { _ in ChannelError(.temporary, "451 busy") }
      try await test.subscribe("a")
      try await test.schedule(("Dr. A", "09:00-10:00"))
      var tries: [Double] = []
      for minute in 0..<150 {
        let before = test.channel.refused
        try await test.notifier.round()
        if test.channel.refused > before { tries.append(Double(minute)) }
        test.clock.advance(minutes: 1)
      }
      // Half of 10 s · 2ⁿ, at most 5 minutes: the waits by the full minutes at which it is looked.
      #expect(tries.prefix(6) == [0, 1, 2, 3, 4, 6])
      #expect(tries.last.map { $0 < 105 } == true, "the duty ends 105 minutes after the first look")
      #expect(try await test.store.outboxCounts() == [.dead: 1])
      #expect(test.metric(#"notifications_total{channel="email",result="dead"}"#) == "1")
    }
  }

  @Test("what is refused for good is not tried again, and holds up nobody else")
  func refused() async throws {
    try await withTemporaryDirectory { directory in
      let test = try await NotifierUnderTest(in: directory)
      test.channel.answer { message in
        switch message.recipient.prefix(1) {
        case "r": ChannelError(.refused, "550 no such user")
        case "g": ChannelError(.gone, "410")
        default: nil
        }
      }
      try await test.subscribe("r", "g", "a")
      try await test.schedule(("Dr. A", "09:00-10:00"))
      #expect(try await test.notifier.round() == 1)
      #expect(try await test.notifier.round() == 0)
      #expect(test.channel.refused == 2)
      #expect(try await test.store.outboxCounts() == [.dead: 2, .sent: 1])
      #expect(try await test.store.activeAddresses() == [.email: 2], "an address that is gone is unsubscribed")
    }
  }

  @Test("an address that came while the one before it was found to be gone stays")
  func replaced() async throws {
    try await withTemporaryDirectory { directory in
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      let device = try #require(DeviceID("number-of-device-a"))
      let channel = RecordingChannel(
        onSend: { message in
          guard message.recipient == "old" else { return }
          _ = try? await store.register(device, token: "new", limit: 9, at: 2)
        }, answer: { $0.recipient == "old" ? ChannelError(.gone, "UNREGISTERED") : nil })
      let test = try await NotifierUnderTest(in: directory, channels: [.fcm: channel])
      _ = try await store.register(device, token: "old", limit: 9, at: 1)
      _ = try await store.follow("Dr. A", by: device, limit: 9, at: 1)
      try await test.schedule(("Dr. A", "09:00-10:00"), ("Dr. B", "09:00-10:00"))
      #expect(try await test.notifier.round() == 0)
      #expect(try await test.store.activeAddresses() == [.fcm: 1])
      try await test.schedule(("Dr. A", "09:10-10:00"))
      #expect(try await test.notifier.round() == 1)
      #expect(channel.taken.map(\.recipient) == ["new"])
      let message = try #require(channel.taken.first)
      #expect(message.summary == "Starts in 55 minutes: 09:10 to 10:00, Regular/Dentist")
      #expect(message.topic?.utf8.count == 32)
      try await store.close()
    }
  }

  @Test("when the other side takes nothing, the rest waits for the next round")
  func away() async throws {
    try await withTemporaryDirectory { directory in
      let test = try await NotifierUnderTest(in: directory)
      test.channel.answer { _ in ChannelError(.configuration, "535 wrong password") }
      for number in 0..<30 { try await test.subscribe("s\(number)") }
      try await test.schedule(("Dr. A", "09:00-10:00"))
      #expect(try await test.notifier.round() == 0)
      #expect(test.channel.refused == 8)
      test.channel.answer { _ in nil }
      test.clock.advance(minutes: 1)
      #expect(try await test.notifier.round() == 30)
      #expect(Set(test.channel.taken.map(\.recipient)).count == 30)
    }
  }

  @Test("of a channel's other sides, one that is away holds up none of the others")
  func providers() async throws {
    try await withTemporaryDirectory { directory in
      let channel = RecordingChannel(provider: { String($0.dropFirst("https://".count).prefix(1)) })
      channel.answer { $0.recipient.hasPrefix("https://a") ? ChannelError(.temporary, "503") : nil }
      let test = try await NotifierUnderTest(in: directory, channels: [.webPush: channel])
      for number in 0..<60 {
        let side = number < 30 ? "a" : "b"
        _ = try await test.store.subscribe([NewAddress(.webPush, "https://\(side).example/\(number)")], at: 1)
      }
      try await test.schedule(("Dr. A", "09:00-10:00"))
      #expect(try await test.notifier.round() == 30)
      #expect(channel.refused == 8, "those that were under way at once, and no more")
      #expect(test.metric("notification_providers_held{channel=\"web_push\"}") == "1")
      channel.answer { _ in nil }
      test.clock.advance(minutes: 1)
      #expect(try await test.notifier.round() == 25, "three to see whether it is back; those beside them wait")
      test.clock.advance(minutes: 1)
      #expect(try await test.notifier.round() == 5)
      #expect(test.metric("notification_providers_held{channel=\"web_push\"}") == "0")
    }
  }

  @Test("a server that puts off each recipient whom it does not know is asked of all of them")
  func greylisting() async throws {
    try await withTemporaryDirectory { directory in
      let test = try await NotifierUnderTest(in: directory)
      let met = Mutex<Set<String>>([])
      test.channel.answer { message in
        met.withLock { $0.insert(message.recipient).inserted }
          ? ChannelError(.temporary, "450 try again", isOfMessage: true) : nil
      }
      for number in 0..<30 { try await test.subscribe("s\(number)") }
      try await test.schedule(("Dr. A", "09:00-10:00"))
      #expect(try await test.notifier.round() == 0)
      #expect(test.channel.refused == 30)
      test.clock.advance(minutes: 1)
      #expect(try await test.notifier.round() == 30)
    }
  }

  @Test("a channel that is slow lets the others be looked at again before all of its own is sent")
  func turns() async throws {
    try await withTemporaryDirectory { directory in
      let clock = NotifierUnderTest.TestClock()
      let channel = RecordingChannel(onSend: { _ in clock.advance(minutes: 0.05) })
      let test = try await NotifierUnderTest(in: directory, channel: channel, clock: clock)
      for number in 0..<40 { try await test.subscribe("s\(number)") }
      try await test.schedule(("Dr. A", "09:10-12:00"))
      var rounds = 0
      while test.channel.taken.count < 40, rounds < 30 {
        try await test.notifier.round()
        rounds += 1
      }
      #expect(test.channel.taken.count == 40 && rounds > 2)
    }
  }

  @Test("messages of a channel with a rate go at that rate")
  func rate() async throws {
    try await withTemporaryDirectory { directory in
      let clock = NotifierUnderTest.TestClock()
      let times = Mutex<[Duration]>([])
      let channel = RecordingChannel(onSend: { _ in times.withLock { $0.append(clock.monotonic) } })
      var options = Notifier.Options()
      options.rates = [.email: 0.5]
      options.concurrencies = [.email: 1]
      let test = try await NotifierUnderTest(in: directory, channel: channel, clock: clock, options: options)
      for number in 0..<10 { try await test.subscribe("s\(number)") }
      try await test.schedule(("Dr. A", "09:00-10:00"))
      #expect(try await test.notifier.round() == 10)
      #expect(times.withLock { $0 } == (0..<10).map { .seconds(2 * $0) })
    }
  }

  @Test("a lease that has run out while the process was frozen is not used")
  func frozen() async throws {
    try await withTemporaryDirectory { directory in
      let clock = NotifierUnderTest.TestClock()
      let channel = RecordingChannel(onSend: { _ in clock.advance(minutes: 2) })
      let test = try await NotifierUnderTest(in: directory, channel: channel, clock: clock)
      for number in 0..<8 { try await test.subscribe("s\(number)") }
      try await test.schedule(("Dr. A", "09:00-12:00"))
      // One is under way when the process stops for two minutes; those that had not begun are left to another try.
      for _ in 0..<8 { try await test.notifier.round() }
      let ids = channel.taken.map(\.id)
      #expect(Set(ids).count == 8)
      #expect(try await test.store.outboxCounts() == [.sent: 8])
    }
  }

  @Test("another try has the same identity")
  func identity() async throws {
    try await withTemporaryDirectory { directory in
      let ids = Mutex<[String]>([])
      let channel = RecordingChannel(onSend: { message in ids.withLock { $0.append(message.id) } })
      let test = try await NotifierUnderTest(in: directory, channel: channel)
      channel.answer { _ in ChannelError(.temporary, "451") }
      try await test.subscribe("a")
      try await test.schedule(("Dr. A", "09:00-12:00"))
      for _ in 0..<5 {
        try await test.notifier.round()
        test.clock.advance(minutes: 5)
      }
      let all = ids.withLock { $0 }
      #expect(all.count > 2 && Set(all).count == 1)
    }
  }

  /// Runs the service under a faked clock, which each wait moves on; `body` has every wait, and says when it is enough.
  private func run(
    _ test: NotifierUnderTest, upTo longest: Duration = .seconds(900), woken bell: Bell = Bell(),
    _ body: (_ number: Int, _ wait: Duration) async throws -> Bool
  ) async throws {
    let (waits, wait) = AsyncStream<Duration>.makeStream()
    let (turns, turn) = AsyncStream<Void>.makeStream()
    let service = test.notifier.rounds(upTo: longest, woken: bell) { duration in
      wait.yield(duration)
      test.clock.advance(minutes: duration.seconds / 60)
      for await _ in turns { break }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await service.run() }
      var number = 0
      for await duration in waits {
        number += 1
        if try await body(number, duration) { break }
        turn.yield()
      }
      group.cancelAll()
      turn.finish()
      try await group.waitForAll()
    }
  }

  @Test("the service sleeps until the next duty is to be announced, and a quarter of an hour at most")
  func sleeps() async throws {
    try await withTemporaryDirectory { directory in
      let test = try await NotifierUnderTest(in: directory)
      try await test.subscribe("a")
      // At 08:15 the first is due, the second at 08:20, the third at 08:50.
      try await test.schedule(("Dr. A", "09:00-10:00"), ("Dr. B", "09:20-10:00"), ("Dr. C", "09:50-10:00"))
      var seen: [Duration] = []
      var sent: [Int] = []
      try await run(test) { number, wait in
        seen.append(wait)
        sent.append(test.channel.taken.count)
        return number == 4
      }
      #expect(seen == [.seconds(300), .seconds(900), .seconds(900), .seconds(900)])
      #expect(sent == [1, 2, 2, 3])
      #expect(test.channel.taken.last?.text.contains("Starts in 60 minutes.") == true, "told when it was due")
    }
  }

  @Test("a message that failed is tried again when its wait is over; those that were left, after a pause")
  func retried() async throws {
    try await withTemporaryDirectory { directory in
      let test = try await NotifierUnderTest(in: directory)
      test.channel.answer { _ in ChannelError(.temporary, "451") }
      for number in 0..<9 { try await test.subscribe("s\(number)") }
      try await test.schedule(("Dr. A", "09:00-10:00"))
      var seen: [Duration] = []
      try await run(test) { number, wait in
        seen.append(wait)
        if number == 1 { test.channel.answer { $0.recipient.hasPrefix("s0") ? ChannelError(.temporary, "451") : nil } }
        return number == 3
      }
      #expect(seen == [.seconds(15), .seconds(10), .seconds(20)], "one of nine was left; then the first one's backoff")
      #expect(test.channel.taken.count == 8)
    }
  }

  @Test("new work wakes it at once; while another leads it sleeps as long as it may")
  func woken() async throws {
    try await withTemporaryDirectory { directory in
      let test = try await NotifierUnderTest(in: directory)
      try await test.schedule(("Dr. A", "09:00-10:00"))
      let bell = Bell()
      let service = test.notifier.rounds(upTo: .seconds(900), woken: bell) { _ in await Once<Void>().value() }
      let running = Task { await service.run() }
      for name in ["a", "b", "c"] {
        let before = test.channel.taken.count
        try await test.subscribe(name)
        bell.ring()
        await Waiting.until { test.channel.taken.count > before }
      }
      running.cancel()
      await running.value
      #expect(test.channel.taken.count == 3)
    }
    try await withTemporaryDirectory { directory in
      let test = try await NotifierUnderTest(in: directory, leads: false)
      try await test.schedule(("Dr. B", "09:20-10:00"))
      try await run(test) { _, wait in
        #expect(wait == .seconds(900))
        return true
      }
    }
  }
}
