package import Logging
package import ServiceLifecycle
import UnixSignals

package enum ServiceRun {
  /// Runs services until SIGTERM or SIGINT, then stops them gracefully, the last one first.
  ///
  /// What has not stopped 10 s later is cancelled: hosting platforms kill a process about 30 s after asking it to stop.
  /// - Throws: what the first service to fail threw.
  package static func untilSignalled(_ services: [any Service], logger: Logger) async throws {
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
    configuration.maximumGracefulShutdownDuration = .seconds(10)
    try await ServiceGroup(configuration: configuration).run()
  }
}
