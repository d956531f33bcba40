package import Logging
import ServiceLifecycle
import Services

/// Says when a server can be used: its socket listens, and what had to happen first has happened.
package struct Readiness: Service {
  private let readyFile: ReadyFile?
  private let bootID: String
  private let logger: Logger
  private let prepare: @Sendable () async -> Void
  private let address = Once<ListeningAddress>()

  /// - Parameters:
  ///   - readyFile: written once it can be used.
  ///   - prepare: what has to happen first.
  package init(
    readyFile: ReadyFile?, bootID: String, logger: Logger, prepare: @escaping @Sendable () async -> Void = {}
  ) {
    self.readyFile = readyFile
    self.bootID = bootID
    self.logger = logger
    self.prepare = prepare
  }

  @Sendable package func isListening(at bound: ListeningAddress) {
    logger.info("listening", metadata: ["url": "\(bound.url)"])
    address.happen(bound)
  }

  /// - Throws: `HTTPServiceError` when the file can't be written.
  package func run() async throws {
    try await cancelWhenGracefulShutdown {
      guard let bound = await address.value() else { return }
      await prepare()
      guard !Task.isCancelled else { return }
      try readyFile?.write(bound, bootID: bootID)
      logger.info("ready", metadata: ["url": "\(bound.url)"])
    }
    // A service that returns would end the others.
    try? await gracefulShutdown()
  }
}
