import Evidence
import Foundation

enum MonitorClock {
  /// `2026-11-25T16:00:00.123Z`
  static func text(_ seconds: Double) -> String { "\(UTCInstant(Date(timeIntervalSince1970: seconds)))" }
}
