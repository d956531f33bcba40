/// What is to be done when. Pure: moments go in and come out, in nanoseconds of a time that only goes on.
struct AlarmQueue {
  typealias Action = @Sendable () -> Void

  /// The earliest first; of the same moment, the oldest.
  private var alarms: [(due: Int64, number: UInt64, action: Action)] = []
  private var last: UInt64 = 0

  /// When the next is due; nil when there is none.
  var earliest: Int64? { alarms.first?.due }

  /// A number that no other alarm has.
  mutating func reserve() -> UInt64 {
    last += 1
    return last
  }

  mutating func add(_ number: UInt64, due: Int64, _ action: @escaping Action) {
    // Looked for from the end: of thousands, most wait equally long.
    let index = alarms.lastIndex { $0.due <= due }.map { $0 + 1 } ?? 0
    alarms.insert((due, number, action), at: index)
  }

  /// Takes an alarm out before its time; nil when it was taken already.
  mutating func take(_ number: UInt64) -> Action? {
    alarms.firstIndex { $0.number == number }.map { alarms.remove(at: $0).action }
  }

  /// Takes out what is due, the earliest first.
  mutating func takeDue(at now: Int64) -> [Action] {
    let due = alarms.prefix { $0.due <= now }.map(\.action)
    alarms.removeFirst(due.count)
    return due
  }
}

/// Time as a thread that polls sees it: what its clock says has gone by, but never back, and never less than a poll that
/// ran out was told to last, so that it follows a process whose polls are faked and whose clock isn't, or stands still.
struct PolledTime {
  /// Nanoseconds since it began.
  private(set) var now: Int64 = 0
  private var read: Int64

  init(at clock: Int64) { read = clock }

  mutating func advance(to clock: Int64) {
    now += max(0, clock - read)
    read = clock
  }

  /// A poll that began at `start` has run out.
  mutating func ranOut(since start: Int64, after nanoseconds: Int64, clock: Int64) {
    advance(to: clock)
    now = max(now, start + nanoseconds)
  }
}
