package import Logging
package import ServiceLifecycle
import Terminal
package import Timers
import UnixSignals

package enum ServiceRun {
  /// Runs services until SIGTERM or SIGINT, then stops them gracefully, the last one first.
  ///
  /// What has not stopped 10 s later is cancelled: hosting platforms kill a process about 30 s after asking it to stop. When
  /// a service fails, all are cancelled. Whatever doesn't end then either (a backup under way, a disk that doesn't answer)
  /// ends with the process, 4 s later.
  /// - Parameter sayAndCode: says why the process ends, where nobody else could any more, and returns its exit code.
  /// - Throws: what the first service to fail threw.
  package static func untilSignalled(
    _ services: [any Service], timers: TimerThread, logger: Logger,
    sayAndCode: @escaping @Sendable (any Error) -> Int32 = CommandFailure.sayAndCode
  ) async throws {
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    let lastResort = LastResort(timers: timers, sayAndCode: sayAndCode)
    defer { lastResort.disarm() }
    lastResort.armOnSignals()
    var configuration = ServiceGroupConfiguration(
      services: services.map { Member(service: $0, lastResort: lastResort) },
      gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
    configuration.maximumGracefulShutdownDuration = LastResort.graceful
    try await ServiceGroup(configuration: configuration).run()
  }

  /// Described by its type: the group makes a text of each, which otherwise is made of all that a service holds, secrets too.
  private struct Member: Service, CustomStringConvertible {
    let service: any Service
    let lastResort: LastResort

    var description: String { "\(type(of: service))" }

    func run() async throws {
      do {
        try await service.run()
      } catch {
        lastResort.arm(for: error)
        throw error
      }
    }
  }
}
