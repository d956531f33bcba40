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
  init(json bytes: [UInt8]) throws(HTTPProblem) {
    guard let value = try? JSONSerialization.jsonObject(with: Data(bytes)), let object = value as? [String: Any] else {
      throw Self.problem("body", "a JSON object was expected")
    }
    if let text = try Self.string("email", in: object), !text.isEmpty {
      guard let address = EmailAddress(text) else {
        throw Self.problem("email", "an address such as name@example.org was expected, at most 254 ASCII characters")
      }
      email = address
    }
    if let value = object["push_subscription"], !(value is NSNull) { push = try Self.push(value) }
    if let value = object["subscription_id"], !(value is NSNull) {
      guard let id = (try? JSONDecoder().decode(Numbers.self, from: Data(bytes)))?.subscription_id else {
        throw Self.problem("subscription_id", "an integer was expected")
      }
      subscriber = id
    }
    if let text = try Self.string("token", in: object), !text.isEmpty { token = text }
  }

  var addresses: [NewAddress] { [email.map { NewAddress(.email, $0.text) }, push].compactMap(\.self) }

  private static func push(_ value: Any) throws(HTTPProblem) -> NewAddress {
    guard let object = value as? [String: Any], let endpoint = object["endpoint"] as? String,
      endpoint.utf8.count <= maximumEndpoint, endpoint.hasPrefix("https://"),
      endpoint.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let details = try? JSONSerialization.data(
        withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes]),
      details.count <= maximumDetails
    else {
      throw problem(
        "push_subscription",
        "a browser's subscription with an https endpoint was expected, at most \(maximumDetails) bytes")
    }
    return NewAddress(.webPush, endpoint, details: String(decoding: details, as: UTF8.self).replacing("\0", with: ""))
  }

  private static func string(_ key: String, in object: [String: Any]) throws(HTTPProblem) -> String? {
    guard let value = object[key], !(value is NSNull) else { return nil }
    guard let text = value as? String else { throw problem(key, "a string was expected") }
    return text
  }

  private static func problem(_ key: String, _ expected: String) -> HTTPProblem {
    HTTPProblem(.unprocessableContent, "\(key): \(expected)")
  }
}
