import AppDomain
import Digests
import Wording

/// When the schedule is read again. Pure: times go in and come out, in seconds since 1970.
package struct ScrapeTimetable: Sendable, Equatable {
  package enum Rule: Sendable, Equatable {
    /// By the clock of the health centre: 06:00, 08:00, … 22:00, and at night every six hours: 00:00.
    case standard
    /// So long after the last scrape.
    case every(Duration)
    case cron(CronExpression)
  }

  package var rule: Rule
  /// Two instances, or two services of one portal, don't come at the same second.
  private let seed: UInt64

  package init(_ rule: Rule = .standard, seed: UInt64) {
    self.rule = rule
    self.seed = seed
  }

  /// When the next scrape is due after one at `last`, jitter included.
  package func due(after last: Double) -> Double {
    let slot = slot(after: last)
    return slot + fraction(of: slot) * jitter(of: slot - last)
  }

  /// The same without jitter.
  func slot(after last: Double) -> Double {
    switch rule {
    case .every(let interval): return last + interval.seconds
    case .cron(let expression): return expression.next(after: last)
    case .standard:
      let day = CampusTime.day(at: last)
      let slots = (Self.hours + [24]).map { CampusTime.instant(of: day, minute: $0 * 60) }
      return slots.first { $0 > last } ?? last + 7_200
    }
  }

  /// When to try again after the scrape at `attempt` failed, `failures` in a row: sooner than the next one is due, with
  /// growing waits.
  func retry(after attempt: Double, failures: Int) -> Double {
    let wait = min(Self.firstRetry * Double(1 << min(max(failures - 1, 0), 8)), Self.longestRetry)
    return min(attempt + wait * (1 + 0.2 * fraction(of: attempt)), due(after: attempt))
  }

  private static let hours = [0, 6, 8, 10, 12, 14, 16, 18, 20, 22]
  private static let firstRetry = 600.0
  private static let longestRetry = 7_200.0

  /// The most that a scrape comes later than its slot: five minutes, but no more than a twentieth of the wait for it; a
  /// cron expression means its minute.
  private func jitter(of wait: Double) -> Double {
    if case .cron = rule { return 20 }
    return min(300, max(0, wait) / 20)
  }

  /// 0..<1, the same for the same slot.
  private func fraction(of slot: Double) -> Double {
    SplitMix.unit(SplitMix.mix(seed &+ slot.bitPattern &+ SplitMix.increment))
  }
}
