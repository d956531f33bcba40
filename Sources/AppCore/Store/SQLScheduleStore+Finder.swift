package import AppDomain
import Foundation

extension SQLScheduleStore: DutyFinder {
  package func duties(
    _ filter: DutyFilter, after place: DutyPlace?, limit: Int
  ) async throws -> [PlacedDuty] {
    let start = place ?? DutyPlace(date: filter.days.lowerBound, position: -1, id: 0)
    var values: [SQLValue] = [
      .date(max(filter.days.lowerBound, start.date)), .date(filter.days.upperBound), .date(start.date),
      .integer(start.position), .integer(start.id), .integer(limit),
    ]
    if let category = filter.category { values.append(.text(category.rawValue)) }
    if let cells = filter.cells {
      // No cell holds NUL, which PostgreSQL's texts can't.
      let known = cells.filter { !$0.utf8.contains(0) }
      values.append(.text(String(decoding: try JSONEncoder().encode(known), as: UTF8.self)))
    }
    let sql = Self.found(byCategory: filter.category != nil, byCells: filter.cells != nil)
    return try await engine.read { [values] session in
      try session.rows(sql, values) { row in
        try Self.storedDuty(row).map { PlacedDuty($0, position: try row[11]) }
      }
    }
  }

  package func doctorCells() async throws -> [DoctorCell] {
    try await engine.read { session in
      try session.rows("SELECT DISTINCT name, category, speciality FROM schedules ORDER BY name, category") { row in
        DoctorCell(
          name: try row[0], category: Duty.Category(rawValue: try row[1]) ?? .regular, speciality: row.text(2))
      }
    }
  }

  package func changeTimes(of days: ClosedRange<CalendarDay>) async throws -> [CalendarDay: Double] {
    let times = try await engine.read { session in
      try session.rows(Self.changeTimes, [.date(days.lowerBound), .date(days.upperBound)]) { row in
        (day: try row[0] as CalendarDay, time: try row[1] as Double)
      }
    }
    return Dictionary(times.map { ($0.day, $0.time) }) { max($0, $1) }
  }

  /// PostgreSQL finds the first day by its index, and the row by comparing places.
  static func found(byCategory: Bool, byCells: Bool) -> SQLText {
    SQLText { dialect in
      let category = byCategory ? "AND category = $7" : ""
      let names = "SELECT value FROM \(dialect.textsOfJSON(byCategory ? "$8" : "$7"))"
      return """
        SELECT id, date, sheet, category, name, timing, room, speciality, shift, created_at, updated_at, position
        FROM schedules
        WHERE date >= $1 AND date <= $2 AND (date, position, id) > ($3, $4, $5)
          \(category) \(byCells ? "AND name \(dialect.isAny(of: names))" : "")
        ORDER BY date, position, id LIMIT $6
        """
    }
  }

  static let changeTimes = SQLText { _ in
    """
    SELECT date, max(at) FROM (
      SELECT date, changed_at AS at FROM schedule_changes WHERE date >= $1 AND date <= $2
      UNION ALL SELECT date, updated_at FROM schedules WHERE date >= $1 AND date <= $2
    ) AS times GROUP BY date
    """
  }
}
