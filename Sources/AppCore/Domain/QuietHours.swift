/// When nobody's phone is to ring, in the health centre's time.
package struct QuietHours: Sendable, Hashable {
  /// Minutes after midnight.
  package let start: Int
  /// Minutes after midnight, on the next day where it is not after the start.
  package let end: Int

  /// Nil where the two are the same, or no minutes of a day.
  package init?(start: Int, end: Int) {
    guard (0..<1_440).contains(start), (0..<1_440).contains(end), start != end else { return nil }
    self.start = start
    self.end = end
  }

  /// Reads `22:00-07:00`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Self.minute($0) }
    guard parts.count == 2, let start = parts[0], let end = parts[1] else { return nil }
    self.init(start: start, end: end)
  }

  private static func minute(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
    else { return nil }
    return hour * 60 + minute
  }

  /// When they end; nil where it is not quiet now. Both in seconds since 1970.
  package func end(at now: Double) -> Double? {
    let day = CampusTime.day(at: now)
    for first in [day.adding(days: -1), day] {
      let from = CampusTime.instant(of: first, minute: start)
      let until = CampusTime.instant(of: first, minute: end > start ? end : end + 1_440)
      if from <= now, now < until { return until }
    }
    return nil
  }
}
