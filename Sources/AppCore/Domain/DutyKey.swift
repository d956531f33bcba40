/// Names one duty across scrapes: a row that is deleted and read again, or written a little differently, is the same
/// duty; at another time or on another day it is another.
package struct DutyKey: Sendable, Hashable {
  /// `2026-11-23|Regular/Dentist|dr a kumar|0810`: day, category, doctor, first minute of the day.
  package let text: String

  /// Of a doctor's name, without qualification, case, punctuation and white space that vary. Nil where nothing is left,
  /// or where no start can be read: such a row is no duty of anybody's.
  package init?(date: CalendarDay, duty: Duty) {
    // A cell's length is the sheet's to choose, and taking a name apart costs its square.
    let doctor = Self.folded(DoctorName(cell: String(duty.name.prefix(200))).name)
    guard !doctor.isEmpty, let timing = DutyTiming.parse(duty.timing) else { return nil }
    let minute = String(timing.start)
    text =
      "\(date.iso8601)|\(duty.category.rawValue)|\(doctor)|\(String(repeating: "0", count: 4 - minute.count))\(minute)"
  }

  /// As it was kept.
  package init(text: String) { self.text = text }

  /// At most 160 characters: what an index takes in any script.
  private static func folded(_ name: String) -> String {
    var folded = ""
    for scalar in name.lowercased().unicodeScalars {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
        .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
        folded.unicodeScalars.append(scalar)
      default:
        if folded.last != " ", !folded.isEmpty { folded += " " }
      }
    }
    if folded.last == " " { folded.removeLast() }
    return String(String.UnicodeScalarView(folded.unicodeScalars.prefix(160)))
  }
}
