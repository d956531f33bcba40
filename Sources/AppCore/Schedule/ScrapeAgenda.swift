/// What a scheduler remembers between scrapes, and when that makes the next one due. Times in seconds since 1970.
package struct ScrapeAgenda: Sendable, Equatable {
  private let timetable: ScrapeTimetable
  private var lastSuccess: Double?
  private var lastAttempt: Double?
  private var failures = 0
  private var isDoubtful = false

  /// How soon a reading by which rows went is looked at again, in seconds: they may not have been read, and people are told
  /// that duties are cancelled.
  static let confirmation = 600.0

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
    let due = timetable.due(after: min(lastSuccess, now))
    return isDoubtful ? min(due, min(lastSuccess, now) + Self.confirmation) : due
  }

  /// Learns of a scrape that was stored, by whoever.
  package mutating func learn(storedAt time: Double?) {
    guard let time, time > lastSuccess ?? -.infinity else { return }
    lastSuccess = time
    isDoubtful = false
    if let lastAttempt, time >= lastAttempt { failures = 0 }
  }

  /// - Parameter hasLost: whether rows went.
  package mutating func finish(at time: Double, isStored: Bool, hasLost: Bool = false) {
    lastAttempt = time
    if isStored {
      lastSuccess = time
      isDoubtful = hasLost
      failures = 0
    } else {
      failures += 1
    }
  }
}
