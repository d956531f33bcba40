package import AppDomain
package import Channels
import Digests
package import Logging
import Mustache
import ServiceLifecycle
package import Services
package import Timers
import Wording

/// Asks the owners of mail addresses, by a link, whether the wish to be told of duties is theirs.
///
/// A question counts as asked before it is sent: a crash makes it come late, never twice within the hour.
package struct ConfirmationMailer: Sendable {
  /// Mails under way at once.
  private static let concurrency = 8
  /// It looks this often although nobody rang: another instance may have taken a wish and ended.
  private static let longestWait = Duration.seconds(900)

  private let store: any ConfirmationStore
  private let channel: any MessageChannel
  private let links: ConfirmationLinks
  private let logger: Logger
  private let now: @Sendable () -> Double
  private let random: @Sendable () -> Double
  private let text: MustacheTemplate
  private let html: MustacheTemplate
  private let backoff = Backoff(base: .seconds(10), cap: .seconds(900), jitter: .equal)

  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - random: 0..<1, the jitter of waits.
  package init(
    store: any ConfirmationStore, channel: any MessageChannel, links: ConfirmationLinks, logger: Logger,
    now: @escaping @Sendable () -> Double, random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) throws {
    self.store = store
    self.channel = channel
    self.links = links
    self.logger = logger
    self.now = now
    self.random = random
    text = try MustacheTemplate(string: String(decoding: PackageResources.confirmation_txt_mustache, as: UTF8.self))
    html = try MustacheTemplate(string: String(decoding: PackageResources.confirmation_html_mustache, as: UTF8.self))
  }

  /// Rounds until the service stops, each when the next question is due or somebody rings.
  package func rounds(woken bell: Bell, wait: @escaping Wait) -> Repeating<Void> {
    Repeating(with: (), ending: .afterWork, wait: bell.ending(wait)) { [logger] error in
      logger.error("no round of confirmations", metadata: ["error": "\(error)"])
    } work: { _ in
      try await round()
    }
  }

  /// Sends all questions that are due, and forgets addresses whose time is over.
  /// - Returns: until when there is nothing to do.
  func round() async throws -> Duration {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      let time = now()
      let addresses = try await store.takeUnasked(limit: Self.concurrency, at: time)
      guard !addresses.isEmpty else { break }
      let arrived = await withTaskGroup(of: Bool.self) { group in
        for address in addresses { group.addTask { await ask(address, at: time) } }
        return await group.reduce(false) { $0 || $1 }
      }
      // When the other side takes nothing, the rest waits for the next round.
      if !arrived { break }
    }
    let next = try await store.forgetUnconfirmed(at: now())
    return next.map { min(max(.seconds($0 - now()), .milliseconds(100)), Self.longestWait) } ?? Self.longestWait
  }

  /// - Returns: whether the other side answered.
  private func ask(_ address: UnconfirmedAddress, at time: Double) async -> Bool {
    var logger = logger
    logger[metadataKey: "address"] = "\(address.id)"
    let result: DeliveryResult
    do throws(ChannelError) {
      try await channel.send(message(to: address, at: time))
      result = .sent
      logger.info("a confirmation was asked for", metadata: ["attempt": "\(address.attempt)"])
    } catch {
      switch error.code {
      case .temporary, .configuration:
        let delay = max(backoff.delay(after: address.attempt, random: random()), error.retryAfter ?? .zero)
        result = .retry(after: delay, reason: error.description)
        logger.warning(
          "a confirmation was not asked for; to be tried again",
          metadata: ["error": "\(error)", "delay": "\(DurationText.format(delay))"])
      case .refused, .gone:
        result = .dead(reason: error.description)
        logger.warning("a confirmation can't be asked for; the address is forgotten", metadata: ["error": "\(error)"])
      }
    }
    do {
      try await store.finish(address, result, at: now())
    } catch {
      logger.error("what became of a confirmation is not kept", metadata: ["error": "\(error)"])
    }
    if case .retry = result { return false }
    return true
  }

  private func message(to address: UnconfirmedAddress, at time: Double) -> ChannelMessage {
    let expiry = time + UnconfirmedAddress.linkLifetime
    let title = "Confirm: be told of doctors on duty"
    let context = ["title": title, "link": links.url(for: address.id, until: expiry)]
    let name = "confirm|\(address.id)|\(address.askedAt)"
    return ChannelMessage(
      id: SHA256Digest.name(of: Array(name.utf8)), recipient: address.email.text,
      title: title, text: text.render(context), html: html.render(context), expiresAt: expiry)
  }
}
