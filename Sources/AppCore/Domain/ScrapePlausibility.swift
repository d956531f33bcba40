import Wording

/// Whether a reading may replace what is stored: a broken page must not wipe a schedule.
package enum ScrapePlausibility: Sendable, Equatable {
  case plausible
  /// Why not, for people.
  case refused(String)

  /// Refuses a reading without rows, and one that loses more than half of a known day that isn't over. A day that the
  /// reading doesn't name loses nothing: it stays as it is.
  /// - Parameters:
  ///   - known: rows that the store holds for each day.
  ///   - today: at the health centre.
  package static func judge(
    _ reading: ScheduleReading, known: [CalendarDay: Int], today: CalendarDay
  ) -> ScrapePlausibility {
    guard reading.rowCount > 0 else { return .refused("no rows were found") }
    var found: [CalendarDay: Int] = [:]
    for day in reading.days { found[day.date, default: 0] += day.duties.count }
    let shrunk = found.sorted { $0.key < $1.key }
      .first { day, count in day >= today && known[day].map { count * 2 < $0 } ?? false }
    guard let (day, count) = shrunk else { return .plausible }
    return .refused(
      "\(day.dayMonthYear) would shrink from \(CountText.plural(known[day] ?? 0, "row")) to \(count)")
  }
}
