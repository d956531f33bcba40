/// The duties of one doctor on one day in one table: as they are, or as somebody was told of them. Rows in whatever order
/// give the same, and it is kept in the database: bounded, whatever the sheet says.
package struct DoctorRoster: Sendable, Hashable, Codable {
  /// The earliest first.
  package var slots: [Slot]
  /// Those that somebody was told are cancelled, and that have not come back since.
  package var cancelled: [Slot]

  /// Duties that are looked at, rooms of one that are, and Unicode scalars of a name and of a room.
  private static let (mostSlots, mostRooms, longestName, longestRoom) = (8, 8, 200, 60)

  package init(slots: [Slot] = [], cancelled: [Slot] = []) {
    self.slots = slots
    self.cancelled = cancelled
  }

  /// One duty.
  package struct Slot: Sendable, Hashable, Codable {
    /// The name's cell, as those who follow a doctor know it.
    package var name: String
    package var speciality: String?
    /// Sorted, each once.
    package var rooms: [String]
    /// Seconds since 1970.
    package var startsAt: Double
    package var endsAt: Double

    package init(_ reminder: DutyReminder) {
      func bounded(_ text: String, _ limit: Int) -> String { String(text.unicodeScalars.prefix(limit)) }
      name = bounded(reminder.duty.name, longestName)
      speciality = reminder.duty.speciality.map { bounded($0, longestName) }
      rooms = reminder.rooms.map { bounded($0, longestRoom) }.sorted().prefix(mostRooms).map(\.self)
      startsAt = reminder.startsAt
      endsAt = reminder.endsAt
    }

    /// Whether people would be told the same of both, when and where.
    func isSame(as other: Slot) -> Bool {
      (startsAt, endsAt) == (other.startsAt, other.endsAt) && rooms == other.rooms
    }
  }

  /// Of rows of the schedule, those whose timing can be read.
  package static func rosters(of rows: some Sequence<(date: CalendarDay, duty: Duty)>) -> [DoctorDay: DoctorRoster] {
    let sorted = rows.sorted { left, right in
      (left.date, left.duty.name, left.duty.timing, left.duty.room ?? "", left.duty.speciality ?? "")
        < (right.date, right.duty.name, right.duty.timing, right.duty.room ?? "", right.duty.speciality ?? "")
    }
    var rosters: [DoctorDay: DoctorRoster] = [:]
    for reminder in DutyReminder.duties(of: sorted).values {
      guard let day = DoctorDay(date: reminder.date, duty: reminder.duty) else { continue }
      rosters[day, default: DoctorRoster()].slots.append(Slot(reminder))
    }
    return rosters.mapValues { roster in
      DoctorRoster(slots: Array(roster.slots.sorted { $0.startsAt < $1.startsAt }.prefix(mostSlots)))
    }
  }
}
