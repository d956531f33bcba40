/// One worksheet as it was read: the unit that a scrape replaces.
package struct ScheduleDay: Sendable, Hashable {
  package var date: CalendarDay
  /// The worksheet's name as it stands, such as `31/01/2026 SATURDAY`: the legacy API's `date`.
  package var sheet: String
  /// In the order of the worksheet.
  package var duties: [Duty]

  package init(date: CalendarDay, sheet: String, duties: [Duty]) {
    self.date = date
    self.sheet = sheet
    self.duties = duties
  }
}

/// A duty as the store holds it.
package struct StoredDuty: Sendable, Hashable {
  package var id: Int64
  package var date: CalendarDay
  package var sheet: String
  package var duty: Duty
  /// Seconds since 1970.
  package var createdAt: Double
  package var updatedAt: Double

  package init(id: Int64, date: CalendarDay, sheet: String, duty: Duty, createdAt: Double, updatedAt: Double) {
    self.id = id
    self.date = date
    self.sheet = sheet
    self.duty = duty
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }
}
