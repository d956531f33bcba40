/// What a scheduler remembers between scrapes, and when that makes the next one due. Times in seconds since 1970.
package struct ScrapeAgenda: Sendable, Equatable {
  private let timetable: ScrapeTimetable
  private var lastSuccess: Double?
  private var lastAttempt: Double?
  private var failures = 0

  package init(_ timetable: ScrapeTimetable) { self.timetable = timetable }

  /// When the next scrape is due: in the past when one was missed, be it one or many.
  ///
  /// Without a scrape that anybody knows of, it is due now. A time that is later than now was written before the clock
  /// was set back, and counts as now.
  package func due(at now: Double) -> Double {
    if failures > 0, let lastAttempt {
      return timetable.retry(after: min(lastAttempt, now), failures: failures)
    }
    guard let lastSuccess else { return now }
    return timetable.due(after: min(lastSuccess, now))
  }

  /// Learns of a scrape that was stored, by whoever.
  package mutating func learn(storedAt time: Double?) {
    guard let time, time > lastSuccess ?? -.infinity else { return }
    lastSuccess = time
    if let lastAttempt, time >= lastAttempt { failures = 0 }
  }

  package mutating func finish(at time: Double, isStored: Bool) {
    lastAttempt = time
    if isStored {
      lastSuccess = time
      failures = 0
    } else {
      failures += 1
    }
  }
}
