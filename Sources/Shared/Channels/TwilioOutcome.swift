import Foundation

/// What Twilio said of a message. Source: Twilio, "Errors and Warnings" and "Error and Warning Dictionary" (2026-11).
struct TwilioOutcome {
  private let status: Int
  private let retryAfter: Duration?
  private let answer: Answer?

  /// A 429 without `Retry-After` is a minute.
  private static let standardPause = Duration.seconds(60)

  private struct Answer: Decodable {
    var sid: String?
    var code: Int?
  }

  init(_ answer: PeerAnswer) {
    status = answer.status
    retryAfter = answer.retryAfter
    self.answer = try? JSONDecoder().decode(Answer.self, from: Data(answer.body))
  }

  /// Nil when the message was taken.
  /// - Parameter base: where it was sent to.
  func error(of base: String) -> ChannelError? {
    let code = answer?.code
    let said = "\(base) answered with status \(status)" + (code.map { " (error \($0))" } ?? "")
    if (200...299).contains(status) {
      if let sid = answer?.sid, sid.utf8.count == 34 { return nil }
      // Something else than Twilio may have taken it.
      return ChannelError(.temporary, "\(said), without a message's SID", mayHaveArrived: true)
    }
    if let code, let (kind, words) = Self.codes[code] {
      let pause = kind == .temporary ? retryAfter ?? Self.standardPause : nil
      return ChannelError(
        kind, "\(said): \(words)", retryAfter: pause, isOfMessage: code == 21408 || code == 21608)
    }
    switch status {
    case 429: return ChannelError(.temporary, said, retryAfter: retryAfter ?? Self.standardPause)
    case 408, 500...599: return ChannelError(.temporary, said, retryAfter: retryAfter, mayHaveArrived: true)
    case 400: return ChannelError(.refused, said)
    default:
      return ChannelError(.configuration, "\(said): check TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_URL")
    }
  }

  /// Errors whose meaning is not their status'.
  private static let codes: [Int: (ChannelError.Code, String)] = {
    let number = "the number is none that takes messages"
    let sender = "check TWILIO_FROM, TWILIO_MESSAGING_SERVICE_SID and TWILIO_WHATSAPP_FROM"
    let template = "check TWILIO_WHATSAPP_CONTENT_SID and TWILIO_WHATSAPP_CODE_CONTENT_SID"
    let account = "check TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_API_KEY_SECRET"
    return [
      // Not a number, not a mobile one, a landline, a short code, the sender itself.
      21211: (.gone, number), 21217: (.gone, number), 21614: (.gone, number), 21635: (.gone, number),
      21265: (.gone, number), 21266: (.gone, number), 63003: (.gone, number),
      21610: (.gone, "the recipient has answered STOP"),
      63016: (
        .configuration, "outside of 24 hours after the recipient's own message only a template is taken; \(template)"
      ),
      21655: (.configuration, template), 21656: (.configuration, template), 63027: (.configuration, template),
      20003: (.configuration, account), 20404: (.configuration, account), 20005: (.configuration, account),
      21212: (.configuration, sender), 21603: (.configuration, sender), 21606: (.configuration, sender),
      21659: (.configuration, sender), 21660: (.configuration, sender), 21661: (.configuration, sender),
      21701: (.configuration, sender), 21703: (.configuration, sender), 63007: (.configuration, sender),
      21408: (.configuration, "the account may not send to this country: see its geographic permissions"),
      21608: (.configuration, "an account on trial sends to verified numbers only"),
      20429: (.temporary, "too many requests"), 21611: (.temporary, "the sender's queue is full"),
      63018: (.temporary, "too many messages"), 63017: (.temporary, "too many messages"),
    ]
  }()
}
