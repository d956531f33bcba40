import AppAPI
import AppDomain
import AppNotify
import AppStore
import Channels
import Logging
import ServiceLifecycle
import Telemetry
import Timers

/// What tells subscribers of duties, put together: the routes by which they come and go, and the notifier.
struct NotificationServices {
  let api: SubscriptionAPI
  /// None where no channel is set up.
  let services: [any Service]

  /// - Parameters:
  ///   - monotonic: seconds that never go back.
  ///   - term: this instance's own as leader; nil while another leads.
  init(
    _ configuration: NotifyConfiguration, access: AccessConfiguration, store: SQLScheduleStore,
    registry: MetricsRegistry, logger: Logger, monotonic: @escaping @Sendable () -> Double, wait: @escaping Wait,
    term: @escaping @Sendable () async throws -> LeaderTerm?
  ) throws {
    let tokens = configuration.unsubscribeSecret.map { SignedUnsubscribeTokens(secret: $0) }
    let bounds = SubscriptionAPI.Bounds(
      joining: access.limit(monotonic), leaving: access.limit(monotonic),
      subscribers: access.maximumSubscribers)
    func makeAPI(_ links: (any LeaveLinks)?) -> SubscriptionAPI {
      SubscriptionAPI(
        store: store, tokens: tokens, links: links, bounds: bounds, proxies: access.proxies, now: CampusClock.now)
    }
    guard let mail = configuration.mail else {
      api = makeAPI(nil)
      services = []
      logger.info("nobody is told of duties: SMTP_URL names no mail server")
      return
    }
    var links: UnsubscribeLinks?
    if let base = configuration.publicURL, let tokens { links = UnsubscribeLinks(base: base, tokens: tokens) }
    if links == nil {
      logger.warning(
        "mails have no unsubscribe link, nor does who asks for one get it: set PUBLIC_URL and UNSUBSCRIBE_SECRET")
    }
    let channel = SMTPChannel(
      server: mail.server, sender: mail.sender, timeout: mail.timeout, now: CampusClock.now)
    let notifier = Notifier(
      store: store, channels: [.email: channel], writer: try MessageWriter(unsubscribe: links), term: term,
      metrics: NotifierMetrics(registry: registry), logger: logger, now: CampusClock.now,
      monotonic: { .seconds(monotonic()) })
    let leaving = links.map {
      LeaveMailer(store: store, channel: channel, links: $0, logger: logger, now: CampusClock.now, wait: wait)
    }
    api = makeAPI(leaving)
    services = [notifier.rounds(every: configuration.interval, wait: wait)] + [leaving].compactMap(\.self)
    logger.info("subscribers are told of duties by mail", metadata: ["server": "\(mail.server.url)"])
  }
}
