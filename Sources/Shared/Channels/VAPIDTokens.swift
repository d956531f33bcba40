import Cryptography
import Synchronization
import Wording

/// Tokens that tell push services who pushes, one for each of them, made anew in good time.
final class VAPIDTokens: Sendable {
  /// In seconds; at most 24 hours. Source: RFC 8292 §2.
  static let lifetime = 12 * 3_600.0
  /// A token is good for this long at least when it is sent, in seconds, whatever the other side's clock says.
  static let margin = 3_600.0
  private static let remembered = 100

  private let identity: VAPIDIdentity
  private let known = Mutex<[String: (field: String, expiresAt: Double)]>([:])

  init(_ identity: VAPIDIdentity) { self.identity = identity }

  /// The `Authorization` field for a push service.
  /// - Parameters:
  ///   - origin: the service's.
  ///   - now: seconds since 1970.
  /// - Throws: `CryptographyError`.
  func authorization(for origin: String, at now: Double) throws(CryptographyError) -> String {
    // One that expires later than any would has been made before the clock was set back.
    if let found = known.withLock({ $0[origin] }), found.expiresAt - now >= Self.margin,
      found.expiresAt - now <= Self.lifetime
    {
      return found.field
    }
    let expiresAt = (now + Self.lifetime).rounded(.down)
    let token = try SignedToken.signed(by: .es256(identity.key)) { json in
      json.field("aud", origin)
      json.field("exp", Int64(expiresAt))
      json.field("sub", identity.subject)
    }
    let field = "vapid t=\(token),k=\(identity.publicKey)"
    known.withLock { known in
      if known.count >= Self.remembered { known = [:] }
      known[origin] = (field, expiresAt)
    }
    return field
  }
}
