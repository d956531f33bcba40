package import AppDomain
package import Secrets

/// Tokens that name a subscriber and a channel and carry a keyed hash of both: nothing is kept, nobody else can make one.
/// They never expire, because a mail doesn't.
package struct SignedUnsubscribeTokens: UnsubscribeTokens {
  /// Shorter ones can be tried out.
  package static let minimumSecretLength = 16

  private let signature: TokenSignature

  package init(secret: Redacted<String>) { signature = TokenSignature(secret: secret) }

  /// `7-email-3f…`, 128 bits of hash.
  package func token(for subscriber: Int64, channel: NotificationChannel) -> String {
    "\(subscriber)-\(channel.rawValue)-\(hash(subscriber, channel))"
  }

  package func read(_ token: String) -> (subscriber: Int64, channel: NotificationChannel)? {
    guard token.utf8.count <= 100 else { return nil }
    let parts = token.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let subscriber = Int64(parts[0]),
      let channel = NotificationChannel(rawValue: String(parts[1])),
      SecretComparison.isEqual(token, self.token(for: subscriber, channel: channel))
    else { return nil }
    return (subscriber, channel)
  }

  private func hash(_ subscriber: Int64, _ channel: NotificationChannel) -> String {
    signature.sign("outgrown unsubscribe 1|\(subscriber)|\(channel.rawValue)")
  }
}

/// The pages where subscribers leave.
package struct UnsubscribeLinks: Sendable {
  private let base: String
  private let tokens: any UnsubscribeTokens

  /// - Parameter base: the service's address, without a slash at its end.
  package init(base: String, tokens: any UnsubscribeTokens) {
    self.base = base
    self.tokens = tokens
  }

  func url(for subscriber: Int64, channel: NotificationChannel) -> String {
    "\(base)/unsubscribe/\(tokens.token(for: subscriber, channel: channel))"
  }
}
