import AppDomain
import Foundation

/// The time where the health centre is.
enum CampusClock {
  /// Seconds since 1970.
  static func now() -> Double { Date().timeIntervalSince1970 }

  static func today(at seconds: Double = now()) -> CalendarDay { CampusTime.day(at: seconds) }
}
