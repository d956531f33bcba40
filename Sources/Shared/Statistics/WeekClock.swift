package import Foundation

/// Local time of a zone, daylight saving included, as places in the week.
///
/// Zones change their offset on a full quarter of an hour, so offsets are kept per quarter.
package struct WeekClock: Sendable {
  package let zone: TimeZone
  private var offsets: [Int64: Int64] = [:]

  package init(_ zone: TimeZone) { self.zone = zone }

  /// Seconds from Monday 00:00 local time, 0..<604,800.
  package mutating func secondOfWeek(_ secondsSince1970: Int64) -> Int {
    let local = secondsSince1970 + offset(at: secondsSince1970)
    // 1970-01-01 was a Thursday: the Monday before it lies three days back.
    let week: Int64 = 604_800
    let rest = (local + 3 * 86_400) % week
    return Int(rest < 0 ? rest + week : rest)
  }

  /// 0..<168, Monday 00:00 first.
  package mutating func hourOfWeek(_ secondsSince1970: Int64) -> Int { secondOfWeek(secondsSince1970) / 3_600 }

  /// 0..<86,400.
  package mutating func secondOfDay(_ secondsSince1970: Int64) -> Int { secondOfWeek(secondsSince1970) % 86_400 }

  /// Seconds east of UTC.
  package mutating func offset(at secondsSince1970: Int64) -> Int64 {
    let quarter = secondsSince1970 >= 0 ? secondsSince1970 / 900 : (secondsSince1970 - 899) / 900
    if let known = offsets[quarter] { return known }
    let offset = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(quarter * 900))))
    offsets[quarter] = offset
    return offset
  }
}
