/// What a column holds, by its header. A label is made of known words only, so that no data cell passes for one.
enum HeaderLabel: Hashable {
  case serial, name, speciality, room, timing, shift

  init?(_ cell: String) {
    let words = HeaderLabel.words(cell)
    guard !words.isEmpty, words.count <= 6 else { return nil }
    let matches = HeaderLabel.vocabulary.first { entry in
      words.contains(where: entry.deciding.contains)
        && words.allSatisfy { entry.deciding.contains($0) || entry.accompanying.contains($0) }
    }
    guard let matches else { return nil }
    self = matches.label
  }

  /// Upper case runs of letters; possessives and plurals by `S` are one word (`DOCTOR'S` is `DOCTORS`).
  static func words(_ text: String) -> [String] {
    guard text.utf8.count <= 100 else { return [] }
    let joined = text.uppercased().filter { $0 != "'" && $0 != "’" && $0 != "‘" && $0 != "`" && $0 != "´" && $0 != "." }
    return joined.split { !$0.isLetter && !$0.isNumber && $0 != "#" }.map(String.init)
  }

  private typealias Entry = (label: HeaderLabel, deciding: Set<String>, accompanying: Set<String>)
  /// In order: the first entry that fits decides.
  private static let vocabulary: [Entry] = [
    (.serial, ["SNO", "SRNO", "SLNO", "SN", "SR", "SL", "SERIAL", "#", "S"], ["NO", "NUMBER", "N"]),
    (
      .name, ["NAME", "NAMES"],
      [
        "DOCTOR", "DOCTORS", "DR", "DRS", "OF", "THE", "S", "SPECIALIST", "SPECIALISTS", "CONSULTANT", "CONSULTANTS",
        "DENTIST", "VISITING", "REGULAR", "AND", "WITH", "QUALIFICATION", "QUALIFICATIONS", "FULL", "ON", "DUTY",
        "MEDICAL", "OFFICER", "OFFICERS",
      ]
    ),
    (
      .timing, ["TIMING", "TIMINGS", "TIME", "TIMES", "HOURS"],
      ["OPD", "DUTY", "VISITING", "VISIT", "OF", "THE", "HRS", "IST", "SCHEDULE", "CONSULTATION", "DOCTOR", "DOCTORS"]
    ),
    (.shift, ["SHIFT", "SHIFTS"], ["DUTY", "TYPE", "OF", "THE", "NAME"]),
    (
      .room, ["ROOM", "ROOMS", "LOCATION", "PLACE", "VENUE", "CHAMBER", "CABIN"],
      ["NO", "NOS", "NUMBER", "OPD", "OF", "THE"]
    ),
    (
      .speciality,
      [
        "SPECIALIST", "SPECIALISTS", "SPECIALITY", "SPECIALITIES", "SPECIALTY", "SPECIALTIES", "SPECIALIZATION",
        "SPECIALISATION", "DEPARTMENT", "DEPT",
      ],
      ["OF", "THE", "IN", "TYPE"]
    ),
    (.name, ["DOCTOR", "DOCTORS"], ["THE", "ON", "DUTY"]),
  ]
}
