import HTTPTypes
package import Hummingbird

/// Who may do what is the operator's alone: see data of people, send messages.
package enum AdminAccess: Sendable {
  case token(BearerToken)
  /// On a developer's own machine.
  case everybody
  /// Nobody said who the operator is.
  case nobody

  package var token: BearerToken? {
    if case .token(let token) = self { token } else { nil }
  }

  /// - Throws: `HTTPProblem`: 503 where there is no operator, 401 for whoever shows no token.
  package func admit(_ request: Request) throws(HTTPProblem) {
    switch self {
    case .everybody: return
    case .nobody:
      throw HTTPProblem(.serviceUnavailable, "This is the operator's alone, and ADMIN_TOKEN is not set")
    case .token(let token):
      guard token.isShown(by: request) else {
        throw HTTPProblem(
          .unauthorized, "The operator's token was expected", headers: [.wwwAuthenticate: "Bearer"])
      }
    }
  }
}
