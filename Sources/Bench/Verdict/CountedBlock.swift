/// Samples of one block, such as a second, counted under keys that grow with their values.
struct CountedBlock: Sendable {
  /// Rising.
  private var keys: [Int32] = []
  /// How many samples lie at each key or below.
  private var sums: [UInt32] = []
  /// Samples without a value: they rank above every key.
  private var beyond: UInt32 = 0

  init() {}

  /// - Parameter counts: by rising keys.
  init(_ counts: some Collection<(key: Int, count: UInt64)>, beyond: UInt64 = 0) {
    keys.reserveCapacity(counts.count)
    sums.reserveCapacity(counts.count)
    for (key, count) in counts { append(Int32(clamping: key), count) }
    self.beyond = UInt32(clamping: beyond)
  }

  var count: Int { valued + Int(beyond) }

  private var valued: Int { Int(sums.last ?? 0) }

  private mutating func append(_ key: Int32, _ count: UInt64) {
    keys.append(key)
    sums.append(UInt32(clamping: UInt64(sums.last ?? 0) + count))
  }

  /// Adds every count of `other`.
  mutating func merge(_ other: CountedBlock) {
    var merged = CountedBlock()
    var mine = 0
    var theirs = 0
    while mine < keys.count || theirs < other.keys.count {
      let key = min(mine < keys.count ? keys[mine] : .max, theirs < other.keys.count ? other.keys[theirs] : .max)
      var count: UInt64 = 0
      if mine < keys.count, keys[mine] == key {
        count += UInt64(sums[mine] - (mine > 0 ? sums[mine - 1] : 0))
        mine += 1
      }
      if theirs < other.keys.count, other.keys[theirs] == key {
        count += UInt64(other.sums[theirs] - (theirs > 0 ? other.sums[theirs - 1] : 0))
        theirs += 1
      }
      merged.append(key, count)
    }
    merged.beyond = UInt32(clamping: UInt64(beyond) + UInt64(other.beyond))
    self = merged
  }

  func count(atOrBelow key: Int) -> Int {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if Int(keys[middle]) <= key { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? Int(sums[low - 1]) : 0
  }
}
