package import Hummingbird

package enum ServiceRouter {
  /// A router whose errors are `{"detail": …}` and whose GET routes answer HEAD too; `HTTPServer` adds 405 and metrics.
  package static func make() -> Router<ServiceContext> {
    let router = Router(context: ServiceContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: ProblemMiddleware())
    return router
  }
}
