import AppDomain

/// What a message about changes says, in the words that every channel shows.
struct NewsText {
  var news: RosterNews
  var doctorDay: DoctorDay
  var date: CalendarDay
  /// Seconds since 1970.
  var now: Double

  /// `Moved: Dr. A. Kumar, Wednesday 25/11/2026 at 10:00`
  var title: String {
    guard news.items.count == 1, let item = news.items.first else { return "Changed: \(doctor.name), \(day)" }
    let what =
      switch item {
      case .moved(let from, let to): from.startsAt == to.startsAt && from.endsAt == to.endsAt ? "Other room" : "Moved"
      case .cancelled: "Cancelled"
      case .back: "On duty after all"
      case .added: "Also on duty"
      }
    return "\(what): \(doctor.name), \(day) at \(CampusTime.clock(at: item.slot.startsAt))"
  }

  /// As the schedule names them now, or named them last.
  var doctor: DoctorName { DoctorName(cell: slot?.name ?? "") }
  var cell: String { slot?.name ?? "" }
  var speciality: String? { slot?.speciality.flatMap { $0.isEmpty ? nil : $0 } }
  var category: String { doctorDay.category?.rawValue ?? "" }
  var day: String { DutyWords.day(date) }

  private var slot: DoctorRoster.Slot? { news.items.last?.slot }

  /// A line a duty: `10:00 to 12:00 instead of 09:00 to 11:00, room 4`.
  var lines: [String] { news.items.map(line) }

  var summary: String { lines.joined(separator: "; ") }

  /// Keys are those that existing clients read; what they show as the time says what is new. Bounded: push services take 4 KB
  /// in all.
  var data: [String: String] {
    let start = news.items.first?.slot.startsAt ?? now
    return [
      "doctor_name": cell, "category": category, "time_range": String(summary.unicodeScalars.prefix(200)),
      "starts_in_minutes": String(DutyWords.minutes(until: start, from: now)),
      "event": (news.event ?? .moved).rawValue,
    ]
  }

  private func line(_ item: RosterNews.Item) -> String {
    switch item {
    case .moved(let from, let to):
      let isSameTime = (from.startsAt, from.endsAt) == (to.startsAt, to.endsAt)
      return range(to) + (isSameTime ? "" : " instead of \(range(from))") + rooms(from, to)
    case .cancelled(let slot): return "\(range(slot)) is cancelled"
    case .back(let slot): return "\(range(slot)) takes place after all" + rooms(slot, slot)
    case .added(let slot): return "Also \(range(slot))" + rooms(slot, slot)
    }
  }

  private func range(_ slot: DoctorRoster.Slot) -> String { DutyWords.range(slot.startsAt, slot.endsAt, on: date) }

  private func rooms(_ from: DoctorRoster.Slot, _ to: DoctorRoster.Slot) -> String {
    let (old, new) = (from.rooms.joined(separator: ", "), to.rooms.joined(separator: ", "))
    if old == new { return new.isEmpty ? "" : ", room \(new)" }
    if new.isEmpty { return ", no longer in room \(old)" }
    return ", room \(new)" + (old.isEmpty ? "" : " instead of \(old)")
  }
}

extension RosterNews.Item {
  /// As it is now; of a cancelled one, as it was.
  fileprivate var slot: DoctorRoster.Slot {
    switch self {
    case .moved(_, let slot), .cancelled(let slot), .back(let slot), .added(let slot): slot
    }
  }
}
