import Logging
import MonitorLedger

/// Writes what the watched services saw, one after the other, in the order in which they saw it.
struct LedgerWriter: Sendable {
  private let ledger: Ledger
  private let logger: Logger
  private let stream: AsyncStream<Ledger.Entry>
  let entries: AsyncStream<Ledger.Entry>.Continuation

  init(ledger: Ledger, logger: Logger) {
    self.ledger = ledger
    self.logger = logger
    // About an hour of a hundred services while a disk is full; then the oldest go.
    (stream, entries) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(50_000))
  }

  /// Until `entries` is finished and everything is written.
  func run() async {
    var written = 0
    for await entry in stream {
      do {
        try await ledger.record(entry)
        written += 1
        if written % 5_000 == 1 { try await ledger.prune() }
      } catch {
        logger.error("not written to the ledger", metadata: ["service": "\(entry.service)", "error": "\(error)"])
      }
    }
  }
}
