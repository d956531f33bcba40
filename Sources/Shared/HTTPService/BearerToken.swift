package import Hummingbird
package import Secrets

/// A secret that a request shows in `Authorization: Bearer …`. The scheme's case doesn't matter.
/// Source: RFC 9110 §11.1, RFC 6750 §2.1.
package struct BearerToken: Sendable {
  private let token: Redacted<String>

  package init(_ token: Redacted<String>) { self.token = token }

  package func isShown(by request: Request) -> Bool {
    guard let field = request.headers[.authorization] else { return false }
    let parts = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
    return SecretComparison.isEqual(parts[1].drop { $0 == " " }, token.secret)
  }
}
