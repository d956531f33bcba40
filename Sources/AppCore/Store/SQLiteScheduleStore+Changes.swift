package import AppDomain
import GRDB

extension SQLiteScheduleStore {
  package func changes(after id: Int64, limit: Int) async throws -> [DutyChange] {
    try await pool.read { database in
      let cursor = try Row.fetchCursor(
        database,
        sql: """
          SELECT id, kind, duty_id, date, category, name, timing, room, speciality, shift, previous_timing,
            previous_room, previous_speciality, previous_shift, changed_at
          FROM schedule_changes WHERE id > ? ORDER BY id LIMIT ?
          """,
        arguments: [id, limit])
      var changes: [DutyChange] = []
      while let row = try cursor.next() {
        guard let date = CalendarDay(iso8601: row[3]) else { continue }
        let duty = Self.duty(row, from: 4)
        let previous = (row[10] as String?).map { timing in
          Duty(
            category: duty.category, name: duty.name, timing: timing, room: row[11], speciality: row[12], shift: row[13]
          )
        }
        changes.append(
          DutyChange(
            id: row[0], kind: DutyChange.Kind(rawValue: row[1]) ?? .changed, dutyID: row[2], date: date, duty: duty,
            previous: previous, at: row[14]))
      }
      return changes
    }
  }

  /// - Parameter ids: of the rows that were inserted, by position.
  static func write(
    _ changes: DutyEvents, of date: CalendarDay, ids: [Int: Int64], at time: Double, in database: Database
  ) throws {
    guard !changes.events.isEmpty else { return }
    let insert = try database.cachedStatement(
      sql: """
        INSERT INTO schedule_changes (kind, duty_id, date, category, name, timing, room, speciality, shift,
          previous_timing, previous_room, previous_speciality, previous_shift, changed_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for event in changes.events {
      let (duty, previous) = (event.duty, event.previous)
      let dutyID: Int64 = event.dutyID ?? ids[event.position] ?? 0
      try insert.execute(arguments: [
        event.kind.rawValue, dutyID, date.iso8601, duty.category.rawValue, duty.name,
        duty.timing, duty.room, duty.speciality, duty.shift, previous?.timing, previous?.room, previous?.speciality,
        previous?.shift, time,
      ])
    }
    try database.execute(
      sql: "DELETE FROM schedule_changes WHERE changed_at < ?", arguments: [time - DutyEvents.keptFor])
  }
}
