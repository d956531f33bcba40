import AppDomain
import HTTPService
import HTTPTypes
import Hummingbird
import Logging

/// A store that is away or full is no error of the service: 503, and when to come again.
struct OutageMiddleware: RouterMiddleware {
  let health: StoreHealth

  func handle(
    _ request: Request, context: ServiceContext,
    next: (Request, ServiceContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      guard let outage = health.failed(error) else { throw error }
      context.requestLogger.warning(
        "the store can't be used", metadata: ["path": "\(request.shownPath)", "error": "\(error)"])
      throw outage.problem
    }
  }
}

extension StoreOutage {
  var retryAfter: Int {
    switch self {
    case .away: 5
    case .full: 60
    }
  }

  var problem: HTTPProblem {
    HTTPProblem(
      .serviceUnavailable, self == .full ? "The store is full" : "The store can't be reached",
      headers: [.retryAfter: String(retryAfter)])
  }
}
