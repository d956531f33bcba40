import HTTPTypes
import Hummingbird
import Wording

/// Around the router: wrong methods are 405 with `Allow`, every answer is counted and has the headers that all have, and a
/// set delay is added.
struct ServiceResponder: HTTPResponder {
  typealias Context = ServiceContext

  private let router: RouterResponder<ServiceContext>
  private let table: RouteTable
  private let metrics: RequestMetrics?
  private let headers: StandardHeaders
  private let delay: (@Sendable () async -> Void)?

  init(
    router: RouterResponder<ServiceContext>, table: RouteTable, metrics: RequestMetrics?,
    headers: StandardHeaders, delay: (@Sendable () async -> Void)?
  ) {
    self.headers = headers
    self.router = router
    self.table = table
    self.metrics = metrics
    self.delay = delay
  }

  func respond(to request: Request, context: ServiceContext) async throws -> Response {
    let start = ContinuousClock.now
    var context = context
    context.call(RequestNumber.given(by: request))
    await delay?()
    var response = try await router.respond(to: request, context: context)
    // The router leaves the template that it chose here, and a word without a slash when there was none.
    let template = context.endpointPath ?? ""
    let missed = template.first != "/" ? table.match(request.uri.path) : nil
    if let asked = headers.crossOrigin.preflight(request, methods: missed?.methods) {
      response = asked
    } else if let missed {
      response =
        HTTPProblem(
          .methodNotAllowed, "Method Not Allowed", headers: [.allow: missed.methods.joined(separator: ", ")]
        ).response
      if request.method == .head { response = response.createHeadResponse() }
    } else if template.first != "/", request.method == .head {
      response = response.createHeadResponse()
    }
    headers.add(to: &response, request, context)
    if let metrics {
      let elapsed = start.duration(to: .now)
      metrics.record(
        method: request.method.rawValue, route: missed?.template ?? metrics.index(ofTemplate: template),
        status: response.status.code, nanoseconds: elapsed.nanosecondCount)
    }
    return response
  }
}
