package import AppDomain
package import Channels
import Digests
package import Logging
import ServiceLifecycle
import Synchronization
package import Timers

/// Mails people the link by which they leave, after the one who asked has had the answer that everybody gets.
///
/// Wishes are kept in memory: one that a crash loses is made again.
package struct LeaveMailer: LeaveLinks, Service {
  private enum Wish: Sendable, Hashable {
    case address(EmailAddress)
    case subscriber(Int64)
  }

  /// Wishes that wait; beyond it, new ones are dropped.
  private static let waiting = 200
  /// One address gets a link this often at most, in seconds.
  private static let pause = 600.0
  private static let remembered = 2_000
  private static let attempts = 3

  private let store: any SubscriberStore
  private let channel: any MessageChannel
  private let links: UnsubscribeLinks
  private let logger: Logger
  private let now: @Sendable () -> Double
  private let wait: Wait
  private let backoff = Backoff(base: .seconds(5), cap: .seconds(30), jitter: .equal)
  private let wishes: AsyncStream<Wish>
  private let wish: AsyncStream<Wish>.Continuation

  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - wait: waits between tries.
  package init(
    store: any SubscriberStore, channel: any MessageChannel, links: UnsubscribeLinks, logger: Logger,
    now: @escaping @Sendable () -> Double, wait: @escaping Wait
  ) {
    self.store = store
    self.channel = channel
    self.links = links
    self.logger = logger
    self.now = now
    self.wait = wait
    (wishes, wish) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.waiting))
  }

  package func send(to address: EmailAddress) { wish.yield(.address(address)) }
  package func send(to subscriber: Int64) { wish.yield(.subscriber(subscriber)) }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var sent: [String: Double] = [:]
      for await wish in wishes { await fulfil(wish, &sent) }
    }
  }

  private func fulfil(_ wish: Wish, _ sent: inout [String: Double]) async {
    do {
      guard let (subscriber, address) = try await recipient(of: wish) else { return }
      let time = now()
      // A clock that is set back must not keep anybody from leaving.
      if let last = sent[address], (0..<Self.pause).contains(time - last) { return }
      if sent.count >= Self.remembered { sent = sent.filter { (0..<Self.pause).contains(time - $0.value) } }
      if sent.count >= Self.remembered { sent = [:] }
      sent[address] = time
      await send(message(to: address, subscriber: subscriber, at: time))
    } catch {
      logger.warning("a link to leave was not sent", metadata: ["error": "\(error)"])
    }
  }

  private func recipient(of wish: Wish) async throws -> (subscriber: Int64, address: String)? {
    switch wish {
    case .address(let address):
      try await store.subscriber(of: .email, address: address.text).map { ($0, address.text) }
    case .subscriber(let subscriber): try await store.address(of: subscriber, on: .email).map { (subscriber, $0) }
    }
  }

  private func message(to address: String, subscriber: Int64, at time: Double) -> ChannelMessage {
    let url = links.url(for: subscriber, channel: .email)
    let name = "leave|\(subscriber)|\(Int(time))"
    return ChannelMessage(
      id: SHA256Digest.name(of: Array(name.utf8)), recipient: address,
      title: "Leave the reminders of doctors on duty",
      text: """
        Somebody, probably you, asked to end the reminders of doctors on duty to this address.

        To end them, open this page and confirm:
        \(url)

        If it was not you, there is nothing to do.

        """, expiresAt: time + 86_400, unsubscribe: UnsubscribeLink(url: url))
  }

  private func send(_ message: ChannelMessage) async {
    for attempt in 1...Self.attempts {
      do throws(ChannelError) {
        try await channel.send(message)
        return
      } catch {
        let isFinal = attempt == Self.attempts || error.code == .refused || error.code == .gone
        logger.warning(
          "a link to leave was not taken", metadata: ["error": "\(error)", "attempt": "\(attempt)"])
        if isFinal { return }
      }
      await wait(backoff.delay(after: attempt, random: .random(in: 0..<1)))
      if Task.isCancelled { return }
    }
  }
}
