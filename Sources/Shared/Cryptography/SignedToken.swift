package import Wording

/// A JSON Web Token in its compact form. Source: RFC 7519, RFC 7515 §3.1.
package enum SignedToken {
  package enum Key: Sendable {
    case es256(P256PrivateKey)
    /// - Parameter identifier: tells the receiver which of several keys it is.
    case rs256(RSAPrivateKey, identifier: String?)
  }

  /// - Parameter claims: writes the fields of the claims' object.
  /// - Throws: `CryptographyError`.
  package static func signed(
    by key: Key, claims: (inout JSONWriter) -> Void
  ) throws(CryptographyError) -> String {
    var header = JSONWriter(capacity: 100)
    header.object { json in
      json.field("typ", "JWT")
      switch key {
      case .es256: json.field("alg", "ES256")
      case .rs256(_, let identifier):
        json.field("alg", "RS256")
        if let identifier { json.field("kid", identifier) }
      }
    }
    var body = JSONWriter()
    body.object(claims)
    let signed = "\(Base64URL.encoded(header.bytes)).\(Base64URL.encoded(body.bytes))"
    let signature =
      switch key {
      case .es256(let key): try key.signature(of: Array(signed.utf8))
      case .rs256(let key, _): try key.signature(of: Array(signed.utf8))
      }
    return "\(signed).\(Base64URL.encoded(signature))"
  }
}
