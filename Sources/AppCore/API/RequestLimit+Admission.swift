import HTTPService
import HTTPTypes
import Hummingbird

extension RequestLimit {
  /// - Throws: `HTTPProblem`, 429 with when to come again.
  func admit(_ request: Request, _ context: ServiceContext, behind proxies: TrustedProxies) throws(HTTPProblem) {
    guard let wait = admit(proxies.origin(of: request, context)) else { return }
    throw HTTPProblem(
      .tooManyRequests, "Too many requests: try again in \(wait) s", headers: [.retryAfter: String(wait)])
  }
}
