package import Curl
package import Logging
import ServiceLifecycle
package import Telemetry
package import Timers

/// Tells Sentry of errors: what the log says, and what ends the service. Delivery has a thread and connections of its own
/// (libcurl's); nobody waits for it but the end of the process, at most `patience`.
package struct SentryService: Service {
  /// How long the end of the process waits for what is still to be sent.
  package static let patience = Duration.seconds(2)

  private let intake: SentryIntake
  private let courier: SentryCourier
  private let wait: Wait

  /// - Parameters:
  ///   - version: this software's.
  ///   - logger: told of failures; one that leads back here would make each failure an event.
  ///   - now: seconds since 1970.
  ///   - monotonic: seconds that never go back.
  /// - Throws: `CurlError` when libcurl can't start.
  package init(
    _ options: SentryOptions, version: String, registry: MetricsRegistry, logger: Logger,
    now: @escaping @Sendable () -> Double, monotonic: @escaping @Sendable () -> Double, wait: @escaping Wait
  ) throws(CurlError) {
    try self.init(
      options, version: version, outcomes: SentryOutcomes(registry: registry), logger: logger,
      sources: SentryIntake.Sources(now: now, monotonic: monotonic), wait: wait)
  }

  init(
    _ options: SentryOptions, version: String, outcomes: SentryOutcomes, logger: Logger,
    sources: SentryIntake.Sources, wait: @escaping Wait
  ) throws(CurlError) {
    intake = SentryIntake(sampleRate: options.sampleRate, sources: sources, outcomes: outcomes)
    courier = SentryCourier(
      options, version: version, client: try CurlClient(maxTransfers: 2), outcomes: outcomes, logger: logger,
      sources: sources, wait: wait)
    self.wait = wait
  }

  /// A logger whose errors Sentry hears of, beside all that the given one does.
  package func watching(_ logger: Logger) -> Logger {
    var logger = logger
    logger.handler = SentryLog(before: logger.handler, label: logger.label, intake: intake)
    return logger
  }

  /// Sends what comes until the service stops; what is left then is `finish`'s.
  package func run() async {
    await cancelWhenGracefulShutdown {
      for await _ in intake.arrivals { await deliver(isLast: false) }
    }
  }

  /// Sends what is left, after everything else has ended; returns at once where nothing is, and in `patience` in any case.
  /// - Parameter error: what ended the service.
  package func finish(
    _ error: (any Error)? = nil, logger: Logger, file: String = #fileID, function: String = #function,
    line: UInt = #line
  ) async {
    if let error, !(error is CancellationError) {
      intake.take(
        uncaught: error, logger: logger.label, metadata: logger.handler.metadata,
        place: SentryFrame(file: file, function: function, line: line))
    }
    if intake.waiting > 0 {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await deliver(isLast: true) }
        group.addTask { await wait(Self.patience) }
        await group.next()
        group.cancelAll()
      }
    }
    await courier.close()
  }

  private func deliver(isLast: Bool) async {
    while !Task.isCancelled, let event = intake.next() {
      if await !courier.deliver(event, isLast: isLast) { intake.putBack(event) }
    }
  }
}
