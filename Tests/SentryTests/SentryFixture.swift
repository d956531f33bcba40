import Curl
import Foundation
import Logging
import Synchronization
import Telemetry
import TestSupport
import Testing
import Timers

@testable import Sentry

/// A time that tests set.
final class FixedTime: Sendable {
  private let seconds = Mutex(1_795_932_000.25)

  var now: Double {
    get { seconds.withLock { $0 } }
    set { seconds.withLock { $0 = newValue } }
  }

  func sources(random: @escaping @Sendable () -> Double = { 0.5 }) -> SentryIntake.Sources {
    let number = Atomic(0)
    return SentryIntake.Sources(
      now: { self.now }, monotonic: { self.now }, random: random,
      id: {
        let digits = String(number.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
      })
  }
}

/// Takes what is logged, as the service's own log would.
struct KeepingLog: LogHandler {
  final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  let lines: Lines
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info
  var metadataProvider: Logger.MetadataProvider?

  init(_ lines: Lines) { self.lines = lines }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { lines.add("\(event.level) \(event.message)") }
}

/// A service that tells a server of this machine, and what it counts.
struct SentryFixture {
  let outcomes = SentryOutcomes(registry: MetricsRegistry())
  let time = FixedTime()
  /// The service's own log, which Sentry's failures are told to as well.
  let lines = KeepingLog.Lines()
  let plain: Logger
  let service: SentryService
  let logger: Logger

  init(url: String, sampleRate: Double = 1, wait: Wait? = nil) throws {
    plain = Logger(label: "app") { [lines] _ in KeepingLog(lines) }
    let dsn = try SentryDSN(url.replacing("http://", with: "http://opensesame@") + "/7")
    let wait = try wait ?? TimerThread().wait
    service = try SentryService(
      SentryOptions(dsn: dsn, release: "outgrown@1.2.3", serverName: "i-1", sampleRate: sampleRate),
      version: "1.2.3", outcomes: outcomes, logger: plain, sources: time.sources(), wait: wait)
    logger = service.watching(plain)
  }
}
