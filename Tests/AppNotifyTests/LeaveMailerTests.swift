import AppDomain
import AppStore
import Channels
import Secrets
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import AppNotify

@Suite(.timeLimit(.minutes(1)))
struct LeaveMailerTests {
  private static let links = UnsubscribeLinks(
    base: "https://doctors.example.org", tokens: SignedUnsubscribeTokens(secret: Redacted("0123456789abcdef")))

  /// Runs a mailer while `body` asks for links, until `count` tries were made.
  private func run(
    _ channel: RecordingChannel, tries count: Int,
    _ body: @Sendable (LeaveMailer, SQLScheduleStore) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      let mailer = LeaveMailer(
        store: store, channel: channel, links: Self.links, logger: silentLogger, now: { 1_000 }, wait: { _ in })
      let group = ServiceGroup(services: [mailer], logger: silentLogger)
      async let running: Void = group.run()
      try await body(mailer, store)
      await Waiting.until { channel.taken.count + channel.refused >= count }
      await group.triggerGracefulShutdown()
      try await running
    }
  }

  @Test("who is subscribed gets a link that works, once; who is not gets nothing")
  func link() async throws {
    let channel = RecordingChannel()
    try await run(channel, tries: 2) { mailer, store in
      let subscriber = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1).subscriber
      _ = try await store.subscribe([NewAddress(.email, "b@example.org")], at: 1)
      mailer.send(to: try #require(EmailAddress("nobody@example.org")))
      mailer.send(to: try #require(EmailAddress("a@example.org")))
      mailer.send(to: try #require(EmailAddress("a@example.org")))
      mailer.send(to: subscriber)
      mailer.send(to: 77)
      mailer.send(to: try #require(EmailAddress("b@example.org")))
    }
    #expect(channel.taken.map(\.recipient) == ["a@example.org", "b@example.org"])
    let mail = try #require(channel.taken.first)
    #expect(mail.text.contains("https://doctors.example.org/unsubscribe/1-email-"))
    #expect(mail.unsubscribe?.url == Self.links.url(for: 1, channel: .email))
  }

  @Test("a mail server that is away is asked again, one that refuses is not")
  func retries() async throws {
    let away = RecordingChannel(answer: { _ in ChannelError(.temporary, "away") })
    try await run(away, tries: 3) { mailer, store in
      mailer.send(to: try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1).subscriber)
    }
    #expect(away.refused == 3)
    let refusing = RecordingChannel(answer: { _ in ChannelError(.refused, "no") })
    try await run(refusing, tries: 2) { mailer, store in
      for name in ["a", "b"] {
        mailer.send(to: try await store.subscribe([NewAddress(.email, name + "@example.org")], at: 1).subscriber)
      }
    }
    #expect(refusing.refused == 2)
  }
}
