package import HTTPService
package import Hummingbird
package import Logging
package import Telemetry

/// A logger that says nothing.
package let silentLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Serves `router` on a free port for as long as `body` runs.
package func withServer<Result: Sendable>(
  _ router: Router<ServiceContext>, metrics: MetricsRegistry? = nil, delay: (@Sendable () async -> Void)? = nil,
  host: String = "127.0.0.1", bounds: HTTPBounds = HTTPBounds(), proxies: TrustedProxies = TrustedProxies(),
  crossOrigin: CrossOrigin = CrossOrigin(), front: (any FrontAnswers)? = nil, logger: Logger = silentLogger,
  _ body: @Sendable (Int) async throws -> Result
) async throws -> Result {
  let (addresses, continuation) = AsyncStream<ListeningAddress>.makeStream()
  let server = HTTPServer(
    router: router, address: ListeningAddress(host: host, port: 0), metrics: metrics, delay: delay, bounds: bounds,
    proxies: proxies, crossOrigin: crossOrigin, front: front, logger: logger
  ) { address in
    continuation.yield(address)
    continuation.finish()
  }
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      defer { continuation.finish() }
      try await server.run()
    }
    var bound: ListeningAddress?
    for await address in addresses { bound = address }
    guard let bound else {
      try await group.waitForAll()
      throw WireError(description: "the server ended before it listened")
    }
    let result = try await body(bound.port)
    group.cancelAll()
    return result
  }
}
