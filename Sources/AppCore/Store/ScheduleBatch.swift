import AppDomain

/// What the diffs of several days ask for, written with one statement a kind, sent once for each row.
struct ScheduleBatch {
  private let time: Double
  private(set) var change = ScheduleChange()
  private var deletions: [Int64] = []
  private var updates: [ScheduleDiff.Update] = []
  private var insertions: [(place: Place, row: ScheduleDiff.Row)] = []
  private var events: [(date: CalendarDay, event: DutyEvents.Event)] = []

  private struct Place: Hashable {
    var date: CalendarDay
    var position: Int
  }

  init(at time: Double) { self.time = time }

  mutating func add(_ diff: ScheduleDiff, _ dutyEvents: DutyEvents, of date: CalendarDay) {
    change.add(diff)
    deletions += diff.deletions
    updates += diff.updates
    insertions += diff.insertions.map { (Place(date: date, position: $0.position), $0.row) }
    events += dutyEvents.events.map { (date, $0) }
  }

  func write(in session: SQLSession) throws {
    try session.run("DELETE FROM schedules WHERE id = $1", each: deletions.map { [.integer($0)] })
    try session.run(
      Self.update,
      each: updates.map { update in
        let duty = update.row.duty
        return [
          .text(update.row.sheet), .integer(update.position), .text(duty.room), .text(duty.speciality),
          .text(duty.shift), .real(update.changesContent ? time : nil), .integer(update.id),
        ]
      })
    let inserted: [Int64] = try session.rows(
      Self.insert,
      each: insertions.map { place, row in
        let duty = row.duty
        return [
          .date(place.date), .text(row.sheet), .integer(place.position), .text(duty.category.rawValue),
          .text(duty.name), .text(duty.timing), .text(duty.room), .text(duty.speciality), .text(duty.shift),
          .real(time),
        ]
      }
    ) { try $0[0] }
    let ids = Dictionary(zip(insertions.map(\.place), inserted)) { first, _ in first }
    guard !events.isEmpty else { return }
    try session.run(
      Self.insertChange,
      each: events.map { date, event in
        let (duty, previous) = (event.duty, event.previous)
        let id = event.dutyID ?? ids[Place(date: date, position: event.position)] ?? 0
        return [
          .text(event.kind.rawValue), .integer(id), .date(date), .text(duty.category.rawValue), .text(duty.name),
          .text(duty.timing), .text(duty.room), .text(duty.speciality), .text(duty.shift), .text(previous?.timing),
          .text(previous?.room), .text(previous?.speciality), .text(previous?.shift), .real(time),
        ]
      })
    try session.run("DELETE FROM schedule_changes WHERE changed_at < $1", [.real(time - DutyEvents.keptFor)])
  }

  private static let update: SQLText = """
    UPDATE schedules SET sheet = $1, position = $2, room = $3, speciality = $4, shift = $5,
      updated_at = coalesce($6, updated_at)
    WHERE id = $7
    """

  private static let insert: SQLText = """
    INSERT INTO schedules (date, sheet, position, category, name, timing, room, speciality, shift, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
    RETURNING id
    """

  private static let insertChange: SQLText = """
    INSERT INTO schedule_changes (kind, duty_id, date, category, name, timing, room, speciality, shift, previous_timing,
      previous_room, previous_speciality, previous_shift, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    """
}
