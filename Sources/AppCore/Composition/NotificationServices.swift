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
  /// Nil where no channel leads to devices.
  let tester: (any DeviceTester)?
  let phones: PhoneServices
  let services: [any Service]

  /// - Parameters:
  ///   - client: asks push services and mail APIs.
  ///   - longest: so often it is looked for what is due, whatever is known.
  ///   - bell: rung when there may be something to announce.
  ///   - monotonic: seconds that never go back.
  ///   - term: this instance's own as leader; nil while another leads.
  init(
    _ configuration: NotifyConfiguration, access: AccessConfiguration, store: SQLScheduleStore,
    client: CurlClient, registry: MetricsRegistry, logger: Logger, monotonic: @escaping @Sendable () -> Double,
    wait: @escaping Wait, upTo longest: Duration, woken bell: Bell,
    term: @escaping @Sendable () async throws -> LeaderTerm?
  ) throws {
    let tokens = configuration.unsubscribeSecret.map { SignedUnsubscribeTokens(secret: $0) }
    let confirmations = configuration.unsubscribeSecret.map { SignedConfirmationTokens(secret: $0) }
    let (mail, push, fcm) = (
      configuration.mail?.channel(client), configuration.webPushChannel(client), configuration.fcmChannel(client)
    )
    var links: (leaving: UnsubscribeLinks, confirming: ConfirmationLinks)?
    if let base = configuration.publicURL, let tokens, let confirmations {
      links = (UnsubscribeLinks(base: base, tokens: tokens), ConfirmationLinks(base: base, tokens: confirmations))
    }
    let asked = Bell()
    var leaving: LeaveMailer?
    var asking = Self.forgetting(store, logger: logger, wait: wait)
    if let mail, let links {
      leaving = LeaveMailer(
        store: store, channel: mail, links: links.leaving, logger: logger, now: CampusClock.now, wait: wait)
      asking = try ConfirmationMailer(
        store: store, channel: mail, links: links.confirming, logger: logger, now: CampusClock.now
      ).rounds(woken: asked, wait: wait)
    }
    var pushProblem: SubscriptionAPI.PushProblem?
    if let push { pushProblem = { push.problem(ofEndpoint: $0.address, details: $0.details) } }
    api = try SubscriptionAPI(
      store: store, tokens: tokens, links: leaving, pushProblem: pushProblem, confirmations: confirmations,
      finder: store, channels: .init(configuration.channels, pushPublicKey: push?.publicKey),
      bounds: SubscriptionAPI.Bounds(
        joining: access.limit(monotonic), leaving: access.limit(monotonic),
        managing: access.limit(monotonic), subscribers: access.maximumSubscribers),
      proxies: access.proxies, now: CampusClock.now, onQuestion: asked.ring, onSubscription: bell.ring)
    tester = fcm.map { FollowerTester(store: store, channel: $0, logger: logger, now: CampusClock.now) }

    phones = PhoneServices(
      configuration, access: access, store: store, client: client, registry: registry, logger: logger,
      monotonic: monotonic, onSubscription: bell.ring)
    var channels = phones.channels
    channels[.email] = mail
    channels[.webPush] = push
    channels[.fcm] = fcm
    let notifier = Notifier(
      store: store, channels: channels,
      writer: try MessageWriter(
        unsubscribe: links?.leaving, pages: configuration.publicURL.map(SubscriptionPages.init(base:))), term: term,
      options: configuration.pacing, metrics: NotifierMetrics(registry: registry), logger: logger,
      now: CampusClock.now, monotonic: { .seconds(monotonic()) }, wait: wait)
    let telling = configuration.hasChannel ? notifier.rounds(upTo: longest, woken: bell, wait: wait) : nil
    let others: [(any Service)?] = [telling, leaving, phones.codes]
    services = others.compactMap(\.self) + [asking]
    say(configuration, push?.publicKey, canLink: links != nil, logger)
  }

  /// What a start tells the operator.
  private func say(
    _ configuration: NotifyConfiguration, _ publicKey: String?, canLink: Bool, _ logger: Logger
  ) {
    if let mail = configuration.mail {
      logger.info("subscribers are told of duties by mail", metadata: ["server": "\(mail.place)"])
      if !canLink {
        logger.warning(
          "no link can be mailed to confirm or to leave, and who subscribes by mail waits: set PUBLIC_URL and UNSUBSCRIBE_SECRET"
        )
      }
    } else {
      logger.info("who subscribes by mail waits: SMTP_URL and MAIL_API_URL name no way for mail")
    }
    if let publicKey {
      logger.info("subscribers are told of duties by web push", metadata: ["public_key": "\(publicKey)"])
    }
    if let fcm = configuration.fcm {
      logger.info("devices are told of duties of doctors that they follow", metadata: ["server": "\(fcm.base)"])
    }
    if !configuration.hasChannel {
      logger.info(
        "nobody is told of duties: SMTP_URL, MAIL_API_URL, VAPID_PRIVATE_KEY, FCM_SERVICE_ACCOUNT and TWILIO_ACCOUNT_SID are not set"
      )
    }
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
