/// One line of a day's schedule: a doctor, where, and when.
package struct Duty: Sendable, Hashable {
  package var category: Category
  /// The name's cell as it stands, white space folded to single spaces: what the legacy API calls `name`.
  package var name: String
  /// The timing's cell as it stands, white space folded.
  package var timing: String
  package var room: String?
  package var speciality: String?
  package var shift: String?

  package init(
    category: Category, name: String, timing: String, room: String? = nil, speciality: String? = nil,
    shift: String? = nil
  ) {
    self.category = category
    self.name = name
    self.timing = timing
    self.room = room
    self.speciality = speciality
    self.shift = shift
  }

  /// The two tables of a worksheet; raw values are the legacy API's strings.
  package enum Category: String, Sendable, CaseIterable {
    case regular = "Regular/Dentist"
    case visiting = "Visiting Specialist"
  }
}
