/// Which duties are asked for; nothing said is everything.
package struct DutyFilter: Sendable, Hashable {
  /// The first and the last day.
  package var days: ClosedRange<CalendarDay>
  /// Names' cells as they stand, of which one is the duty's; nil for any.
  package var cells: [String]?
  package var category: Duty.Category?

  package init(
    days: ClosedRange<CalendarDay> = CalendarDay.first...CalendarDay.last, cells: [String]? = nil,
    category: Duty.Category? = nil
  ) {
    self.days = days
    self.cells = cells
    self.category = category
  }
}

/// Where a duty stands among all: by day, then in the worksheet's order. Whoever reads on begins behind one.
package struct DutyPlace: Sendable, Hashable {
  package var date: CalendarDay
  /// In the worksheet.
  package var position: Int
  /// Of the row.
  package var id: Int64

  package init(date: CalendarDay, position: Int, id: Int64) {
    self.date = date
    self.position = position
    self.id = id
  }
}

package struct PlacedDuty: Sendable, Hashable {
  package var place: DutyPlace
  package var stored: StoredDuty

  package init(_ stored: StoredDuty, position: Int) {
    place = DutyPlace(date: stored.date, position: position, id: stored.id)
    self.stored = stored
  }
}

/// A name's cell as it stands in the schedule, with one of the specialities that stand beside it.
package struct DoctorCell: Sendable, Hashable {
  package var name: String
  package var category: Duty.Category
  package var speciality: String?

  package init(name: String, category: Duty.Category, speciality: String? = nil) {
    self.name = name
    self.category = category
    self.speciality = speciality
  }
}

/// The schedule as it is looked through. Every adapter passes the same conformance tests.
package protocol DutyFinder: Sendable {
  /// - Parameters:
  ///   - place: what is asked for stands behind it; nil: from the first.
  ///   - limit: at most so many.
  func duties(_ filter: DutyFilter, after place: DutyPlace?, limit: Int) async throws -> [PlacedDuty]

  /// Each cell, category and speciality once, by name.
  func doctorCells() async throws -> [DoctorCell]

  /// When each of these days last changed, in seconds since 1970: a row that came, moved, or went within 90 days.
  func changeTimes(of days: ClosedRange<CalendarDay>) async throws -> [CalendarDay: Double]
}
