import Cryptography
package import Curl
import Wording

/// Notifications to browsers, sealed for each, by the push service that the browser chose.
/// Source: RFC 8030, RFC 8291, RFC 8292.
package struct WebPushChannel: MessageChannel {
  package let timeout: Duration
  /// What browsers subscribe with.
  package let publicKey: String
  private let client: CurlClient
  private let tokens: VAPIDTokens
  private let rule: PushEndpointRule
  private let now: @Sendable () -> Double

  /// The longest that a push service keeps a message, in seconds. Source: RFC 8030 §5.2; FCM, "Set the lifespan of a message".
  private static let longestLife = 2_419_200.0
  /// Of the service's answer, in bytes.
  private static let longestAnswer = 65_536
  /// Where the page has the pictures that a notification shows.
  private static let icon = "/icon-192x192.png"
  private static let badge = "/badge-72x72.png"

  /// - Parameters:
  ///   - timeout: for one message, from the connection to the service's answer.
  ///   - now: seconds since 1970.
  package init(
    identity: VAPIDIdentity, rule: PushEndpointRule = PushEndpointRule(), client: CurlClient,
    timeout: Duration = .seconds(30), now: @escaping @Sendable () -> Double
  ) {
    tokens = VAPIDTokens(identity)
    publicKey = identity.publicKey
    self.rule = rule
    self.client = client
    self.timeout = timeout
    self.now = now
  }

  /// Why nothing can be sent to a subscription, in words for whoever brought it; nil where something can be.
  package func problem(ofEndpoint endpoint: String, details: String?) -> String? {
    do throws(ChannelError) {
      _ = try recipient(endpoint, details)
      return nil
    } catch {
      return error.message
    }
  }

  /// The push service.
  package func provider(of endpoint: String) -> String { (try? rule.target(of: endpoint))?.origin ?? "" }

  package func send(_ message: ChannelMessage) async throws(ChannelError) {
    let (subscription, target) = try recipient(message.recipient, message.recipientDetails)
    let time = now()
    let body = try PushEncryption.sealed(Self.payload(of: message), for: subscription)
    let authorization: String
    do throws(CryptographyError) {
      authorization = try tokens.authorization(for: target.origin, at: time)
    } catch {
      throw ChannelError(.configuration, "\(error)")
    }
    var headers = [
      ("Authorization", authorization), ("Content-Type", "application/octet-stream"),
      ("Content-Encoding", "aes128gcm"),
      ("TTL", "\(Int(min(max(message.expiresAt - time, 0), Self.longestLife)))"), ("Urgency", "high"),
    ]
    if let topic = message.topic { headers.append(("Topic", topic)) }
    var request = CurlRequest(
      method: "POST", url: message.recipient, headers: headers, body: body, connectTimeout: timeout,
      totalTimeout: timeout, maxBodyBytes: Self.longestAnswer, maxRedirects: 0)
    request.addresses = target.addresses
    let outcome = PushOutcome(answer: try await client.answer(to: request, at: time, from: target.origin))
    if let error = outcome.error(of: target.origin) { throw error }
  }

  private func recipient(
    _ endpoint: String, _ details: String?
  ) throws(ChannelError) -> (PushSubscription, PushEndpointRule.Target) {
    do {
      return (try PushSubscription(json: details ?? ""), try rule.target(of: endpoint))
    } catch {
      throw ChannelError(.refused, "\(error)")
    }
  }

  /// What the page's service worker is handed: `title`, `body`, `icon`, `badge` and `data`.
  static func payload(of message: ChannelMessage) -> [UInt8] {
    var json = JSONWriter(capacity: 512)
    json.object { json in
      json.field("title", message.title)
      json.field("body", message.summary ?? message.text)
      json.field("icon", icon)
      json.field("badge", badge)
      json.key("data")
      json.object { json in
        for (key, value) in message.data.sorted(by: { $0.key < $1.key }) {
          json.key(dynamic: key)
          json.string(value)
        }
      }
    }
    return json.bytes
  }
}
