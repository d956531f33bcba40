import HTTPTypes
import Hummingbird
import Logging

/// Turns every error of a handler into a `{"detail": …}` answer; what nobody expected is logged and told as a bare 500.
struct ProblemMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: ServiceContext,
    next: (Request, ServiceContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let problem as HTTPProblem {
      return problem.response
    } catch let error as HTTPError {
      return HTTPProblem(error.status, error.body ?? error.status.reasonPhrase, headers: error.headers).response
    } catch let error as any HTTPResponseError {
      return HTTPProblem(error.status, error.status.reasonPhrase).response
    } catch is CancellationError {
      return HTTPProblem(.serviceUnavailable, "the service is stopping", headers: [.retryAfter: "5"]).response
    } catch {
      context.requestLogger.error("request failed", metadata: ["path": "\(request.shownPath)", "error": "\(error)"])
      return HTTPProblem(.internalServerError, "Internal Server Error").response
    }
  }
}
