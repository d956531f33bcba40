import AppAPI
import AppDomain
import AppNotify
import AppStore
import Channels
import Curl
import Logging
import ServiceLifecycle
import Services
import Telemetry
import Timers

/// What tells subscribers of duties, put together: the routes by which they come and go, and the notifier.
struct NotificationServices {
  let api: SubscriptionAPI
  /// None where no channel is set up.
  let services: [any Service]

  /// - Parameters:
  ///   - client: asks a mail API.
  ///   - bell: rung when there may be something to announce.
  ///   - monotonic: seconds that never go back.
  ///   - term: this instance's own as leader; nil while another leads.
  init(
    _ configuration: NotifyConfiguration, access: AccessConfiguration, store: SQLScheduleStore,
    client: CurlClient, registry: MetricsRegistry, logger: Logger, monotonic: @escaping @Sendable () -> Double,
    wait: @escaping Wait, woken bell: Bell,
    term: @escaping @Sendable () async throws -> LeaderTerm?
  ) throws {
    let tokens = configuration.unsubscribeSecret.map { SignedUnsubscribeTokens(secret: $0) }
    let confirmations = configuration.unsubscribeSecret.map { SignedConfirmationTokens(secret: $0) }
    let bounds = SubscriptionAPI.Bounds(
      joining: access.limit(monotonic), leaving: access.limit(monotonic),
      subscribers: access.maximumSubscribers)
    let asked = Bell()
    func makeAPI(_ links: (any LeaveLinks)?) -> SubscriptionAPI {
      SubscriptionAPI(
        store: store, tokens: tokens, links: links, confirmations: confirmations, bounds: bounds,
        proxies: access.proxies, now: CampusClock.now, onQuestion: asked.ring, onSubscription: bell.ring)
    }
    guard let mail = configuration.mail else {
      api = makeAPI(nil)
      services = [Self.forgetting(store, logger: logger, wait: wait)]
      logger.info(
        "nobody is told of duties, and who subscribes by mail waits: SMTP_URL and MAIL_API_URL name no way for mail")
      return
    }
    var links: (leaving: UnsubscribeLinks, confirming: ConfirmationLinks)?
    if let base = configuration.publicURL, let tokens, let confirmations {
      links = (UnsubscribeLinks(base: base, tokens: tokens), ConfirmationLinks(base: base, tokens: confirmations))
    }
    if links == nil {
      logger.warning(
        "no link can be mailed to confirm or to leave, and who subscribes by mail waits: set PUBLIC_URL and UNSUBSCRIBE_SECRET"
      )
    }
    let channel = mail.channel(client)
    let notifier = Notifier(
      store: store, channels: [.email: channel], writer: try MessageWriter(unsubscribe: links?.leaving), term: term,
      metrics: NotifierMetrics(registry: registry), logger: logger, now: CampusClock.now,
      monotonic: { .seconds(monotonic()) })
    let leaving = links.map {
      LeaveMailer(store: store, channel: channel, links: $0.leaving, logger: logger, now: CampusClock.now, wait: wait)
    }
    let confirming = try links.map {
      try ConfirmationMailer(
        store: store, channel: channel, links: $0.confirming, logger: logger, now: CampusClock.now)
    }
    api = makeAPI(leaving)
    services =
      [notifier.rounds(upTo: configuration.interval, woken: bell, wait: wait)] + [leaving].compactMap(\.self)
      + [confirming?.rounds(woken: asked, wait: wait) ?? Self.forgetting(store, logger: logger, wait: wait)]
    logger.info("subscribers are told of duties by mail", metadata: ["server": "\(mail.place)"])
  }

  /// Where no link can be mailed, addresses that waited in vain are forgotten all the same.
  private static func forgetting(
    _ store: SQLScheduleStore, logger: Logger, wait: @escaping Wait
  ) -> Repeating<Void> {
    Repeating(with: (), wait: wait) { error in
      logger.warning("unconfirmed addresses were not forgotten", metadata: ["error": "\(error)"])
    } work: { _ in
      _ = try await store.forgetUnconfirmed(at: CampusClock.now())
      return .seconds(3_600)
    }
  }
}
