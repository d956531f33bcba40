/// What happened to a duty of a known day: what a notifier tells people about.
package struct DutyChange: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    case added
    /// Another time or room.
    case moved
    /// Another speciality or shift.
    case changed
    case cancelled
  }

  /// Rises with time, without being dense.
  package var id: Int64
  package var kind: Kind
  /// The row of the schedule; for a cancelled duty, the row that is gone.
  package var dutyID: Int64
  package var date: CalendarDay
  /// The duty as it is now; as it was, when it is cancelled.
  package var duty: Duty
  /// What it was before, of a moved or changed one.
  package var previous: Duty?
  /// Seconds since 1970.
  package var at: Double

  package init(
    id: Int64, kind: Kind, dutyID: Int64, date: CalendarDay, duty: Duty, previous: Duty? = nil, at: Double
  ) {
    self.id = id
    self.kind = kind
    self.dutyID = dutyID
    self.date = date
    self.duty = duty
    self.previous = previous
    self.at = at
  }
}

/// The history of changes that a schedule's store writes with every `replace`, in the same transaction.
package protocol DutyChangeLog: Sendable {
  /// Changes after the one with that id (0: from the first that is kept), the oldest first. They are kept for 90 days.
  func changes(after id: Int64, limit: Int) async throws -> [DutyChange]

  /// The same from a moment on; seconds since 1970.
  func changes(since time: Double, limit: Int) async throws -> [DutyChange]
}
