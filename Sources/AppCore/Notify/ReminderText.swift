import AppDomain

/// What a reminder says, in the words that every channel shows.
struct ReminderText {
  var reminder: DutyReminder
  /// Seconds since 1970.
  var now: Double

  /// `Dr. A. Kumar at 09:30, room 4`
  var title: String {
    "\(doctor.name) at \(CampusTime.clock(at: reminder.startsAt))" + (rooms.map { ", room \($0)" } ?? "")
  }

  var doctor: DoctorName { DoctorName(cell: reminder.duty.name) }

  /// Nil where the schedule names none.
  var rooms: String? { reminder.rooms.isEmpty ? nil : reminder.rooms.joined(separator: ", ") }

  /// `Wednesday 25/11/2026`
  var day: String { DutyWords.day(reminder.date) }

  /// `20:00 to 08:00 the next day`
  var timeRange: String { DutyWords.range(reminder.startsAt, reminder.endsAt, on: reminder.date) }

  /// Whole minutes, rounded; 0 once it has started.
  var startsInMinutes: Int { DutyWords.minutes(until: reminder.startsAt, from: now) }

  /// `Starts in 45 minutes`
  var starts: String {
    switch startsInMinutes {
    case 0: reminder.startsAt > now ? "Starts now" : "Has started"
    case 1: "Starts in a minute"
    default: "Starts in \(startsInMinutes) minutes"
    }
  }

  /// `Starts in 45 minutes: 09:30 to 12:30, Visiting Specialist`
  var summary: String { "\(starts): \(timeRange), \(reminder.duty.category.rawValue)" }

  /// What apps make their own display of. Keys are those that existing clients read, texts the cells' own, bounded: push
  /// services take 4 KB in all.
  var data: [String: String] {
    func cell(_ text: String) -> String { String(text.unicodeScalars.prefix(200)) }
    return [
      "doctor_name": cell(reminder.duty.name), "category": reminder.duty.category.rawValue,
      "time_range": cell(reminder.duty.timing), "starts_in_minutes": String(startsInMinutes),
    ]
  }
}
