import AppDomain
import Channels
import Curl

extension NotifyConfiguration {
  func webPushChannel(_ client: CurlClient) -> WebPushChannel? {
    webPush.map { WebPushChannel(identity: $0.identity, rule: $0.rule, client: client, now: CampusClock.now) }
  }

  func fcmChannel(_ client: CurlClient) -> FCMChannel? {
    fcm.map { FCMChannel(account: $0.account, base: $0.base, client: client, now: CampusClock.now) }
  }

  /// Of a phone's channel; nil where it is off.
  /// - Parameter hasWebhooks: whether the service is there to be told what became of messages.
  func twilioChannel(_ channel: NotificationChannel, _ client: CurlClient, hasWebhooks: Bool) -> TwilioChannel? {
    guard let twilio, let route = twilio.route(of: channel) else { return nil }
    let callback = hasWebhooks && twilio.token != nil ? publicURL.map { $0 + "/webhooks/twilio/status" } : nil
    return TwilioChannel(
      account: twilio.account, route: route, statusCallback: callback, client: client, timeout: twilio.timeout,
      now: CampusClock.now)
  }

  /// By which people are told.
  var channels: [NotificationChannel] {
    [mail.map { _ in .email }, webPush.map { _ in .webPush }, fcm.map { _ in .fcm }].compactMap(\.self)
      + NotificationChannel.phones.filter { twilio?.route(of: $0) != nil }.sorted { $0.rawValue < $1.rawValue }
  }

  /// Whether anybody is told of anything.
  var hasChannel: Bool { !channels.isEmpty }
}
