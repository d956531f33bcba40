import AppDomain

/// How one day's stored rows become the rows that were read: what every adapter's `replace` applies.
///
/// A row's natural key is its category, name and timing. The same key may occur more than once in a day (two rooms, or
/// a line that was written twice): identical rows are paired first, then rows of the same key in worksheet order.
struct ScheduleDiff: Equatable {
  /// A row as it shall be.
  struct Row: Hashable {
    var sheet: String
    var duty: Duty
  }

  /// A row as it is.
  struct Stored: Equatable {
    var id: Int64
    var position: Int
    var row: Row
  }

  struct Update: Equatable {
    var id: Int64
    var position: Int
    var row: Row
    /// False when only the place in the worksheet is another.
    var changesContent: Bool
  }

  struct Insertion: Equatable {
    var position: Int
    var row: Row
  }

  private(set) var insertions: [Insertion] = []
  private(set) var updates: [Update] = []
  private(set) var deletions: [Int64] = []
  private(set) var unchanged = 0

  init(from stored: [Stored], to wanted: [Row]) {
    var pairs = [Int?](repeating: nil, count: wanted.count)
    var free = Set(stored.indices)
    Self.pair(wanted, with: stored, free: &free, into: &pairs) { $0 }
    Self.pair(wanted, with: stored, free: &free, into: &pairs) { Key($0.duty) }

    for (position, row) in wanted.enumerated() {
      guard let index = pairs[position] else {
        insertions.append(Insertion(position: position, row: row))
        continue
      }
      let old = stored[index]
      if old.row == row, old.position == position {
        unchanged += 1
      } else {
        updates.append(Update(id: old.id, position: position, row: row, changesContent: old.row != row))
      }
    }
    deletions = free.sorted().map { stored[$0].id }
  }

  private struct Key: Hashable {
    var category: Duty.Category
    var name: String
    var timing: String

    init(_ duty: Duty) {
      category = duty.category
      name = duty.name
      timing = duty.timing
    }
  }

  /// Pairs what is still free on both sides and has the same key, in order.
  private static func pair<Key: Hashable>(
    _ wanted: [Row], with stored: [Stored], free: inout Set<Int>, into pairs: inout [Int?], by key: (Row) -> Key
  ) {
    var candidates: [Key: [Int]] = [:]
    for index in free.sorted(by: >) { candidates[key(stored[index].row), default: []].append(index) }
    for (position, row) in wanted.enumerated() where pairs[position] == nil {
      guard let index = candidates[key(row)]?.popLast() else { continue }
      pairs[position] = index
      free.remove(index)
    }
  }
}

extension ScheduleDiff {
  /// The rows that each named day shall have, by date. Two worksheets may be of the same day: they are one day's rows.
  static func rowsByDate(of days: [ScheduleDay]) -> [(date: CalendarDay, rows: [Row])] {
    var wanted: [CalendarDay: [Row]] = [:]
    for day in days { wanted[day.date, default: []] += day.duties.map { Row(sheet: day.sheet, duty: $0) } }
    return wanted.sorted { $0.key < $1.key }.map { (date: $0.key, rows: $0.value) }
  }
}

extension ScheduleChange {
  mutating func add(_ diff: ScheduleDiff) {
    added += diff.insertions.count
    removed += diff.deletions.count
    updated += diff.updates.count
    unchanged += diff.unchanged
  }
}
