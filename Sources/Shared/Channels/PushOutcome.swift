import Foundation

/// What a push service said of a message.
struct PushOutcome {
  var status: Int
  var body: [UInt8]
  var retryAfter: Duration?

  /// Nil when the service took the message.
  /// - Parameter origin: the service's.
  /// - Source: RFC 8030 §5, §7.3, §8.4; RFC 8292 §4; Apple, "Sending web push notifications in web apps and browsers"
  ///   (2026-11): 403 with a reason for a token that it doesn't take.
  func error(of origin: String) -> ChannelError? {
    let said = "\(origin) answered with status \(status)" + (reason.map { " (\($0))" } ?? "")
    switch status {
    case 200...299: return nil
    case 404, 410: return ChannelError(.gone, "\(said): the subscription is over")
    // Of the service's token, never of the browser: a wrong key must not cost the subscriptions that were made with the
    // right one.
    case 401, 403:
      return ChannelError(
        .configuration,
        "\(said): it does not take this service's identity; check VAPID_SUBJECT, this machine's clock, and that "
          + "VAPID_PRIVATE_KEY is the one that browsers subscribed with")
    case 408, 425, 429, 500...599: return ChannelError(.temporary, said, retryAfter: retryAfter)
    default: return ChannelError(.refused, said)
    }
  }

  /// A word of Apple's, such as `BadJwtToken`; nothing else of an answer is told.
  private var reason: String? {
    struct Answer: Decodable { var reason: String }
    guard let reason = (try? JSONDecoder().decode(Answer.self, from: Data(body)))?.reason,
      (1...60).contains(reason.utf8.count), reason.utf8.allSatisfy({ Unicode.Scalar($0).properties.isAlphabetic })
    else { return nil }
    return reason
  }
}
