import AppDomain
import AppStore
import Channels
import Secrets
import Services
import Synchronization
import TestSupport
import Testing

@testable import AppNotify

@Suite(.timeLimit(.minutes(1)))
struct ConfirmationMailerTests {
  private static let tokens = SignedConfirmationTokens(secret: Redacted("0123456789abcdef"))

  private struct Mailer {
    let store: SQLScheduleStore
    let mailer: ConfirmationMailer

    init(in directory: String, _ channel: RecordingChannel, at time: @escaping @Sendable () -> Double) async throws {
      store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      mailer = try ConfirmationMailer(
        store: store, channel: channel, links: ConfirmationLinks(base: "https://doctors.example.org", tokens: tokens),
        logger: silentLogger, now: time, random: { 0 })
    }

    func ask(_ names: String..., at time: Double) async throws {
      for name in names {
        _ = try await store.ask(
          for: try #require(EmailAddress(name + "@example.net")), joining: nil, number: 1 << 52, limit: 99, at: time)
      }
    }
  }

  @Test("an owner gets one mail, whose link is theirs and works for two days")
  func link() async throws {
    try await withTemporaryDirectory { directory in
      let channel = RecordingChannel()
      let test = try await Mailer(in: directory, channel) { 1_000.5 }
      try await test.ask("a", "b", at: 1_000)
      #expect(try await test.mailer.round() == .seconds(900), "nothing is left to do")
      #expect(try await test.mailer.round() == .seconds(900))
      #expect(channel.taken.map(\.recipient).sorted() == ["a@example.net", "b@example.net"])
      #expect(Set(channel.taken.map(\.id)).count == 2 && channel.taken.allSatisfy { $0.unsubscribe == nil })
      let mail = try #require(channel.taken.first { $0.recipient == "a@example.net" })
      try Golden.expect("\(mail.title)\n\n\(mail.text)\n\(mail.html ?? "")", equals: "confirmation.txt")
      let token = try #require(mail.text.firstMatch(of: #/example\.org/confirm/(\S+)/#)?.1)
      let end = 1_000.0 + 48 * 3_600
      let id = try #require(Self.tokens.read(String(token), at: end - 1))
      #expect(Self.tokens.read(String(token), at: end) == nil)
      #expect(try await test.store.confirm(id, at: 2_000))
      #expect(try await test.store.activeAddresses() == [.email: 1])
    }
  }

  @Test("what fails in passing is tried again with the same identity; who can't be written to is forgotten")
  func failures() async throws {
    try await withTemporaryDirectory { directory in
      let time = Mutex(1_000.0)
      let ids = Mutex<Set<String>>([])
      let channel = RecordingChannel(onSend: { message in ids.withLock { _ = $0.insert(message.id) } })
      let test = try await Mailer(in: directory, channel) { time.withLock { $0 } }
      channel.answer { _ in ChannelError(.configuration, "535") }
      try await test.ask("a", at: 1_000)
      #expect(try await test.mailer.round() == .seconds(5), "half of ten seconds at the least")
      time.withLock { $0 += 5 }
      channel.answer { _ in ChannelError(.temporary, "451", retryAfter: .seconds(120)) }
      #expect(try await test.mailer.round() == .seconds(120), "as long as the other side asks for")
      #expect(ids.withLock { $0.count } == 1)
      time.withLock { $0 += 120 }
      channel.answer { _ in ChannelError(.gone, "550 5.1.1") }
      #expect(try await test.mailer.round() == .seconds(900))
      #expect(channel.refused == 3)
      time.withLock { $0 += 90_000 }
      _ = try await test.mailer.round()
      #expect(channel.refused == 3)
    }
  }

  @Test("when the other side takes nothing, the rest waits for the next round")
  func away() async throws {
    try await withTemporaryDirectory { directory in
      let channel = RecordingChannel(answer: { _ in ChannelError(.temporary, "away") })
      let test = try await Mailer(in: directory, channel) { 1_000 }
      for number in 0..<20 { try await test.ask("s\(number)", at: 1_000) }
      #expect(try await test.mailer.round() == .milliseconds(100))
      #expect(channel.refused == 8)
    }
  }

  @Test("a wish wakes the service, which ends when it is told to")
  func woken() async throws {
    try await withTemporaryDirectory { directory in
      let channel = RecordingChannel()
      let test = try await Mailer(in: directory, channel) { 1_000 }
      let bell = Bell()
      let service = test.mailer.rounds(woken: bell) { _ in await Once<Void>().value() }
      let running = Task { await service.run() }
      for name in ["a", "b", "c"] {
        let before = channel.taken.count
        try await test.ask(name, at: 1_000)
        bell.ring()
        await Waiting.until { channel.taken.count > before }
      }
      running.cancel()
      await running.value
      #expect(channel.taken.count == 3)
    }
  }

  @Test("a token is its address' and its time's; nobody makes one without the secret, nor of a link to leave")
  func tokens() throws {
    let token = Self.tokens.token(for: 7, until: 2_000.9)
    #expect(token.hasPrefix("7-2000-") && token.utf8.count < 60)
    #expect(Self.tokens.read(token, at: 1_999) == 7 && Self.tokens.read(token, at: 2_000) == nil)
    let other = SignedConfirmationTokens(secret: Redacted("0123456789abcdeg"))
    let leaving = SignedUnsubscribeTokens(secret: Redacted("0123456789abcdef"))
    for forged in [
      other.token(for: 7, until: 2_000), token.replacing("7-2", with: "8-2"), token.replacing("2000", with: "9000"),
      String(token.dropLast()), token + "0", token.uppercased(), "", "--", "7-2000-", "0" + token,
      leaving.token(for: 7, channel: .email), "7-99999999999999999999-x", String(repeating: "1", count: 5_000),
    ] {
      #expect(Self.tokens.read(forged, at: 1) == nil, "\(forged.prefix(80))")
    }
    #expect(!"\(Self.tokens)".contains("0123456789"))
    let number = Self.tokens.number(for: try #require(EmailAddress("a@example.org")))
    #expect(number == Self.tokens.number(for: try #require(EmailAddress("A@example.org"))))
    #expect(number != other.number(for: try #require(EmailAddress("a@example.org"))))
    #expect(SubscriberNumbers.claims.contains(number))
  }
}
