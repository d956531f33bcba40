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

  /// Whether anybody is told of anything.
  var hasChannel: Bool { mail != nil || webPush != nil || fcm != nil }
}
