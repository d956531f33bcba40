import Addresses
import Foundation
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
package import Telemetry

/// Where a server listens.
package struct ListeningAddress: Sendable, Equatable {
  package var host: String
  /// The port that was bound, never 0.
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Only this machine reaches it.
  package var isLoopback: Bool { host == "localhost" || IPAddress(host)?.isLoopback == true }

  /// A URL that reaches it from this machine.
  package var url: String {
    switch host {
    case "0.0.0.0", "": "http://127.0.0.1:\(port)"
    case "::": "http://[::1]:\(port)"
    default: host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }
  }
}

/// An HTTP/1.1 server for a router of `ServiceRouter.make()`, as a service that stops gracefully. What a client may take of
/// it is bounded: connections, the time of a request, unread answers.
package struct HTTPServer: Service {
  private let responder: ServiceResponder
  private let desk: FrontDesk?
  private let address: ListeningAddress
  private let bounds: HTTPBounds
  private let proxies: TrustedProxies
  private let logger: Logger
  private let onListening: @Sendable (ListeningAddress) -> Void

  /// - Parameters:
  ///   - address: port 0 takes any free one.
  ///   - metrics: where requests are counted; nil counts none.
  ///   - delay: added before every answer, for rehearsing a slow service.
  ///   - proxies: addresses that may have any number of connections, and whose word on a request is believed.
  ///   - crossOrigin: whose pages may read the answers.
  ///   - front: what is asked before the router is; nobody where a delay is set.
  ///   - onListening: called once with the address that was bound.
  package init(
    router: Router<ServiceContext>, address: ListeningAddress, metrics: MetricsRegistry? = nil,
    delay: (@Sendable () async -> Void)? = nil, bounds: HTTPBounds = HTTPBounds(),
    proxies: TrustedProxies = TrustedProxies(), crossOrigin: CrossOrigin = CrossOrigin(),
    front: (any FrontAnswers)? = nil, logger: Logger, onListening: @escaping @Sendable (ListeningAddress) -> Void
  ) {
    let table = RouteTable(router.routes.map { ($0.path.description, $0.method.rawValue) })
    let metrics = metrics.map { RequestMetrics(registry: $0, templates: table.templates) }
    let headers = StandardHeaders(proxies: proxies, crossOrigin: crossOrigin)
    responder = ServiceResponder(
      router: router.buildResponder(), table: table, metrics: metrics, headers: headers, delay: delay)
    desk = delay == nil ? front.map { FrontDesk($0, metrics: metrics, headers: headers) } : nil
    self.address = address
    self.bounds = bounds
    self.proxies = proxies
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves until a graceful shutdown or cancellation.
  /// - Throws: `HTTPServiceError` when the address can't be bound.
  package func run() async throws {
    // The framework says little that this service's own lines don't.
    var frameworkLogger = logger
    frameworkLogger.logLevel = max(logger.logLevel, .warning)
    let limit = DescriptorLimit.raise()
    let table = ConnectionTable(
      cap: min(bounds.connections ?? .max, DescriptorLimit.connections(below: limit)), proxies: proxies)
    let application = Application(
      responder: responder,
      server: HTTPServerBuilder { [bounds, desk] responder in
        FrontChannel(responder: responder, table: table, bounds: bounds, desk: desk)
      },
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port), backlog: 1024,
        availableConnectionsDelegate: ConnectionGate(table: table)),
      onServerRunning: { channel in
        // Sockets that are accepted at once are above the cap until others are closed for them.
        _ = try? await channel.setOption(.maxMessagesPerRead, value: 4).get()
        onListening(ListeningAddress(host: address.host, port: channel.localAddress?.port ?? address.port))
      },
      logger: frameworkLogger)
    do {
      try await application.run()
    } catch let error as IOError {
      throw Self.explained(error, at: address)
    } catch is SocketAddressError.UnknownHost {
      throw Self.notLocal(address.host)
    } catch is SocketAddressError {
      throw Self.notLocal(address.host)
    }
  }

  private static func explained(_ error: IOError, at address: ListeningAddress) -> HTTPServiceError {
    let place = "port \(address.port) of \(address.host)"
    return switch error.errnoCode {
    case EADDRINUSE:
      HTTPServiceError(
        .portUnavailable, "\(place) is in use: stop what listens there, or choose another port (0: any)")
    case EACCES, EPERM:
      HTTPServiceError(.portUnavailable, "\(place) needs privileges: choose a port above 1023")
    case EADDRNOTAVAIL: notLocal(address.host)
    default: HTTPServiceError(.portUnavailable, "\(place) can't be listened on: \(error)")
    }
  }

  private static func notLocal(_ host: String) -> HTTPServiceError {
    HTTPServiceError(
      .addressInvalid, "\(host) is no address of this machine: choose another (0.0.0.0: all)")
  }
}
