import Foundation

/// What a push service said of a message.
struct PushOutcome {
  let answer: PeerAnswer

  private var status: Int { answer.status }

  /// Nil when the service took the message.
  /// - Parameter origin: the service's.
  /// - Source: RFC 8030 §5, §7.3, §8.4; RFC 8292 §4; Apple, "Sending web push notifications in web apps and browsers"
  ///   (2026-11): 403 with a reason for a token that it doesn't take.
  func error(of origin: String) -> ChannelError? {
    let said = "\(origin) answered with status \(status)" + (reason.map { " (\($0))" } ?? "")
    switch status {
    case 200...299: return nil
    case 404, 410: return ChannelError(.gone, "\(said): the subscription is over")
    // Anybody may bring such a one: it must not be tried for an hour in the place of others. The address stays, since with a
    // wrong key of ours this is said of all of them.
    case _ where isOfAnotherKey:
      return ChannelError(
        .refused, "\(said): the browser subscribed with another key than VAPID_PRIVATE_KEY, and has to subscribe anew")
    // Of the service's token, never of the browser: a wrong key must not cost the subscriptions that were made with the
    // right one.
    case 401, 403:
      return ChannelError(
        .configuration,
        "\(said): it does not take this service's identity; check VAPID_SUBJECT, VAPID_PRIVATE_KEY and "
          + "this machine's clock")
    case 408, 425, 429, 500...599: return ChannelError(.temporary, said, retryAfter: answer.retryAfter)
    default: return ChannelError(.refused, said)
    }
  }

  /// What Apple, Mozilla and Google say of a subscription that another key made.
  /// - Source: web-push-libs/web-push issue 941, web-push-libs/web-push-php issue 429, vjt/grappa-irc issue 1323.
  private static let anotherKey = [
    "vapidpkhashmismatch", "vapid public key mismatch", "do not correspond to the credentials used to create",
  ]

  private var isOfAnotherKey: Bool {
    guard [400, 401, 403].contains(status) else { return false }
    let text = String(decoding: answer.body.prefix(2_000), as: UTF8.self).lowercased()
    return Self.anotherKey.contains { text.contains($0) }
  }

  /// A word of Apple's, such as `BadJwtToken`; nothing else of an answer is told.
  private var reason: String? {
    struct Answer: Decodable { var reason: String }
    guard let reason = (try? JSONDecoder().decode(Answer.self, from: Data(answer.body)))?.reason,
      (1...60).contains(reason.utf8.count), reason.utf8.allSatisfy({ Unicode.Scalar($0).properties.isAlphabetic })
    else { return nil }
    return reason
  }
}
