package import Logging
import ServiceLifecycle
import Support

/// Runs a notifier's rounds until the service stops. A round that fails is logged, the next is tried.
package struct NotifierService: Service {
  private let notifier: Notifier
  private let interval: Duration
  private let logger: Logger
  private let sleep: @Sendable (Duration) async throws -> Void

  /// - Parameter sleep: waits between rounds; ends early when cancelled.
  package init(
    _ notifier: Notifier, interval: Duration, logger: Logger,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await ThreadWait.sleep(for: $0) }
  ) {
    self.notifier = notifier
    self.interval = interval
    self.logger = logger
    self.sleep = sleep
  }

  package func run() async throws {
    var steady = SteadyWait(sleep) { [logger] in
      logger.error("a wait failed", metadata: ["error": "\($0)", "of": "notifications"])
    }
    // What is being sent is sent: only the wait is cut short.
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      do {
        try await notifier.round { Task.isShuttingDownGracefully }
      } catch {
        logger.error("no round of notifications", metadata: ["error": "\(error)"])
      }
      steady = await cancelWhenGracefulShutdown { [steady] in
        var steady = steady
        await steady(interval)
        return steady
      }
    }
  }
}
