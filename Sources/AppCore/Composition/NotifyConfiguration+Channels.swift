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

  /// By which people are told.
  var channels: [NotificationChannel] {
    [mail.map { _ in .email }, webPush.map { _ in .webPush }, fcm.map { _ in .fcm }].compactMap(\.self)
  }

  /// Whether anybody is told of anything.
  var hasChannel: Bool { !channels.isEmpty }
}
