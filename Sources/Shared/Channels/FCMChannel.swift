package import Curl
import Wording

/// Notifications to the mobile clients of one project of Firebase Cloud Messaging, by its HTTP v1 API.
/// Source: Firebase, REST reference `projects.messages` (2026-11).
package struct FCMChannel: MessageChannel {
  package let timeout: Duration
  /// Where it sends, without a slash at its end.
  package let base: String
  private let project: String
  private let client: CurlClient
  private let tokens: FCMTokens
  private let now: @Sendable () -> Double

  package static let standardBase = "https://fcm.googleapis.com"
  /// The longest that a message is kept, in seconds. Source: FCM, "Set the lifespan of a message".
  private static let longestLife = 2_419_200.0
  private static let longestAnswer = 65_536

  /// - Parameters:
  ///   - timeout: for one message, with the token that it may need first.
  ///   - now: seconds since 1970.
  package init(
    account: ServiceAccount, base: String = standardBase, client: CurlClient, timeout: Duration = .seconds(30),
    now: @escaping @Sendable () -> Double
  ) {
    self.base = base
    self.client = client
    self.timeout = timeout
    self.now = now
    project = account.project
    tokens = FCMTokens(account: account, client: client, timeout: timeout / 2, now: now)
  }

  package func send(_ message: ChannelMessage) async throws(ChannelError) {
    guard (1...4_096).contains(message.recipient.utf8.count),
      message.recipient.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw ChannelError(.refused, "the device's token: printable ASCII characters were expected") }
    let token = try await tokens.current()
    let time = now()
    let request = CurlRequest(
      method: "POST", url: "\(base)/v1/projects/\(project)/messages:send",
      headers: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json; charset=utf-8")],
      body: Self.body(of: message, at: time), connectTimeout: timeout / 2, totalTimeout: timeout / 2,
      maxBodyBytes: Self.longestAnswer, maxRedirects: 0)
    let outcome = FCMOutcome(try await client.answer(to: request, at: time, from: base))
    if outcome.isTokenRefused { await tokens.forget(token) }
    if let error = outcome.error(of: base) { throw error }
  }

  /// What existing clients read; besides, until when it is worth showing, and that of two of the same topic the later stands.
  /// - Parameter time: seconds since 1970.
  static func body(of message: ChannelMessage, at time: Double) -> [UInt8] {
    var json = JSONWriter(capacity: 1_024)
    json.object { json in
      json.key("message")
      json.object { json in
        json.field("token", message.recipient)
        json.key("notification")
        json.object { json in
          json.field("title", message.title)
          json.field("body", message.summary ?? message.text)
        }
        json.key("data")
        json.object { json in
          for (key, value) in message.data.sorted(by: { $0.key < $1.key }) {
            json.key(dynamic: key)
            json.string(value)
          }
        }
        json.key("android")
        json.object { json in
          json.field("priority", "high")
          json.field("ttl", "\(Int(min(max(message.expiresAt - time, 0), longestLife)))s")
          json.key("notification")
          json.object { json in
            json.field("icon", "ic_notification")
            json.field("color", "#667eea")
            json.field("sound", "default")
            if let topic = message.topic { json.field("tag", topic) }
          }
        }
      }
    }
    return json.bytes
  }
}
