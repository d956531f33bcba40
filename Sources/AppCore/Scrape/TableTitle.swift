import AppDomain

/// The line above a table that says whose it is: `REGULAR DOCTORS/ DENTIST`, `VISITING SPECIALISTS DOCTORS`.
enum TableTitle {
  /// Nil for text that names neither category, both, or anything beside them.
  static func category(_ cell: String) -> Duty.Category? {
    let words = HeaderLabel.words(cell)
    guard !words.isEmpty, words.count <= 10, words.allSatisfy({ known.contains($0) }),
      words.count > 1 || words.first != "SPECIALISTS"
    else { return nil }
    let isVisiting = words.contains { visiting.contains($0) }
    let isRegular = words.contains { regular.contains($0) }
    if isVisiting == isRegular { return nil }
    return isVisiting ? .visiting : .regular
  }

  private static let visiting: Set<String> = ["VISITING", "SPECIALIST", "SPECIALISTS", "SPECIALITY", "CONSULTANTS"]
  private static let regular: Set<String> = ["REGULAR", "DENTIST", "DENTISTS", "DENTAL", "PERMANENT"]
  private static let known: Set<String> = visiting.union(regular).union([
    "DOCTOR", "DOCTORS", "DR", "DRS", "AND", "OF", "THE", "LIST", "SCHEDULE", "DUTY", "ROSTER", "TABLE", "MEDICAL",
    "OFFICER", "OFFICERS", "OPD", "FOR", "TODAY", "SURGEON", "SURGEONS",
  ])
}
