import HTTPService
import Logging
import ServiceLifecycle

/// Says when a server can be used: its socket listens, and what had to happen first has happened.
struct Readiness: Service {
  private let readyFile: ReadyFile?
  private let bootID: String
  private let logger: Logger
  private let prepare: @Sendable () async -> Void
  private let addresses: AsyncStream<ListeningAddress>
  private let address: AsyncStream<ListeningAddress>.Continuation

  init(readyFile: ReadyFile?, bootID: String, logger: Logger, prepare: @escaping @Sendable () async -> Void) {
    self.readyFile = readyFile
    self.bootID = bootID
    self.logger = logger
    self.prepare = prepare
    (addresses, address) = AsyncStream.makeStream()
  }

  @Sendable func isListening(at bound: ListeningAddress) {
    logger.info("listening", metadata: ["url": "\(bound.url)"])
    address.yield(bound)
    address.finish()
  }

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      var bound: ListeningAddress?
      for await address in addresses { bound = address }
      guard let bound else { return }
      await prepare()
      guard !Task.isCancelled else { return }
      try readyFile?.write(bound, bootID: bootID)
      logger.info("ready", metadata: ["url": "\(bound.url)"])
    }
    // A service that returns would end the others.
    try? await gracefulShutdown()
  }
}
