import Cryptography
import Foundation
package import Secrets

/// How Twilio signs what it sends: HMAC-SHA1 by the account's token over the URL and the form's fields.
/// Source: Twilio, "Webhooks security" (2026-11).
package struct TwilioSignature: Sendable {
  private let token: Redacted<String>

  package init(token: Redacted<String>) { self.token = token }

  /// - Parameters:
  ///   - url: as Twilio was told it, with its query.
  ///   - fields: of the form, decoded, in any order.
  package func signature(of url: String, _ fields: [(name: String, value: String)]) -> String {
    var text = Array(url.utf8)
    var last: [UInt8]?
    let ordered = fields.map { (Array($0.name.utf8), Array($0.value.utf8)) }.sorted { left, right in
      left.0 == right.0 ? left.1.lexicographicallyPrecedes(right.1) : left.0.lexicographicallyPrecedes(right.0)
    }
    var lastValue: [UInt8] = []
    for (name, value) in ordered {
      // A field that comes twice with the same value counts once, as in the SDK.
      if name == last, value == lastValue { continue }
      text += name + value
      (last, lastValue) = (name, value)
    }
    return Data(HMACSHA1.of(text, by: Array(token.secret.utf8))).base64EncodedString()
  }

  /// Whether Twilio has signed it.
  /// - Parameter signature: of the header `X-Twilio-Signature`.
  package func isValid(_ signature: String, of url: String, _ fields: [(name: String, value: String)]) -> Bool {
    SecretComparison.isEqual(signature, self.signature(of: url, fields))
  }
}
