import HTTPTypes
import Hummingbird

/// Notes every request before it is answered.
struct InboundMiddleware: RouterMiddleware {
  private static let forwardedFor = HTTPField.Name("X-Forwarded-For")

  let log: InboundLog

  func handle(
    _ request: Request, context: BasicRequestContext,
    next: (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    // `/health` tells of the requests before it: a probe is noted once it is answered.
    let isProbe = InboundLog.probePaths.contains(path)
    if !isProbe { note(request, path) }
    defer { if isProbe { note(request, path) } }
    return try await next(request, context)
  }

  private func note(_ request: Request, _ path: String) {
    log.record(
      path: path, agent: request.headers[.userAgent],
      forwardedFor: Self.forwardedFor.flatMap { request.headers[$0] })
  }
}
