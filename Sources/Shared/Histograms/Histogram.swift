/// Counts of latencies in nanoseconds, in HdrHistogram's layout (`HistogramLayout`).
///
/// Merging adds counts; percentiles are read from the merged counts, never merged themselves. Two kinds of sample have
/// no place among the counts and are kept apart, not clamped (only HdrHistogram's encoding has to): those beyond the layout's range, and attempts that never
/// got an answer. Both rank above every recorded value, so that a failure is never a fast success.
package struct Histogram: Sendable, Equatable {
  /// Of the slots from `base` on: no more than the values so far need, as a run holds one for each step and second.
  private var slots: [UInt64] = []
  private var base = 0
  /// Samples with a value.
  package private(set) var recorded: UInt64 = 0
  /// Samples beyond `HistogramLayout.highestTrackable`.
  package private(set) var beyondRange: UInt64 = 0
  /// Attempts that got no answer at all (refused, reset, garbage): they rank above every value.
  package private(set) var unanswered: UInt64 = 0
  package private(set) var sum: Double = 0
  package private(set) var minimum: UInt64 = .max
  package private(set) var maximum: UInt64 = 0

  /// Slots that are looked at together.
  private static let run = 8

  package init() {}

  package static func == (one: Histogram, other: Histogram) -> Bool {
    one.recorded == other.recorded && one.beyondRange == other.beyondRange && one.unanswered == other.unanswered
      && one.sum == other.sum && one.minimum == other.minimum && one.maximum == other.maximum
      && one.entries == other.entries
  }

  /// What one slot of `HistogramLayout` holds.
  package struct Entry: Sendable, Equatable {
    package var slot: Int
    package var count: UInt64
  }

  /// The slots that hold anything, in the order of their values.
  package var entries: [Entry] {
    guard recorded > 0 else { return [] }
    let base = base
    return slots.withUnsafeBufferPointer { slots in
      var entries: [Entry] = []
      var index = HistogramLayout.index(of: minimum) - base
      let last = HistogramLayout.index(of: maximum) - base
      entries.reserveCapacity(min(last - index + 1, Int(clamping: recorded)))
      while index <= last {
        if index + Self.run <= last {
          // Most slots hold nothing.
          var any: UInt64 = 0
          for place in 0..<Self.run { any |= slots[index + place] }
          if any == 0 {
            index += Self.run
            continue
          }
        }
        let end = min(index + Self.run - 1, last)
        while index <= end {
          if slots[index] > 0 { entries.append(Entry(slot: base + index, count: slots[index])) }
          index += 1
        }
      }
      return entries
    }
  }

  /// What another histogram takes in, and gives back.
  package struct Counts: Sendable {
    /// In the order of their values.
    package let entries: [Entry]
    /// Samples without a value.
    package let unvalued: UInt64
    fileprivate let recorded: UInt64
    fileprivate let sum: Double

    package init(_ histogram: Histogram) {
      entries = histogram.entries
      unvalued = histogram.unanswered + histogram.beyondRange
      recorded = histogram.recorded
      sum = Self.sum(entries)
    }

    fileprivate static func sum(_ entries: [Entry]) -> Double {
      // Both are below 2⁶³, and the processor turns signed numbers alone into a double at once.
      entries.reduce(0) { $0 + Double(Int64(bitPattern: value(at: $1.slot))) * Double(Int64(bitPattern: $1.count)) }
    }

    fileprivate static func value(at slot: Int) -> UInt64 {
      min(HistogramLayout.highestValue(at: slot), HistogramLayout.highestTrackable)
    }
  }

  /// Samples in one slot of `HistogramLayout`.
  package subscript(slot slot: Int) -> UInt64 {
    slots.indices.contains(slot - base) ? slots[slot - base] : 0
  }

  package var isEmpty: Bool { count == 0 }

  /// All samples, those without a value included.
  package var count: UInt64 { recorded + beyondRange + unanswered }

  package var mean: Double? { recorded == 0 ? nil : sum / Double(recorded) }

  package mutating func record(_ nanoseconds: UInt64, times: UInt64 = 1) {
    guard times > 0 else { return }
    guard nanoseconds <= HistogramLayout.highestTrackable else {
      beyondRange += times
      return
    }
    let slot = HistogramLayout.index(of: nanoseconds)
    reserve(slot, slot)
    slots[slot - base] += times
    recorded += times
    sum += Double(nanoseconds) * Double(times)
    minimum = min(minimum, nanoseconds)
    maximum = max(maximum, nanoseconds)
  }

  /// Adds samples of which only the slot is known, as if they lay in its middle.
  mutating func record(slot index: Int, times: UInt64) {
    guard times > 0 else { return }
    reserve(index, index)
    let lowest = HistogramLayout.lowestValue(at: index)
    let highest = min(HistogramLayout.highestValue(at: index), HistogramLayout.highestTrackable)
    slots[index - base] += times
    recorded += times
    sum += (Double(lowest) + Double(highest)) / 2 * Double(times)
    minimum = min(minimum, lowest)
    maximum = max(maximum, highest)
  }

  package mutating func recordUnanswered(times: UInt64 = 1) { unanswered += times }

  mutating func recordBeyondRange(times: UInt64) { beyondRange += times }

  /// Adds every count of `other`.
  package mutating func merge(_ other: Histogram) {
    if other.recorded > 0 {
      if recorded == 0 {
        // Shared until either changes: what holds one second, or one step, passes over no slot.
        slots = other.slots
        base = other.base
      } else {
        other.slots.withUnsafeBufferPointer { add($0, from: other.base, lowest: other.minimum, highest: other.maximum) }
      }
      recorded += other.recorded
      sum += other.sum
      minimum = min(minimum, other.minimum)
      maximum = max(maximum, other.maximum)
    }
    beyondRange += other.beyondRange
    unanswered += other.unanswered
  }

  /// Adds what a `HistogramRecorder` holds.
  package mutating func merge(_ recorder: borrowing HistogramRecorder) {
    if recorder.recorded > 0 {
      add(
        UnsafeBufferPointer(start: recorder.counts, count: HistogramLayout.countsLength), from: 0,
        lowest: recorder.minimum, highest: recorder.maximum)
      recorded += recorder.recorded
      sum += Double(recorder.sum)
      minimum = min(minimum, recorder.minimum)
      maximum = max(maximum, recorder.maximum)
    }
    beyondRange += recorder.beyondRange
    unanswered += recorder.unanswered
  }

  /// Adds samples of which only the slots are known, each as the highest value of its slot, as percentiles are reported.
  package mutating func add(_ counts: Counts) {
    unanswered += counts.unvalued
    guard let first = counts.entries.first, let last = counts.entries.last else { return }
    reserve(first.slot, last.slot)
    let base = base
    slots.withUnsafeMutableBufferPointer { slots in
      for entry in counts.entries { slots[entry.slot - base] += entry.count }
    }
    recorded += counts.recorded
    sum += counts.sum
    minimum = min(minimum, Counts.value(at: first.slot))
    maximum = max(maximum, Counts.value(at: last.slot))
  }

  /// Takes off what `add` added.
  package mutating func remove(_ counts: Counts) {
    unanswered -= counts.unvalued
    guard !counts.entries.isEmpty else { return }
    recorded -= counts.recorded
    let base = base
    let lowest = HistogramLayout.index(of: minimum)
    let highest = HistogramLayout.index(of: maximum)
    slots.withUnsafeMutableBufferPointer { slots in
      for entry in counts.entries { slots[entry.slot - base] -= entry.count }
    }
    guard recorded > 0 else {
      (sum, minimum, maximum) = (0, .max, 0)
      return
    }
    minimum = Counts.value(at: (lowest...highest).first { slots[$0 - base] > 0 } ?? lowest)
    maximum = Counts.value(at: (lowest...highest).last { slots[$0 - base] > 0 } ?? highest)
    // Above, a difference would carry what was rounded off: such sums are taken anew.
    let isExact = sum < 0x1p53
    sum = isExact ? sum - counts.sum : Counts.sum(entries)
  }

  /// The value at or below which the share `quantile` (0...1) of all samples lies: the highest value of its slot, as
  /// HdrHistogram reports it, at most the maximum. Nil when there are no samples; `.infinity` when the rank falls among
  /// samples that have no value. The quantile of 0 is the minimum.
  ///
  /// The rank is taken just below `quantile`, as HdrHistogram does, because 0.55 · 100 is above 55 in binary and would
  /// round up to the 56th sample.
  package func value(at quantile: Double) -> Double? {
    guard count > 0, !quantile.isNaN else { return nil }
    let share = min(max(quantile, 0), 1).nextDown
    let rank = min(max(1, UInt64(max(0, (Double(count) * share).rounded(.up)))), count)
    guard let slot = slot(atRank: rank) else { return .infinity }
    guard quantile > 0 else { return Double(minimum) }
    return Double(min(HistogramLayout.highestValue(at: slot), maximum))
  }

  /// The slot of the sample of that rank, from 1; nil where it has no value.
  package func slot(atRank rank: UInt64) -> Int? {
    guard rank <= recorded else { return nil }
    let base = base
    return slots.withUnsafeBufferPointer { slots in
      var seen: UInt64 = 0
      var index = HistogramLayout.index(of: minimum)
      let last = HistogramLayout.index(of: maximum)
      // A run of slots at once, until the rank is within it.
      while index + Self.run <= last {
        var sum: UInt64 = 0
        for place in 0..<Self.run { sum &+= slots[index - base + place] }
        if seen + sum >= rank { break }
        seen += sum
        index += Self.run
      }
      while index < last {
        seen += slots[index - base]
        if seen >= rank { return index }
        index += 1
      }
      return last
    }
  }

  /// Samples whose value is at most `nanoseconds`, to the layout's resolution.
  package func count(atOrBelow nanoseconds: UInt64) -> UInt64 {
    guard recorded > 0 else { return 0 }
    let last = HistogramLayout.index(of: min(nanoseconds, maximum))
    let base = base
    return slots.withUnsafeBufferPointer { slots in
      var seen: UInt64 = 0
      var index = HistogramLayout.index(of: minimum)
      while index <= last {
        seen += slots[index - base]
        index += 1
      }
      return seen
    }
  }

  /// Adds the counts of the slots between two values. By hand and over a buffer: every report passes over tens of
  /// thousands of slots many times, and a loop over ranges and arrays is slow where it isn't optimised. Without a look for
  /// overflow, which no count comes near, several slots are added at once.
  private mutating func add(
    _ other: UnsafeBufferPointer<UInt64>, from otherBase: Int, lowest: UInt64, highest: UInt64
  ) {
    let first = HistogramLayout.index(of: lowest)
    let count = HistogramLayout.index(of: highest) - first + 1
    reserve(first, first + count - 1)
    let base = base
    slots.withUnsafeMutableBufferPointer { slots in
      guard let mine = slots.baseAddress, let theirs = other.baseAddress else { return }
      let (to, from) = (mine + (first - base), theirs + (first - otherBase))
      var index = 0
      while index < count {
        to[index] &+= from[index]
        index &+= 1
      }
    }
  }

  private mutating func reserve(_ first: Int, _ last: Int) {
    if !slots.isEmpty, first >= base, last < base + slots.count { return }
    // At first in quarters of a bucket, then in whole ones, so that values that spread don't move everything at each step.
    let step = HistogramLayout.subBucketHalfCount / (slots.isEmpty ? 4 : 1)
    let newBase = (slots.isEmpty ? first : min(first, base)) / step * step
    let end = ((slots.isEmpty ? last : max(last, base + slots.count - 1)) / step + 1) * step
    var grown = [UInt64](repeating: 0, count: end - newBase)
    let place = base - newBase
    grown.withUnsafeMutableBufferPointer { grown in
      slots.withUnsafeBufferPointer { slots in
        guard let to = grown.baseAddress, let from = slots.baseAddress, !slots.isEmpty else { return }
        (to + place).update(from: from, count: slots.count)
      }
    }
    slots = grown
    base = newBase
  }
}
