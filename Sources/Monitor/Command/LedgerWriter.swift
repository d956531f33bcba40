import Logging
import MonitorLedger
import Synchronization
import Timers

/// Writes what the watched services saw, one after the other, in the order in which they saw it. What can't be written now,
/// because a disk is full or a file locked, is kept and written later.
struct LedgerWriter: Sendable {
  /// About an hour of a hundred services; then the oldest go.
  private static let kept = 50_000
  private static let backoff = Backoff(base: .milliseconds(250), cap: .seconds(5), jitter: .equal)
  /// How often the last entries are tried at the end.
  private static let lastAttempts = 8

  private let record: @Sendable (Ledger.Entry) async throws -> Void
  private let prune: @Sendable () async throws -> Void
  private let logger: Logger
  private let wait: Wait
  private let stream: AsyncStream<Ledger.Entry>
  private let entries: AsyncStream<Ledger.Entry>.Continuation
  private let counts = Counts()

  private final class Counts: Sendable {
    let waiting = Atomic(0)
    let lost = Atomic(0)
    let isEnding = Atomic(false)
    let failure = Mutex<String?>(nil)
  }

  init(ledger: Ledger, logger: Logger, wait: @escaping Wait) {
    self.init(logger: logger, wait: wait, record: { try await ledger.record($0) }, prune: { try await ledger.prune() })
  }

  init(
    logger: Logger, wait: @escaping Wait, record: @escaping @Sendable (Ledger.Entry) async throws -> Void,
    prune: @escaping @Sendable () async throws -> Void = {}
  ) {
    self.record = record
    self.prune = prune
    self.logger = logger
    self.wait = wait
    (stream, entries) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.kept))
  }

  /// Entries that are not written yet, and those that never will be.
  var unwritten: (waiting: Int, lost: Int) {
    (counts.waiting.load(ordering: .relaxed), counts.lost.load(ordering: .relaxed))
  }

  /// Why the oldest of them could not be written; nil while all can.
  var failure: String? { counts.failure.withLock { $0 } }

  func add(_ entry: Ledger.Entry) {
    switch entries.yield(entry) {
    case .enqueued: counts.waiting.wrappingAdd(1, ordering: .relaxed)
    case .dropped, .terminated: counts.lost.wrappingAdd(1, ordering: .relaxed)
    @unknown default: break
    }
  }

  /// No more entries come.
  func finish() {
    counts.isEnding.store(true, ordering: .relaxed)
    entries.finish()
  }

  /// Until `finish()`, and everything is written or was tried for some seconds more.
  func run() async {
    var written = 0
    var hasGivenUp = false
    for await entry in stream {
      let isWritten = hasGivenUp ? false : await write(entry)
      counts.waiting.wrappingSubtract(1, ordering: .relaxed)
      guard isWritten else {
        counts.lost.wrappingAdd(1, ordering: .relaxed)
        hasGivenUp = counts.isEnding.load(ordering: .relaxed) && failure != nil
        continue
      }
      written += 1
      if written % 5_000 == 1 { await pruneOrSay() }
    }
  }

  /// False when it never will be.
  private func write(_ entry: Ledger.Entry) async -> Bool {
    var attempt = 0
    var lastAttempts = 0
    while true {
      do {
        try await record(entry)
        if attempt > 0 {
          logger.warning("the ledger is written again", metadata: ["waiting": "\(unwritten.waiting)"])
          counts.failure.withLock { $0 = nil }
        }
        return true
      } catch let error where Ledger.isPassing(error) {
        attempt += 1
        counts.failure.withLock { $0 = "\(error)" }
        if attempt == 1 || attempt % 60 == 0 {
          logger.error(
            "the ledger can't be written; what was seen is kept and written later",
            metadata: ["service": "\(entry.service)", "error": "\(error)", "waiting": "\(unwritten.waiting)"])
        }
      } catch {
        logger.error("not written to the ledger", metadata: ["service": "\(entry.service)", "error": "\(error)"])
        return false
      }
      if counts.isEnding.load(ordering: .relaxed) {
        lastAttempts += 1
        guard lastAttempts < Self.lastAttempts else { return false }
        await wait(.milliseconds(250))
      } else {
        await pause(Self.backoff.delay(after: attempt, random: .random(in: 0..<1)))
      }
    }
  }

  /// Waits, but not long beyond the end.
  private func pause(_ duration: Duration) async {
    let slice = Duration.milliseconds(250)
    for _ in 0..<max(1, Int(duration / slice)) where !counts.isEnding.load(ordering: .relaxed) { await wait(slice) }
  }

  private func pruneOrSay() async {
    do { try await prune() } catch {
      logger.error("the ledger can't be pruned", metadata: ["error": "\(error)"])
    }
  }
}
