/// Wake-ups in order of time: a binary heap of plain values.
struct TimerHeap: ~Copyable {
  struct Entry {
    /// Nanoseconds of the monotonic clock.
    var time: UInt64
    var slot: Int32
    var purpose: Purpose
  }

  enum Purpose: UInt8 {
    /// A user's next request, or first iteration, is due.
    case wake
    /// A connection attempt or a response may have taken too long.
    case deadline
  }

  private var entries: UnsafeMutablePointer<Entry>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 16)
    entries = .allocate(capacity: self.capacity)
  }

  deinit { entries.deallocate() }

  /// The earliest entry's time; `.max` when there is none.
  var earliest: UInt64 { count > 0 ? entries[0].time : .max }

  mutating func push(_ entry: Entry) {
    if count == capacity { grow() }
    var index = count
    count += 1
    while index > 0 {
      let parent = (index - 1) / 2
      if entries[parent].time <= entry.time { break }
      entries[index] = entries[parent]
      index = parent
    }
    entries[index] = entry
  }

  /// Removes the earliest entry. The heap must not be empty.
  mutating func pop() -> Entry {
    let first = entries[0]
    count -= 1
    if count > 0 { sink(entries[count]) }
    return first
  }

  private mutating func sink(_ entry: Entry) {
    var index = 0
    while true {
      var child = 2 * index + 1
      if child >= count { break }
      if child + 1 < count, entries[child + 1].time < entries[child].time { child += 1 }
      if entries[child].time >= entry.time { break }
      entries[index] = entries[child]
      index = child
    }
    entries[index] = entry
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: entries, count: count)
    entries.deallocate()
    entries = larger
    capacity *= 2
  }
}
