package import AppDomain
package import HTTPService
import HTTPTypes
package import Hummingbird
import Wording

/// The routes by which owners of phones ask to be told of duties: by a code that is sent to the number.
package struct PhoneAPI: Sendable {
  /// The most that a body may have, in bytes.
  private static let maximumBody = 16_384

  /// The same for every number with a price: who is subscribed is nobody else's business.
  private static let sent =
    "If no code was sent to this number within the hour, one is on its way: it is good for 10 minutes"

  private let codes: (any PhoneCodes)?
  private let profiles: any ProfileStore
  private let asking: RequestLimit
  private let confirming: RequestLimit
  private let proxies: TrustedProxies
  private let onSubscription: @Sendable () -> Void

  /// - Parameters:
  ///   - codes: nil where no messages go to phones.
  ///   - profiles: by whose token subscribers say of which duties they are told.
  ///   - onSubscription: told when there is an address more to be told of duties.
  package init(
    codes: (any PhoneCodes)?, profiles: any ProfileStore, asking: RequestLimit, confirming: RequestLimit,
    proxies: TrustedProxies = TrustedProxies(),
    onSubscription: @escaping @Sendable () -> Void = {}
  ) {
    self.codes = codes
    self.profiles = profiles
    self.asking = asking
    self.confirming = confirming
    self.proxies = proxies
    self.onSubscription = onSubscription
  }

  package func addRoutes(to router: Router<ServiceContext>) {
    router.post("/v1/phones") { request, context in try await ask(request, context) }
    router.post("/v1/phones/confirm") { request, context in try await confirm(request, context) }
  }

  private func ask(_ request: Request, _ context: ServiceContext) async throws -> Response {
    try asking.admit(request, context, behind: proxies)
    let body = try await body(of: request)
    let (number, channel) = (try body.number, try body.channel)
    let answer: PhoneCodeAnswer
    do {
      answer = try await codes?.ask(for: number, on: channel) ?? .off
    } catch is SubscribersFull {
      throw HTTPProblem(
        .serviceUnavailable, "There are as many subscribers as this service takes", headers: [.retryAfter: "3600"])
    }
    switch answer {
    case .taken: return Response.success(Self.sent).unkept
    case .off: throw HTTPProblem(.notFound, "This service sends no messages by \(channel.rawValue)")
    case .unpriced(let prefixes):
      throw HTTPProblem(.forbidden, "Numbers are taken that begin with \(prefixes.prefix(50).joined(separator: ", "))")
    case .tooMany(let wait):
      throw HTTPProblem(
        .tooManyRequests, "Too many codes were asked for: try again later", headers: [.retryAfter: Self.seconds(wait)])
    case .spent(let wait):
      throw HTTPProblem(
        .serviceUnavailable, "This service sends no more codes this month",
        headers: [.retryAfter: Self.seconds(wait)])
    }
  }

  private func confirm(_ request: Request, _ context: ServiceContext) async throws -> Response {
    try confirming.admit(request, context, behind: proxies)
    let body = try await body(of: request)
    let (number, channel, code) = (try body.number, try body.channel, try body.code)
    guard let subscription = try await codes?.confirm(number, on: channel, code: code) else {
      throw HTTPProblem(.notFound, "This code is not the one that was sent, or is good no longer")
    }
    onSubscription()
    let token = try await profiles.token(of: subscription.subscriber)
    return Response.success("Subscription confirmed") { json in
      json.field("subscription_id", subscription.number)
      json.field("token", token?.text)
    }.unkept
  }

  private func body(of request: Request) async throws -> PhoneBody {
    _ = try KnownParameters(request.uri.query, [])
    return PhoneBody(body: try JSONObjectBody(try await request.wholeBody(upTo: Self.maximumBody)))
  }

  private static func seconds(_ wait: Double) -> String { String(Int(max(1, wait.rounded(.up)))) }
}

/// What `POST /v1/phones` brings, within bounds.
private struct PhoneBody {
  let body: JSONObjectBody

  var number: PhoneNumber {
    get throws(HTTPProblem) {
      guard let number = try body.string("phone").flatMap({ PhoneNumber($0) }) else {
        throw JSONObjectBody.problem("phone", PhoneNumber.expected)
      }
      return number
    }
  }

  var channel: NotificationChannel {
    get throws(HTTPProblem) {
      guard let channel = try body.string("channel").flatMap({ NotificationChannel(rawValue: $0) }),
        NotificationChannel.phones.contains(channel)
      else { throw JSONObjectBody.problem("channel", "sms or whatsapp was expected") }
      return channel
    }
  }

  var code: String {
    get throws(HTTPProblem) {
      guard let code = try body.string("code"), code.utf8.count == 6,
        code.utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { throw JSONObjectBody.problem("code", "the six digits that were sent were expected") }
      return code
    }
  }
}
