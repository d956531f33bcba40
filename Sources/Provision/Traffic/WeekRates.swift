import Foundation
import Statistics

/// Visits an hour in each hour of the week.
enum WeekRates {
  /// Visits in each local hour of the week, divided by how often the log covers that hour. An hour that the log does
  /// not cover takes the mean of the same hour on other days of its kind (working day or weekend), or of all.
  /// - Parameter visits: seconds from `from`.
  static func visitsPerHour(_ visits: [Int], from: Int64, to: Int64, zone: TimeZone) -> [Double] {
    var clock = WeekClock(zone)
    var counts = [Double](repeating: 0, count: 168)
    var exposure = [Double](repeating: 0, count: 168)
    for visit in visits { counts[clock.hourOfWeek(from + Int64(visit))] += 1 }
    var second = from
    while second < to {
      let inHour = Int64(clock.secondOfWeek(second) % 3_600)
      let next = min(to, second + 3_600 - inHour)
      exposure[clock.hourOfWeek(second)] += Double(next - second) / 3_600
      second = next
    }
    return (0..<168).map { hour in
      // Less than half of the hour tells little of it.
      guard exposure[hour] < 0.5 else { return counts[hour] / exposure[hour] }
      let isWeekend = hour >= 120
      let alike = stride(from: hour % 24, to: 168, by: 24).filter { exposure[$0] >= 0.5 && ($0 >= 120) == isWeekend }
      let any = alike.isEmpty ? (0..<168).filter { exposure[$0] > 0 } : alike
      let covered = any.reduce(0) { $0 + exposure[$1] }
      return covered > 0 ? any.reduce(0) { $0 + counts[$1] } / covered : 0
    }
  }
}
