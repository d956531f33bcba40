package import Cryptography
import Curl

/// Who pushes: a key that browsers subscribed with, and whom a push service can ask. Source: RFC 8292.
package struct VAPIDIdentity: Sendable {
  let key: P256PrivateKey
  /// `mailto:` or `https:`.
  package let subject: String

  package struct Refusal: Error, Sendable, CustomStringConvertible {
    package var description: String
  }

  /// Names that lead nowhere on the public internet: Apple's service refuses a subject at one of them, with the same answer
  /// as for a wrong key. Source: RFC 6761, RFC 6762; web-push-libs/web-push issue 947.
  private static let unreachable = ["localhost", "local", "invalid", "test", "example", "internal"]

  package init(key: P256PrivateKey, subject: String) throws(Refusal) {
    self.key = key
    self.subject = try Self.checked(subject: subject)
  }

  /// - Parameter text: 32 bytes in base64url, as `app vapid-keys` and other tools of the field print them.
  /// - Throws: `Refusal`, which repeats nothing of it.
  package static func key(_ text: String) throws(Refusal) -> P256PrivateKey {
    guard let scalar = Base64URL.decoded(text), let key = try? P256PrivateKey(scalar: scalar) else {
      throw Refusal(description: "a private key of P-256 was expected, 32 bytes in base64url")
    }
    return key
  }

  /// What browsers subscribe with, `applicationServerKey`: base64url.
  package var publicKey: String { Base64URL.encoded(key.publicKey.point) }

  private static func checked(subject: String) throws(Refusal) -> String {
    let host: String?
    if subject.hasPrefix("mailto:") {
      let address = String(subject.dropFirst("mailto:".count))
      host = MailAddress.isSafe(address) ? address.split(separator: "@").last.map { $0.lowercased() } : nil
    } else if subject.hasPrefix("https://"), subject.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let url = CurlURL(subject), url.user == nil
    {
      host = url.host
    } else {
      host = nil
    }
    let labels = host?.split(separator: ".", omittingEmptySubsequences: false) ?? []
    guard labels.count >= 2, let last = labels.last, !unreachable.contains(String(last)), subject.utf8.count <= 300
    else {
      throw Refusal(
        description: "mailto:name@example.org or an https:// URL was expected, at a name that the public internet knows"
      )
    }
    return subject
  }
}
