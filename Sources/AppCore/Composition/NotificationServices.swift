import AppAPI
import AppDomain
import AppNotify
import AppStore
import Channels
import Curl
import Logging
import ServiceLifecycle
import Telemetry
import Timers

/// What tells subscribers of duties, put together: the routes by which they come and go, and the notifier.
struct NotificationServices {
  let api: SubscriptionAPI
  /// Nil where no channel leads to devices.
  let tester: (any DeviceTester)?
  /// None where no channel is set up.
  let services: [any Service]

  /// - Parameters:
  ///   - client: asks push services.
  ///   - monotonic: seconds that never go back.
  ///   - term: this instance's own as leader; nil while another leads.
  init(
    _ configuration: NotifyConfiguration, access: AccessConfiguration, store: SQLScheduleStore,
    client: CurlClient, registry: MetricsRegistry, logger: Logger, monotonic: @escaping @Sendable () -> Double,
    wait: @escaping Wait,
    term: @escaping @Sendable () async throws -> LeaderTerm?
  ) throws {
    let tokens = configuration.unsubscribeSecret.map { SignedUnsubscribeTokens(secret: $0) }
    let bounds = SubscriptionAPI.Bounds(
      joining: access.limit(monotonic), leaving: access.limit(monotonic),
      subscribers: access.maximumSubscribers)
    let (mail, push, fcm) = (
      configuration.mailChannel(), configuration.webPushChannel(client), configuration.fcmChannel(client)
    )
    var links: UnsubscribeLinks?
    if let base = configuration.publicURL, let tokens { links = UnsubscribeLinks(base: base, tokens: tokens) }
    var leaving: LeaveMailer?
    if let mail, let links {
      leaving = LeaveMailer(
        store: store, channel: mail, links: links, logger: logger, now: CampusClock.now, wait: wait)
    }
    var pushProblem: SubscriptionAPI.PushProblem?
    if let push { pushProblem = { push.problem(ofEndpoint: $0.address, details: $0.details) } }
    api = SubscriptionAPI(
      store: store, tokens: tokens, links: leaving, pushProblem: pushProblem, bounds: bounds, proxies: access.proxies,
      now: CampusClock.now)
    tester = fcm.map { FollowerTester(store: store, channel: $0, logger: logger, now: CampusClock.now) }
    guard configuration.hasChannel else {
      services = []
      logger.info("nobody is told of duties: SMTP_URL, VAPID_PRIVATE_KEY and FCM_SERVICE_ACCOUNT are not set")
      return
    }
    if mail != nil, links == nil {
      logger.warning(
        "mails have no unsubscribe link, nor does who asks for one get it: set PUBLIC_URL and UNSUBSCRIBE_SECRET")
    }
    var channels: [NotificationChannel: any MessageChannel] = [:]
    channels[.email] = mail
    channels[.webPush] = push
    channels[.fcm] = fcm
    let notifier = Notifier(
      store: store, channels: channels, writer: try MessageWriter(unsubscribe: links), term: term,
      metrics: NotifierMetrics(registry: registry), logger: logger, now: CampusClock.now,
      monotonic: { .seconds(monotonic()) })
    services = [notifier.rounds(every: configuration.interval, wait: wait)] + [leaving].compactMap(\.self)
    if let mail = configuration.mail {
      logger.info("subscribers are told of duties by mail", metadata: ["server": "\(mail.server.url)"])
    }
    if let push {
      logger.info("subscribers are told of duties by web push", metadata: ["public_key": "\(push.publicKey)"])
    }
    if let fcm {
      logger.info("devices are told of duties of doctors that they follow", metadata: ["server": "\(fcm.base)"])
    }
  }
}
