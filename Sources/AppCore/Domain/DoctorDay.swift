/// Names what one doctor does on one day in one table, across scrapes: what the keys of those duties begin with.
package struct DoctorDay: Sendable, Hashable, Comparable {
  /// `2026-11-23|Regular/Dentist|dr a kumar`: day, table, doctor.
  package let text: String

  /// Nil where nothing is left of the doctor's name.
  package init?(date: CalendarDay, duty: Duty) {
    guard let doctor = DoctorKey(cell: duty.name) else { return nil }
    text = "\(date.iso8601)|\(duty.category.rawValue)|\(doctor.words)"
  }

  /// As it was kept.
  package init(text: String) { self.text = text }

  /// Nil for a text that names none.
  package var category: Duty.Category? {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false)
    return parts.count == 3 ? Duty.Category(rawValue: String(parts[1])) : nil
  }

  package static func < (left: DoctorDay, right: DoctorDay) -> Bool { left.text < right.text }
}
