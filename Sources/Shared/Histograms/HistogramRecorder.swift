import Glibc

/// The recording end of a histogram: one owner, one thread, no allocation and no reference counting per sample.
/// `Histogram.merge` reads it out.
package struct HistogramRecorder: ~Copyable {
  @usableFromInline package let counts: UnsafeMutablePointer<UInt64>
  @usableFromInline package internal(set) var recorded: UInt64 = 0
  @usableFromInline package internal(set) var beyondRange: UInt64 = 0
  @usableFromInline package internal(set) var unanswered: UInt64 = 0
  @usableFromInline package internal(set) var sum: UInt64 = 0
  @usableFromInline package internal(set) var minimum: UInt64 = .max
  @usableFromInline package internal(set) var maximum: UInt64 = 0

  package init() {
    // Pages of a large `calloc` are zero without being touched, and most slots never are.
    let bytes = calloc(HistogramLayout.countsLength, MemoryLayout<UInt64>.stride)
    counts =
      bytes?.bindMemory(to: UInt64.self, capacity: HistogramLayout.countsLength)
      ?? .allocate(capacity: HistogramLayout.countsLength)
  }

  deinit { free(counts) }

  @inlinable @inline(__always)
  package mutating func record(_ nanoseconds: UInt64) {
    guard nanoseconds <= 3_600_000_000_000 else {
      beyondRange &+= 1
      return
    }
    counts[HistogramLayout.index(of: nanoseconds)] &+= 1
    recorded &+= 1
    sum &+= nanoseconds
    if nanoseconds < minimum { minimum = nanoseconds }
    if nanoseconds > maximum { maximum = nanoseconds }
  }

  @inlinable
  package mutating func recordUnanswered() { unanswered &+= 1 }

  /// Forgets everything; touches only the slots in use.
  package mutating func reset() {
    if recorded > 0 {
      let lowest = HistogramLayout.index(of: minimum)
      let highest = HistogramLayout.index(of: maximum)
      (counts + lowest).update(repeating: 0, count: highest - lowest + 1)
    }
    recorded = 0
    beyondRange = 0
    unanswered = 0
    sum = 0
    minimum = .max
    maximum = 0
  }
}
