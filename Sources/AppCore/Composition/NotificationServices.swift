import AppAPI
import AppDomain
import AppNotify
import AppStore
import Channels
import Logging
import ServiceLifecycle
import Support
import Telemetry

/// What tells subscribers of duties, put together: the routes by which they come and go, and the notifier.
struct NotificationServices {
  let api: SubscriptionAPI
  /// None where no channel is set up.
  let services: [any Service]

  /// - Parameter term: this instance's own as leader; nil while another leads.
  init(
    _ configuration: NotifyConfiguration, store: any ServiceStore, registry: MetricsRegistry,
    logger: Logger, term: @escaping @Sendable () async throws -> LeaderTerm?
  ) throws {
    let tokens = configuration.unsubscribeSecret.map { SignedUnsubscribeTokens(secret: $0) }
    api = SubscriptionAPI(
      store: store, tokens: tokens, limit: RequestLimit(now: CampusClock.now), now: CampusClock.now)
    guard let mail = configuration.mail else {
      services = []
      logger.info("nobody is told of duties: SMTP_URL names no mail server")
      return
    }
    var links: UnsubscribeLinks?
    if let base = configuration.publicURL, let tokens { links = UnsubscribeLinks(base: base, tokens: tokens) }
    if links == nil {
      logger.warning("mails have no unsubscribe link: set PUBLIC_URL and UNSUBSCRIBE_SECRET")
    }
    let channel = SMTPChannel(
      server: mail.server, sender: mail.sender, timeout: mail.timeout, now: CampusClock.now)
    let origin = ContinuousClock.now
    let notifier = Notifier(
      store: store, channels: [.email: channel], writer: try MessageWriter(unsubscribe: links), term: term,
      metrics: NotifierMetrics(registry: registry), logger: logger, now: CampusClock.now,
      monotonic: { origin.duration(to: .now) })
    services = [
      NotifierService(
        notifier, interval: configuration.interval, logger: logger, sleep: { try await ThreadWait.sleep(for: $0) })
    ]
    logger.info("subscribers are told of duties by mail", metadata: ["server": "\(mail.server.url)"])
  }
}
