import AppDomain

/// What a day's diff means to people: a row that is gone and a row that is new with the same doctor and category are one
/// duty that moved.
struct DutyEvents: Equatable {
  struct Event: Equatable {
    var kind: DutyChange.Kind
    /// Nil for a row that gets its id when it is inserted, at `position`.
    var dutyID: Int64?
    var position: Int
    var duty: Duty
    var previous: Duty?
  }

  /// How long changes are kept, in seconds.
  static let keptFor = 90 * 86_400.0

  private(set) var events: [Event] = []

  init(_ diff: ScheduleDiff, from stored: [ScheduleDiff.Stored]) {
    let known = Dictionary(stored.map { ($0.id, $0) }) { first, _ in first }
    for update in diff.updates where update.changesContent {
      guard let old = known[update.id]?.row.duty, let kind = Self.kind(from: old, to: update.row.duty) else { continue }
      events.append(
        Event(kind: kind, dutyID: update.id, position: update.position, duty: update.row.duty, previous: old))
    }
    var gone = diff.deletions.compactMap { known[$0] }
    for insertion in diff.insertions {
      let duty = insertion.row.duty
      let index = gone.firstIndex { $0.row.duty.category == duty.category && $0.row.duty.name == duty.name }
      let previous = index.map { gone.remove(at: $0).row.duty }
      events.append(
        Event(
          kind: previous == nil ? .added : .moved, dutyID: nil, position: insertion.position, duty: duty,
          previous: previous))
    }
    for row in gone {
      events.append(Event(kind: .cancelled, dutyID: row.id, position: row.position, duty: row.row.duty, previous: nil))
    }
  }

  /// Nil when only the worksheet's name is another.
  private static func kind(from old: Duty, to new: Duty) -> DutyChange.Kind? {
    if old.timing != new.timing || old.room != new.room { return .moved }
    return old == new ? nil : .changed
  }
}
