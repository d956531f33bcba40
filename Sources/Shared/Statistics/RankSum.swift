/// How two samples stand to each other: Mann's and Whitney's U with the shift that Hodges and Lehmann estimate by it.
///
/// - Source: H. B. Mann, D. R. Whitney, Annals of Mathematical Statistics 18 (1947) 50–60; J. L. Hodges, E. L. Lehmann,
///   Annals of Mathematical Statistics 34 (1963) 598–611; the exact distribution with ties by permutation.
package struct RankSum: Sendable {
  private let base: [Double]
  private let other: [Double]
  /// Every value of `other` less every one of `base`, ascending.
  private let shifts: SortedSample

  /// - Parameters: finite; at most 200 values each.
  package init(base: [Double], other: [Double]) {
    precondition(base.count <= 200 && other.count <= 200, "rank sums of more than 200 values a side")
    self.base = base
    self.other = other
    shifts = SortedSample(other.flatMap { value in base.map { value - $0 } })
  }

  /// By how much `other` lies above `base`; nil where a sample is empty.
  package var shift: Double? { shifts.median }

  /// The chance of samples that lie at least so far apart, either way, where they come of one distribution: exact, ties
  /// included.
  package var chance: Double {
    guard !base.isEmpty, !other.isEmpty else { return 1 }
    // Twice the mid-ranks are whole numbers.
    let pooled = (base + other).sorted()
    func twiceRank(_ value: Double) -> Int {
      let first = pooled.partitioningIndex { $0 >= value }
      let end = pooled.partitioningIndex { $0 > value }
      return first + end + 1
    }
    let sums = Self.sums(ranks: pooled.map(twiceRank), taking: other.count)
    let seen = other.reduce(0) { $0 + twiceRank($1) }
    let total = sums.reduce(0, +)
    let below = sums.prefix(seen + 1).reduce(0, +) / total
    let above = sums.dropFirst(seen).reduce(0, +) / total
    return min(1, 2 * min(below, above))
  }

  /// What the shift is at least and at most with `confidence`, two-sided, by the distribution without ties; nil where
  /// the samples are too small for it.
  package func bounds(confidence: Double) -> ClosedRange<Double>? {
    guard let place = Self.place(base.count, other.count, level: (1 - confidence) / 2) else { return nil }
    return shifts.sorted[place]...shifts.sorted[shifts.sorted.count - 1 - place]
  }

  /// What share of such intervals holds the true shift: at least `confidence`, and how much more the small numbers force.
  package static func coverage(_ base: Int, _ other: Int, confidence: Double) -> Double? {
    guard let place = place(base, other, level: (1 - confidence) / 2) else { return nil }
    return 1 - 2 * cumulative(base, other)[place]
  }

  private static func place(_ base: Int, _ other: Int, level: Double) -> Int? {
    guard base > 0, other > 0 else { return nil }
    return cumulative(base, other).lastIndex { $0 <= level }
  }

  /// P(U ≤ u) without ties, for u from 0.
  private static func cumulative(_ base: Int, _ other: Int) -> [Double] {
    let least = other * (other + 1) / 2
    let sums = sums(ranks: Array(1...(base + other)), taking: other).dropFirst(least)
    let total = sums.reduce(0, +)
    var sum = 0.0
    return sums.map { chance in
      sum += chance / total
      return min(1, sum)
    }
  }

  /// In how many ways so many of the ranks have each sum, up to a common factor.
  private static func sums(ranks: [Int], taking count: Int) -> [Double] {
    let most = ranks.sorted().suffix(count).reduce(0, +)
    // By how many are taken; each row is scaled alike, so that no count overflows.
    var ways = [[Double]](repeating: [Double](repeating: 0, count: most + 1), count: count + 1)
    ways[0][0] = 1
    for (taken, rank) in ranks.enumerated() {
      for number in stride(from: min(taken + 1, count), through: 1, by: -1) {
        for sum in stride(from: most, through: rank, by: -1) where ways[number - 1][sum - rank] > 0 {
          ways[number][sum] += ways[number - 1][sum - rank]
        }
      }
    }
    return ways[count]
  }
}

extension Array {
  /// The first place from which on `belongs` holds; the array is ordered by it.
  fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
