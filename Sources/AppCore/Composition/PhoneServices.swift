import AppAPI
import AppDomain
import AppNotify
import AppStore
import Channels
import Curl
import HTTPService
import Hummingbird
import Logging
import ServiceLifecycle
import Telemetry

/// What tells phones, put together: channels that are paid for, codes, and what Twilio says.
struct PhoneServices {
  let channels: [NotificationChannel: any MessageChannel]
  let codes: CodeSender?
  private let api: PhoneAPI
  private let webhooks: TwilioWebhookAPI?

  /// - Parameters:
  ///   - client: asks Twilio.
  ///   - monotonic: seconds that never go back.
  ///   - onSubscription: told when there is an address more to be told of duties.
  init(
    _ configuration: NotifyConfiguration, access: AccessConfiguration, store: SQLScheduleStore, client: CurlClient,
    registry: MetricsRegistry, logger: Logger, monotonic: @escaping @Sendable () -> Double,
    onSubscription: @escaping @Sendable () -> Void
  ) {
    var paid: [NotificationChannel: PaidChannel] = [:]
    var codes: CodeSender?
    var webhooks: TwilioWebhookAPI?
    if let twilio = configuration.twilio, let secret = configuration.unsubscribeSecret {
      let kinds = NotificationChannel.phones.filter { twilio.route(of: $0) != nil }
      let budget = MessageBudget(
        prices: twilio.prices, cap: twilio.cap, store: store, registry: registry, logger: logger, channels: kinds)
      for kind in kinds {
        guard let channel = configuration.twilioChannel(kind, client, hasWebhooks: true) else { continue }
        paid[kind] = PaidChannel(
          kind, by: channel, budget: budget, quietHours: twilio.quietHours, now: CampusClock.now)
      }
      var ways: [NotificationChannel: PaidChannel] = [:]
      for kind in kinds { ways[kind] = twilio.codeChannel(for: kind).flatMap { paid[$0] } }
      codes = CodeSender(
        store: store, channels: ways, budget: budget, secret: secret, codesPerHour: twilio.codesPerHour,
        subscribers: access.maximumSubscribers, logger: logger, now: CampusClock.now)
      if let token = twilio.token, let url = configuration.publicURL {
        let signature = TwilioSignature(token: token)
        webhooks = TwilioWebhookAPI(
          store: store, publicURL: url, account: twilio.account.sid,
          verify: { signature.isValid($0, of: $1, $2) }, registry: registry, logger: logger, now: CampusClock.now,
          onSubscription: onSubscription)
      }
      Self.say(twilio, hasWebhooks: webhooks != nil, logger)
    }
    channels = paid
    self.codes = codes
    self.webhooks = webhooks
    api = PhoneAPI(
      codes: codes, profiles: store, asking: access.limit(monotonic), confirming: access.limit(monotonic),
      proxies: access.proxies,
      onSubscription: onSubscription)
  }

  func addRoutes(to router: Router<ServiceContext>) {
    api.addRoutes(to: router)
    webhooks?.addRoutes(to: router)
  }

  /// What a start tells the operator.
  private static func say(_ twilio: NotifyConfiguration.Twilio, hasWebhooks: Bool, _ logger: Logger) {
    for kind in NotificationChannel.phones.sorted(by: { $0.rawValue < $1.rawValue }) where twilio.route(of: kind) != nil
    {
      logger.info(
        "subscribers are told of duties by phone",
        metadata: [
          "channel": "\(kind.rawValue)", "cap": "\(twilio.cap)",
          "countries": "\(twilio.prices.prefixes(on: kind).prefix(50).joined(separator: " "))",
        ])
    }
    if !hasWebhooks {
      logger.warning(
        "what phones answer, and whether messages arrive, is not heard: set PUBLIC_URL and TWILIO_AUTH_TOKEN")
    }
  }
}
