package import AppDomain
package import HTTPService
import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore
package import Telemetry

/// The routes by which Twilio says what phones answered, and how far messages came. What it has not signed changes nothing.
/// Source: Twilio, "Webhooks security", "Messaging webhooks", "Track outbound message status" (2026-11).
package struct TwilioWebhookAPI: Sendable {
  /// The most that a body may have, in bytes: Twilio's are below 4 KiB.
  private static let maximumBody = 16_384
  private static let signatureField = HTTPField.Name("X-Twilio-Signature")

  /// Whether Twilio has signed a form's fields for a URL.
  package typealias Verify =
    @Sendable (_ signature: String, _ url: String, _ fields: [(name: String, value: String)]) -> Bool

  private let store: any PhoneReplyStore
  private let publicURL: String
  private let account: String
  private let verify: Verify
  private let logger: Logger
  private let replies: Family<Counter>
  private let deliveries: Family<Counter>
  private let now: @Sendable () -> Double
  private let onSubscription: @Sendable () -> Void

  /// - Parameters:
  ///   - publicURL: the service's own address as Twilio knows it, without a slash at its end.
  ///   - account: whose webhooks they are.
  ///   - now: seconds since 1970.
  ///   - onSubscription: told when there is an address more to be told of duties.
  package init(
    store: any PhoneReplyStore, publicURL: String, account: String, verify: @escaping Verify, registry: MetricsRegistry,
    logger: Logger, now: @escaping @Sendable () -> Double, onSubscription: @escaping @Sendable () -> Void = {}
  ) {
    self.store = store
    self.publicURL = publicURL
    self.account = account
    self.verify = verify
    self.logger = logger
    self.now = now
    self.onSubscription = onSubscription
    replies = registry.counter(
      "phone_replies_total", "What phones answered: stop, start, or anything else.", labels: ["channel", "reply"])
    deliveries = registry.counter(
      "message_deliveries_total", "How far messages to phones came, as Twilio tells it.", labels: ["channel", "status"])
  }

  package func addRoutes(to router: Router<ServiceContext>) {
    router.post("/webhooks/twilio/inbound") { request, _ in try await inbound(request) }
    router.post("/webhooks/twilio/status") { request, _ in try await status(request) }
  }

  private func inbound(_ request: Request) async throws -> Response {
    let form = try await form(of: request)
    guard let (number, channel) = Self.address(form["From"]), let sid = Self.identifier(form["MessageSid"]) else {
      return Self.heard
    }
    let reply = PhoneReply(text: form["Body"] ?? "", optOut: form["OptOutType"])
    switch reply {
    case .stop: try await store.stopPhone(number, on: channel, by: sid, at: now())
    case .start:
      try await store.resumePhone(number, on: channel, by: sid, at: now())
      onSubscription()
    case .other: break
    }
    replies.with(channel.rawValue, reply.rawValue).increment(by: 1)
    if reply != .other {
      logger.info("a phone has answered", metadata: ["channel": "\(channel.rawValue)", "reply": "\(reply.rawValue)"])
    }
    return Self.heard
  }

  private func status(_ request: Request) async throws -> Response {
    let form = try await form(of: request)
    guard let (number, channel) = Self.address(form["To"]),
      let status = form["MessageStatus"].flatMap(DeliveryStatus.init(rawValue:)),
      let message = try QueryText.last("message", of: request.uri.query).flatMap({ Int64($0) })
    else { return Self.heard }
    let code = form["ErrorCode"].flatMap { Int($0) }.flatMap { (1...999_999).contains($0) ? $0 : nil }
    let failure = code.flatMap { DeliveryFailure(code: $0) }
    let isNews = try await store.record(
      status, code: code, of: message, on: channel, to: number, isGone: failure == .gone, at: now())
    guard isNews else { return Self.heard }
    deliveries.with(channel.rawValue, status.rawValue).increment(by: 1)
    guard status == .undelivered || status == .failed else { return Self.heard }
    logger.log(
      level: failure == .configuration ? .error : .warning, "a message did not arrive",
      metadata: [
        "message": "\(message)", "channel": "\(channel.rawValue)", "status": "\(status.rawValue)",
        "code": "\(code.map(String.init) ?? "")", "meaning": "\(failure?.meaning ?? "see Twilio's error dictionary")",
      ])
    return Self.heard
  }

  /// The fields of a form that Twilio has signed, each once.
  /// - Throws: `HTTPProblem`, 403 for any other.
  private func form(of request: Request) async throws -> [String: String] {
    let bytes = try await request.wholeBody(upTo: Self.maximumBody)
    // What a proxy made of the path and its query is of no use: the bytes as they came are what was signed.
    let url = publicURL + (request.head.path ?? "")
    guard let signature = Self.signatureField.flatMap({ request.headers[$0] }), signature.utf8.count <= 100,
      let fields = try? QueryText.pairs(String(decoding: bytes, as: UTF8.self), upTo: Self.maximumBody),
      verify(signature, url, fields),
      fields.first(where: { $0.name == "AccountSid" })?.value == account
    else { throw HTTPProblem(.forbidden, "This is not signed as Twilio signs for this service") }
    return Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
  }

  /// Nobody is answered: Twilio does that itself after STOP and START.
  private static var heard: Response {
    Response(
      status: .ok, headers: [.contentType: "text/xml; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>")))
  }

  /// `+14155552671` or `whatsapp:+14155552671`
  private static func address(_ text: String?) -> (PhoneNumber, NotificationChannel)? {
    guard let text else { return nil }
    let isWhatsApp = text.hasPrefix("whatsapp:")
    return PhoneNumber(isWhatsApp ? String(text.dropFirst(9)) : text).map { ($0, isWhatsApp ? .whatsApp : .sms) }
  }

  private static func identifier(_ text: String?) -> String? {
    text.flatMap { text in
      (1...64).contains(text.utf8.count) && text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) ? text : nil
    }
  }
}
