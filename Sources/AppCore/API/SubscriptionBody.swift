import AppDomain
import Foundation
import HTTPService
import HTTPTypes

/// What `POST /subscribe` and `/unsubscribe` bring, within bounds.
struct SubscriptionBody {
  /// The longest push endpoint and its whole subscription, in bytes.
  private static let maximumEndpoint = 2_048
  private static let maximumDetails = 4_096

  private(set) var email: EmailAddress?
  private(set) var push: NewAddress?
  /// `subscription_id`.
  private(set) var subscriber: Int64?
  /// Of a link that was mailed.
  private(set) var token: String?

  /// Foundation's untyped JSON can't tell 1 from true.
  private struct Numbers: Decodable {
    var subscription_id: Int64?
  }

  /// - Throws: `HTTPProblem`, 422 with what was expected of which key.
  init(json bytes: [UInt8], pushProblem: SubscriptionAPI.PushProblem? = nil) throws(HTTPProblem) {
    let body = try JSONObjectBody(bytes)
    if let text = try body.string("email"), !text.isEmpty {
      guard let address = EmailAddress(text) else {
        throw JSONObjectBody.problem(
          "email", "an address such as name@example.org was expected, at most 254 ASCII characters")
      }
      email = address
    }
    if let value = body.object["push_subscription"], !(value is NSNull) { push = try Self.push(value, pushProblem) }
    if let value = body.object["subscription_id"], !(value is NSNull) {
      guard let id = (try? JSONDecoder().decode(Numbers.self, from: Data(bytes)))?.subscription_id else {
        throw JSONObjectBody.problem("subscription_id", "an integer was expected")
      }
      subscriber = id
    }
    if let text = try body.string("token"), !text.isEmpty { token = text }
  }

  private static func push(
    _ value: Any, _ problem: SubscriptionAPI.PushProblem?
  ) throws(HTTPProblem) -> NewAddress {
    guard let object = value as? [String: Any], let endpoint = object["endpoint"] as? String,
      endpoint.utf8.count <= maximumEndpoint, problem != nil || endpoint.hasPrefix("https://"),
      endpoint.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let details = try? JSONSerialization.data(
        withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes]),
      details.count <= maximumDetails
    else {
      throw JSONObjectBody.problem(
        "push_subscription",
        "a browser's subscription with an https endpoint was expected, at most \(maximumDetails) bytes")
    }
    let address = NewAddress(
      .webPush, endpoint, details: String(decoding: details, as: UTF8.self).replacing("\0", with: ""))
    if let text = problem?(address) { throw JSONObjectBody.problem("push_subscription", text) }
    return address
  }
}
