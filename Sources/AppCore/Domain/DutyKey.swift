/// Names one duty across scrapes: a row that is deleted and read again, or written a little differently, is the same
/// duty; at another time or on another day it is another.
package struct DutyKey: Sendable, Hashable {
  /// `2026-11-23|Regular/Dentist|dr a kumar|0810`: day, category, doctor, first minute of the day.
  package let text: String

  /// Of a doctor's name, without qualification, case, punctuation and white space that vary. Nil where nothing is left,
  /// or where no start can be read: such a row is no duty of anybody's.
  package init?(date: CalendarDay, duty: Duty) {
    guard let day = DoctorDay(date: date, duty: duty), let timing = DutyTiming.parse(duty.timing) else { return nil }
    let minute = String(timing.start)
    text = "\(day.text)|\(String(repeating: "0", count: 4 - minute.count))\(minute)"
  }

  /// What the key begins with.
  package var doctorDay: DoctorDay {
    DoctorDay(text: text.lastIndex(of: "|").map { String(text[..<$0]) } ?? text)
  }

  /// As it was kept.
  package init(text: String) { self.text = text }
}
