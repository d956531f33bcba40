/// Where the schedule is kept. Every adapter passes the same conformance tests.
package protocol ScheduleStore: Sendable {
  /// Replaces each given day as a whole, by natural key (date, category, name, timing; a row may occur more than once):
  /// rows that stay keep `id` and `createdAt`, rows that are gone are deleted, days that are not named stay as they
  /// are. All of it, and the time, in one transaction.
  /// - Parameters:
  ///   - time: seconds since 1970.
  ///   - term: checked in the same transaction; nil where nobody leads, such as an operator's own command.
  /// - Throws: `LeaderTermEnded` when `term` is over; then nothing is changed.
  func replace(_ days: [ScheduleDay], at time: Double, under term: LeaderTerm?) async throws -> ScheduleChange

  /// Rows whose worksheet name contains `fragment` (all rows when nil or empty), by date, then in worksheet order.
  func duties(sheetContaining fragment: String?) async throws -> [StoredDuty]

  /// Rows held for each day, for the plausibility check of a scrape.
  func rowCounts() async throws -> [CalendarDay: Int]

  /// When a schedule was last stored, whatever it changed; seconds since 1970, nil before the first time.
  func scrapedAt() async throws -> Double?

  /// Answers when the store can be read.
  func ping() async throws
}

extension ScheduleStore {
  /// Replaces without a leader's term.
  package func replace(_ days: [ScheduleDay], at time: Double) async throws -> ScheduleChange {
    try await replace(days, at: time, under: nil)
  }
}

/// What one `replace` did, in rows.
package struct ScheduleChange: Sendable, Equatable {
  package var added = 0
  package var removed = 0
  /// Rows that stayed, with another room, speciality, shift, worksheet name or place in the worksheet.
  package var updated = 0
  package var unchanged = 0

  package init(added: Int = 0, removed: Int = 0, updated: Int = 0, unchanged: Int = 0) {
    self.added = added
    self.removed = removed
    self.updated = updated
    self.unchanged = unchanged
  }

  package var isEmpty: Bool { added == 0 && removed == 0 && updated == 0 }
}
