import Cryptography
import Foundation

/// What a browser gave for its push service: where it is, and by which keys a message is sealed for that browser alone.
/// Source: W3C Push API, `PushSubscription.toJSON()`; RFC 8291 §3.2.
package struct PushSubscription: Sendable {
  package let endpoint: String
  let publicKey: P256PublicKey
  /// 16 bytes.
  let authenticationSecret: [UInt8]

  static let secretLength = 16

  package struct Refusal: Error, Sendable, CustomStringConvertible {
    package var description: String
  }

  private struct Document: Decodable {
    var endpoint: String
    var keys: Keys

    struct Keys: Decodable {
      var p256dh: String
      var auth: String
    }
  }

  /// - Parameter json: `{"endpoint": "https://…", "keys": {"p256dh": "…", "auth": "…"}}`; other keys are passed over.
  /// - Throws: `Refusal`, which repeats nothing of it.
  package init(json: String) throws(Refusal) {
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(json.utf8)) else {
      throw Refusal(description: "a subscription with endpoint, keys.p256dh and keys.auth was expected")
    }
    guard let point = Base64URL.decoded(document.keys.p256dh), let key = try? P256PublicKey(point: point) else {
      throw Refusal(
        description: "keys.p256dh: an uncompressed point of P-256 was expected, 65 bytes in base64url")
    }
    guard let secret = Base64URL.decoded(document.keys.auth), secret.count == Self.secretLength else {
      throw Refusal(description: "keys.auth: \(Self.secretLength) bytes in base64url were expected")
    }
    endpoint = document.endpoint
    publicKey = key
    authenticationSecret = secret
  }
}
