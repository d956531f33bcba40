import Synchronization
import Telemetry

/// What became of the events: counted for the metrics, and what was left out for Sentry's own statistics.
final class SentryOutcomes: Sendable {
  enum Outcome: String, CaseIterable {
    case sent, failed
    case overflow = "dropped_queue"
    case sample = "dropped_sample"
    case rate = "dropped_rate"
    case again = "dropped_repeat"
  }

  private let counters: [Outcome: Counter]
  private let discarded = Mutex<[String: Int]>([:])

  init(registry: MetricsRegistry) {
    let family = registry.counter(
      "sentry_events_total", "Errors for Sentry by what became of them", labels: ["result"])
    counters = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0, family.with($0.rawValue)) })
  }

  /// - Parameter reason: Sentry's word for why it was discarded; nil where Sentry knows it itself.
  /// - Source: develop.sentry.dev, SDK, "Client Reports", discard reasons (2026-11).
  func count(_ outcome: Outcome, reason: String? = nil) {
    counters[outcome]?.increment()
    if let reason { discarded.withLock { $0[reason, default: 0] += 1 } }
  }

  func total(_ outcome: Outcome) -> Int { counters[outcome]?.value ?? 0 }

  /// What Sentry has not been told of yet.
  var untold: [String: Int] { discarded.withLock { $0 } }

  func told(_ report: [String: Int]) {
    discarded.withLock { discarded in
      for (reason, count) in report {
        let rest = (discarded[reason] ?? 0) - count
        discarded[reason] = rest > 0 ? rest : nil
      }
    }
  }
}
