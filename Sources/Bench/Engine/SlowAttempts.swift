/// Slow attempts of one step and worker, in memory that grows with the most of one second and is kept.
struct SlowAttempts: ~Copyable {
  struct Entry {
    /// Nanoseconds of the monotonic clock.
    var intended: UInt64
    var ended: UInt64
    var hasTime: Bool
  }

  private(set) var count = 0
  private var capacity = 0
  private var entries: UnsafeMutablePointer<Entry>?

  deinit { entries?.deallocate() }

  mutating func append(_ entry: Entry) {
    if count == capacity { grow() }
    guard let entries else { return }
    (entries + count).initialize(to: entry)
    count += 1
  }

  subscript(index: Int) -> Entry? { index < count ? entries?[index] : nil }

  mutating func removeAll() { count = 0 }

  private mutating func grow() {
    capacity = max(64, capacity * 2)
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
    if let entries {
      larger.moveInitialize(from: entries, count: count)
      entries.deallocate()
    }
    entries = larger
  }
}
