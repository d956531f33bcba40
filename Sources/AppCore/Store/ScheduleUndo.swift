import AppDomain

/// What rows were before changes that are known, by undoing these.
enum ScheduleUndo {
  /// - Parameters:
  ///   - changes: of the rows' day, all since then, the oldest first.
  ///   - rows: as they are now.
  /// - Returns: in no particular order.
  static func rows(before changes: [DutyChange], of rows: [Duty]) -> [Duty] {
    var counts: [Duty: Int] = [:]
    for row in rows { counts[row, default: 0] += 1 }
    for change in changes.reversed() {
      guard change.kind != .cancelled else {
        counts[change.duty, default: 0] += 1
        continue
      }
      // Somebody else has changed what isn't there any more.
      guard let count = counts[change.duty], count > 0 else { continue }
      counts[change.duty] = count - 1
      if let previous = change.previous { counts[previous, default: 0] += 1 }
    }
    return counts.flatMap { Array(repeating: $0.key, count: $0.value) }
  }
}
