/// Where a series changes what it is distributed like, by the energy between what lies before and after.
///
/// - Source: D. S. Matteson, N. A. James, "A nonparametric approach for multiple change point analysis of multivariate
///   data", JASA 109 (2014) 334–345: E-divisive, with exponent 1; as used on benchmarks by D. Daly and others,
///   "The use of change point detection to identify software performance regressions", ICPE 2020.
package struct ChangePoints: Sendable {
  /// A change that is too large to be chance.
  package struct Change: Sendable, Equatable {
    /// The first place behind the change.
    package var place: Int
    /// The share of shuffled series that had as large a one.
    package var chance: Double
  }

  /// No part is shorter.
  package var shortest = 5
  package var shuffles = 199
  package var level = 0.05
  /// From the series' median, in median deviations from it.
  package var reach = 10.0
  package var seed: UInt64 = 1

  package init() {}

  /// The changes in order of place. The largest is looked for first, then those within the parts that it leaves, as long
  /// as one is significant; the level is for the whole series, so that a flat one names any in about `level` of cases.
  /// Single values that lie far out count as lying at `reach`, so that a bad run or two don't hide a step.
  package func changes(in series: [Double]) -> [Change] {
    let series = withinReach(series)
    var changes: [Change] = []
    var generator = SeededGenerator(seed: seed)
    while true {
      let parts = Self.parts(of: series, at: changes.map(\.place))
      guard let best = largest(in: parts, of: series) else { break }
      var extreme = 1
      var shuffled = series
      for _ in 0..<shuffles {
        for part in parts { shuffled[part].shuffle(using: &generator) }
        if let found = largest(in: parts, of: shuffled), found.energy >= best.energy { extreme += 1 }
      }
      let chance = Double(extreme) / Double(shuffles + 1)
      guard chance <= level else { break }
      changes.append(Change(place: best.place, chance: chance))
      changes.sort { $0.place < $1.place }
    }
    return changes
  }

  private func withinReach(_ series: [Double]) -> [Double] {
    guard let median = SortedSample(series).median,
      let deviation = SortedSample(series.map { abs($0 - median) }).median, deviation > 0
    else { return series }
    return series.map { min(max($0, median - reach * deviation), median + reach * deviation) }
  }

  private static func parts(of series: [Double], at places: [Int]) -> [Range<Int>] {
    zip([0] + places, places + [series.count]).map { $0..<$1 }
  }

  private func largest(in parts: [Range<Int>], of series: [Double]) -> (place: Int, energy: Double)? {
    parts.compactMap { split(series[$0]) }.max { $0.energy < $1.energy }
  }

  /// The place that parts a stretch of the series best, by n·m/(n+m) times the energy distance of its sides; in time
  /// that grows by the square of its length.
  private func split(_ part: ArraySlice<Double>) -> (place: Int, energy: Double)? {
    let count = part.count
    guard count >= 2 * shortest else { return nil }
    let values = Array(part)
    // Sums of distances: between the sides, within the left one and within the right one.
    var between = 0.0
    var left = 0.0
    var right = 0.0
    for first in 0..<count {
      for second in (first + 1)..<count { right += abs(values[first] - values[second]) }
    }
    var best: (place: Int, energy: Double)?
    for size in 1..<count {
      // The value that changes sides.
      let moved = values[size - 1]
      var toLeft = 0.0
      for value in values[..<(size - 1)] { toLeft += abs(moved - value) }
      var toRight = 0.0
      for value in values[size...] { toRight += abs(moved - value) }
      between += toRight - toLeft
      left += toLeft
      right -= toRight
      guard size >= shortest, count - size >= shortest else { continue }
      let (n, m) = (Double(size), Double(count - size))
      let distance = 2 * between / (n * m) - 2 * left / (n * (n - 1)) - 2 * right / (m * (m - 1))
      let energy = n * m / (n + m) * distance
      if energy > best?.energy ?? -.infinity { best = (part.startIndex + size, energy) }
    }
    return best
  }
}
