import AppDomain
import Postgres

/// What the diffs of several days ask for, written with one statement a kind: the number of round trips does not grow
/// with the number of rows.
struct PostgresScheduleBatch {
  private let time: Double
  private(set) var change = ScheduleChange()
  private var deletions: [Int64] = []
  private var updates: [ScheduleDiff.Update] = []
  private var insertions: [(date: CalendarDay, insertion: ScheduleDiff.Insertion)] = []
  private var events: [(date: CalendarDay, event: DutyEvents.Event)] = []

  init(at time: Double) { self.time = time }

  mutating func add(_ diff: ScheduleDiff, _ dutyEvents: DutyEvents, of date: CalendarDay) {
    change.add(diff)
    deletions += diff.deletions
    updates += diff.updates
    insertions += diff.insertions.map { (date, $0) }
    events += dutyEvents.events.map { (date, $0) }
  }

  func write(on connection: PostgresConnection) throws {
    if !deletions.isEmpty {
      _ = try connection.query("DELETE FROM schedules WHERE id = ANY($1::bigint[])", [.integers(deletions)])
    }
    if !updates.isEmpty {
      _ = try connection.query(
        PostgresStatements.update,
        [
          .integers(updates.map(\.id)), .array(updates.map(\.row.sheet)),
          .integers(updates.map { Int64($0.position) }), .array(updates.map(\.row.duty.room)),
          .array(updates.map(\.row.duty.speciality)), .array(updates.map(\.row.duty.shift)),
          .array(updates.map { $0.changesContent ? "t" : "f" }), .real(time),
        ])
    }
    let ids = try insert(on: connection)
    try writeEvents(ids, on: connection)
  }

  private struct Place: Hashable {
    var date: CalendarDay
    var position: Int
  }

  private func insert(on connection: PostgresConnection) throws -> [Place: Int64] {
    guard !insertions.isEmpty else { return [:] }
    let rows = insertions.map(\.insertion.row)
    let inserted = try connection.query(
      PostgresStatements.insert,
      [
        .array(insertions.map(\.date.iso8601)), .array(rows.map(\.sheet)),
        .integers(insertions.map { Int64($0.insertion.position) }), .array(rows.map(\.duty.category.rawValue)),
        .array(rows.map(\.duty.name)), .array(rows.map(\.duty.timing)), .array(rows.map(\.duty.room)),
        .array(rows.map(\.duty.speciality)), .array(rows.map(\.duty.shift)), .real(time),
      ])
    var ids: [Place: Int64] = [:]
    for row in 0..<inserted.count {
      let place = Place(date: try inserted.day(row, 1), position: Int(try inserted.integer(row, 2)))
      ids[place] = try inserted.integer(row, 0)
    }
    return ids
  }

  private func writeEvents(_ ids: [Place: Int64], on connection: PostgresConnection) throws {
    guard !events.isEmpty else { return }
    let duties = events.map(\.event.duty)
    let previous = events.map(\.event.previous)
    let dutyIDs = events.map { date, event in
      event.dutyID ?? ids[Place(date: date, position: event.position)] ?? 0
    }
    _ = try connection.query(
      PostgresStatements.insertChanges,
      [
        .array(events.map(\.event.kind.rawValue)), .integers(dutyIDs), .array(events.map(\.date.iso8601)),
        .array(duties.map(\.category.rawValue)), .array(duties.map(\.name)), .array(duties.map(\.timing)),
        .array(duties.map(\.room)), .array(duties.map(\.speciality)), .array(duties.map(\.shift)),
        .array(previous.map { $0?.timing }), .array(previous.map { $0?.room }), .array(previous.map { $0?.speciality }),
        .array(previous.map { $0?.shift }), .real(time),
      ])
    _ = try connection.query(
      "DELETE FROM schedule_changes WHERE changed_at < $1", [.real(time - DutyEvents.keptFor)])
  }
}
