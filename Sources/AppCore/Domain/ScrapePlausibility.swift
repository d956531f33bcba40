/// Whether a reading may replace what is stored: a broken page must not wipe a schedule.
package enum ScrapePlausibility: Sendable, Equatable {
  case plausible
  /// Why not, for people.
  case refused(String)

  /// Refuses a reading without rows, and one that loses more than half of a day that is known.
  /// - Parameter known: rows that the store holds for each day.
  package static func judge(_ reading: ScheduleReading, known: [CalendarDay: Int]) -> ScrapePlausibility {
    guard reading.rowCount > 0 else { return .refused("no rows were found") }
    var found: [CalendarDay: Int] = [:]
    for day in reading.days { found[day.date, default: 0] += day.duties.count }
    let shrunk = found.sorted { $0.key < $1.key }
      .first { day, count in known[day].map { count * 2 < $0 } ?? false }
    guard let (day, count) = shrunk else { return .plausible }
    return .refused("\(day.dayMonthYear) would shrink from \(known[day] ?? 0) rows to \(count)")
  }
}
