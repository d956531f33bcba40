package import AppDomain
package import Secrets

/// Tokens that name an unconfirmed address and when its link expires, and carry a keyed hash of both.
package struct SignedConfirmationTokens: ConfirmationTokens {
  private let signature: TokenSignature

  package init(secret: Redacted<String>) { signature = TokenSignature(secret: secret) }

  /// `7-1795574700-3f…`; the moment in whole seconds since 1970.
  package func token(for id: Int64, until expiry: Double) -> String { token(id, Int64(expiry)) }

  package func read(_ token: String, at now: Double) -> Int64? {
    guard token.utf8.count <= 100 else { return nil }
    let parts = token.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let id = Int64(parts[0]), let expiry = Int64(parts[1]),
      SecretComparison.isEqual(token, self.token(id, expiry)), now < Double(expiry)
    else { return nil }
    return id
  }

  package func number(for address: EmailAddress) -> Int64 {
    let claims = SubscriberNumbers.claims
    let hash = signature.bytes("outgrown claim 1|\(address.text)").prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return claims.lowerBound + Int64(hash % UInt64(claims.upperBound - claims.lowerBound))
  }

  private func token(_ id: Int64, _ expiry: Int64) -> String {
    "\(id)-\(expiry)-\(signature.sign("outgrown confirm 1|\(id)|\(expiry)"))"
  }
}

/// The pages where owners of addresses confirm.
package struct ConfirmationLinks: Sendable {
  private let base: String
  private let tokens: any ConfirmationTokens

  /// - Parameter base: the service's address, without a slash at its end.
  package init(base: String, tokens: any ConfirmationTokens) {
    self.base = base
    self.tokens = tokens
  }

  func url(for id: Int64, until expiry: Double) -> String { "\(base)/confirm/\(tokens.token(for: id, until: expiry))" }
}
