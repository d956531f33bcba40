import AppDomain
import Foundation

/// The time where the health centre is.
enum CampusClock {
  /// Asia/Kolkata is five and a half hours ahead of UTC, without daylight saving since 1945.
  /// Source: IANA time zone database, `asia`, zone Asia/Kolkata.
  private static let offsetSeconds = 19_800.0

  /// Seconds since 1970.
  static func now() -> Double { Date().timeIntervalSince1970 }

  static func today(at seconds: Double = now()) -> CalendarDay {
    CalendarDay(daysSinceEpoch: Int(((seconds + offsetSeconds) / 86_400).rounded(.down)))
  }
}
