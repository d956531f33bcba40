/// How long people are not told yet that a duty is cancelled: a row that is missing may have been deleted while the sheet was
/// edited, or not have been read. A move is told at once: both its ends were read.
package enum NewsSettling {
  /// A scrape that was stored so long after the one that missed the duty has looked again, in seconds.
  package static let confirmation = 300.0
  /// Without one it is told after this time, in seconds.
  package static let longest = 1_800.0
  /// A duty that starts within this time is told of at once, in seconds: who means to go is about to.
  package static let urgent = 3_600.0

  /// When it may be told; in the past or now: at once. Times in seconds since 1970.
  /// - Parameters:
  ///   - changedAt: the last change of that doctor's day.
  ///   - scrapedAt: when a schedule was last stored.
  package static func time(of news: RosterNews, changedAt: Double, scrapedAt: Double?, at now: Double) -> Double {
    guard let first = news.cancelled.map(\.startsAt).min() else { return now }
    // A time to come was written before the clock was set back.
    guard changedAt <= now else { return now }
    if let scrapedAt, scrapedAt - changedAt >= confirmation { return now }
    return min(changedAt + longest, first - urgent)
  }
}
