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
    let answer: MailAPIAnswer
    do throws(CurlError) {
      let response = try await client.send(request)
      answer = MailAPIAnswer(
        status: response.status, body: response.body, retryAfter: response.headers.retryAfter(at: now()))
    } catch {
      // Beyond what is read of an answer, its status stands.
      guard error.code == .tooLarge, let status = error.reply else {
        throw ChannelError(error.code == .tls ? .configuration : .temporary, error.message)
      }
      answer = MailAPIAnswer(status: status, body: [], retryAfter: nil)
    }
    if let error = answer.error(of: CurlURL.redacted(api.url)) { throw error }
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

/// What a mail API answered. Pure.
struct MailAPIAnswer {
  var status: Int
  var body: [UInt8]
  var retryAfter: Duration?

  /// Nil when the mail was taken.
  /// - Parameter place: the API's, for messages.
  func error(of place: String) -> ChannelError? {
    let name = name
    let code: ChannelError.Code
    switch status {
    case 200..<300: return nil
    // The words of a reminder change from try to try; that of the same key was taken.
    case 409 where name == "invalid_idempotent_request": return nil
    case 408, 409, 425, 429: code = .temporary
    case 400, 413, 422: code = .refused
    // A key, a plan or an address of the API that isn't right: the same for every mail.
    case 300..<500: code = .configuration
    default: code = .temporary
    }
    let words = name.map { ", \($0)" } ?? ""
    return ChannelError(
      code, "\(place) answered \(status)\(words)", retryAfter: code == .temporary ? retryAfter : nil)
  }

  /// The error's name, such as `daily_quota_exceeded`; what else an answer says may name the recipient.
  private var name: String? {
    let text = String(decoding: body, as: UTF8.self)
    guard let match = text.firstMatch(of: #/"name"\s*:\s*"([a-z_]{1,60})"/#) else { return nil }
    return String(match.1)
  }
}
