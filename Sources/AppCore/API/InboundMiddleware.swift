import Addresses
import HTTPService
import HTTPTypes
import Hummingbird

/// Notes every request before it is answered.
struct InboundMiddleware: RouterMiddleware {
  let log: InboundLog
  let proxies: TrustedProxies

  func handle(
    _ request: Request, context: ServiceContext,
    next: (Request, ServiceContext) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    // `/health` tells of the requests before it: a probe is noted once it is answered.
    let isProbe = InboundLog.probePaths.contains(path)
    if !isProbe { note(request, context) }
    defer { if isProbe { note(request, context) } }
    return try await next(request, context)
  }

  private func note(_ request: Request, _ context: ServiceContext) {
    log.record(
      path: request.uri.path, as: request.shownPath, agent: request.headers[.userAgent], peer: context.peer,
      forwarded: request.headers[values: .forwardedFor], proxies)
  }
}
