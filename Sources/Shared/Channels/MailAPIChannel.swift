package import Curl
import Secrets
import Wording

/// Mail by HTTPS, where a platform lets no SMTP out: one JSON object a mail, posted with a key, as Resend takes it.
/// Source: Resend, "Send Email", "Idempotency Keys", "Errors" (resend.com/docs, 2026-11).
package struct MailAPIChannel: MessageChannel {
  /// The most that is read of an answer, in bytes.
  private static let longestAnswer = 65_536

  package let timeout: Duration
  private let api: MailAPI
  private let sender: MailSender
  private let client: CurlClient
  private let now: @Sendable () -> Double

  /// - Parameters:
  ///   - timeout: for one mail, from the connection to the answer.
  ///   - now: seconds since 1970.
  package init(
    api: MailAPI, sender: MailSender, client: CurlClient, timeout: Duration = .seconds(30),
    now: @escaping @Sendable () -> Double
  ) {
    self.api = api
    self.sender = sender
    self.client = client
    self.timeout = timeout
    self.now = now
  }

  package func send(_ message: ChannelMessage) async throws(ChannelError) {
    guard MailAddress.isSafe(message.recipient), message.hasIdentifier else { throw .unwritable }
    let request = CurlRequest(
      method: "POST", url: api.url,
      headers: [
        ("Authorization", "Bearer \(api.key.secret)"), ("Content-Type", "application/json"),
        ("Accept", "application/json"), ("Idempotency-Key", message.id),
      ], body: body(of: message), connectTimeout: timeout, totalTimeout: timeout, maxBodyBytes: Self.longestAnswer,
      maxRedirects: 0)
    let place = CurlURL.redacted(api.url)
    let outcome = MailAPIOutcome(answer: try await client.answer(to: request, at: now(), from: place))
    if let error = outcome.error(of: place) { throw error }
  }

  private func body(of message: ChannelMessage) -> [UInt8] {
    var json = JSONWriter(capacity: 4_096)
    json.object { json in
      json.field("from", sender.text)
      json.key("to")
      json.array { $0.string(message.recipient) }
      json.field("subject", HeaderText.cleaned(message.title))
      json.field("text", message.text)
      if let html = message.html { json.field("html", html) }
      json.key("headers")
      json.object { json in
        for (name, value) in ListHeaders.fields(of: message, from: sender) {
          json.key(dynamic: name)
          json.string(value)
        }
        json.field("Auto-Submitted", "auto-generated")
      }
    }
    return json.bytes
  }
}
