package import Curl
import Wording

/// SMS or WhatsApp messages by Twilio's Messages API. Source: Twilio, "Messages resource" (2026-11); requests are those of
/// its own SDK for Python for the same call.
package struct TwilioChannel: MessageChannel {
  package let timeout: Duration
  package let route: TwilioRoute
  private let account: TwilioAccount
  private let statusCallback: String?
  private let client: CurlClient
  private let now: @Sendable () -> Double

  /// The most that one message may be.
  package static let mostSegments = 2
  /// How long Twilio may keep a message before it gives it up, in seconds. Source: ibid., `ValidityPeriod`.
  private static let validity = 1.0...36_000.0
  private static let longestAnswer = 65_536

  /// - Parameters:
  ///   - statusCallback: a URL that is told what becomes of messages with a reference; nil: nobody is told.
  ///   - timeout: for one message.
  ///   - now: seconds since 1970.
  package init(
    account: TwilioAccount, route: TwilioRoute, statusCallback: String? = nil, client: CurlClient,
    timeout: Duration = .seconds(30), now: @escaping @Sendable () -> Double
  ) {
    self.account = account
    self.route = route
    self.statusCallback = statusCallback
    self.client = client
    self.timeout = timeout
    self.now = now
  }

  /// For messages.
  package var place: String { account.base }

  /// How many messages are paid for.
  package func segments(of message: ChannelMessage) -> Int {
    switch route {
    case .sms: Self.text(of: message).segments
    case .whatsApp: 1
    }
  }

  package func send(_ message: ChannelMessage) async throws(ChannelError) {
    guard TwilioRoute.isNumber(message.recipient) else {
      throw ChannelError(.refused, "the recipient: a number such as +14155552671 was expected")
    }
    let time = now()
    let form = fields(of: message, at: time).map { "\($0)=\(PercentEncoding.encoded($1))" }.joined(separator: "&")
    let request = CurlRequest(
      method: "POST", url: account.messagesURL,
      headers: [
        ("Authorization", account.authorization), ("Content-Type", "application/x-www-form-urlencoded"),
        ("Accept", "application/json"), ("Accept-Charset", "utf-8"),
      ], body: Array(form.utf8), connectTimeout: timeout, totalTimeout: timeout, maxBodyBytes: Self.longestAnswer,
      maxRedirects: 0)
    let outcome = TwilioOutcome(try await client.answer(to: request, at: time, from: account.base))
    if let error = outcome.error(of: account.base) { throw error }
  }

  /// In the order of the SDK's.
  private func fields(of message: ChannelMessage, at time: Double) -> [(String, String)] {
    var fields: [(String, String)] = []
    let prefix = if case .whatsApp = route { "whatsapp:" } else { "" }
    fields.append(("To", prefix + message.recipient))
    if let statusCallback, let reference = message.reference {
      fields.append(("StatusCallback", "\(statusCallback)?message=\(reference)"))
    }
    let rest = min(max(message.expiresAt - time, Self.validity.lowerBound), Self.validity.upperBound)
    fields.append(("ValidityPeriod", String(Int(rest))))
    switch route {
    case .sms(let sender):
      switch sender {
      case .from(let from): fields.append(("From", from))
      case .service(let sid): fields.append(("MessagingServiceSid", sid))
      }
      fields.append(("Body", Self.text(of: message).text))
    case .whatsApp(let from, let template, let codeTemplate):
      let (sid, values) =
        if let code = message.code { (codeTemplate ?? template, [code]) } else {
          (template, [message.title, message.summary ?? message.text])
        }
      fields.append(("ContentVariables", Self.variables(values)))
      fields.append(("From", prefix + from))
      fields.append(("ContentSid", sid))
    }
    return fields
  }

  /// A code's own text, or a reminder's title and summary.
  static func text(of message: ChannelMessage) -> SMSText {
    guard message.code == nil else { return SMSText.fitted("", message.text, segments: mostSegments) }
    return SMSText.fitted(message.title, "\n\(message.summary ?? message.text)", segments: mostSegments)
  }

  /// `{"1": …}`; values are one line, never empty, without runs of blanks: others are refused (63013, 21656).
  private static func variables(_ values: [String]) -> String {
    var json = JSONWriter(capacity: 256)
    json.object { json in
      for (index, value) in values.enumerated() {
        let line = HeaderText.cleaned(value, limit: 400)
        json.key(dynamic: "\(index + 1)")
        json.string(line.isEmpty ? "-" : line)
      }
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
