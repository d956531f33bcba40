/// What paired differences say of the middle that they lie around, by Wilcoxon's signed ranks: exact for every number of
/// pairs, whatever the differences are distributed like, as long as that is symmetric.
///
/// - Source: F. Wilcoxon, Biometrics Bulletin 1 (1945) 80–83; J. W. Tukey's averages and the interval by
///   M. Hollander, D. A. Wolfe, "Nonparametric Statistical Methods", 2nd edition, §3.1–3.3.
package struct SignedRanks: Sendable {
  /// Of the pairs.
  package let count: Int
  /// The means of every difference with itself and with every other, ascending.
  private let averages: SortedSample
  /// P(W ≤ w) without a difference, for w from 0.
  private let cumulative: [Double]

  /// - Parameter differences: finite, at most 500.
  package init(_ differences: [Double]) {
    precondition(differences.count <= 500, "signed ranks of more than 500 pairs")
    count = differences.count
    var averages: [Double] = []
    averages.reserveCapacity(count * (count + 1) / 2)
    for (index, first) in differences.enumerated() {
      for second in differences[index...] { averages.append((first + second) / 2) }
    }
    self.averages = SortedSample(averages)
    cumulative = Self.cumulative(count)
  }

  /// How likely each sum of ranks is: every rank is on one side or the other with the same chance.
  private static func cumulative(_ count: Int) -> [Double] {
    var chances = [Double](repeating: 0, count: count * (count + 1) / 2 + 1)
    chances[0] = 1
    var most = 0
    for rank in stride(from: 1, through: count, by: 1) {
      most += rank
      for sum in stride(from: most, through: 0, by: -1) {
        chances[sum] = (chances[sum] + (sum >= rank ? chances[sum - rank] : 0)) / 2
      }
    }
    var total = 0.0
    return chances.map { chance in
      total += chance
      return min(1, total)
    }
  }

  /// The Hodges–Lehmann estimate of the middle; nil without a pair.
  package var estimate: Double? { averages.median }

  /// The chance of what was seen or more, where the middle is at most `middle`. Averages that equal it count half.
  package func chance(above middle: Double) -> Double {
    guard count > 0 else { return 1 }
    let above = averages.sorted.count { $0 > middle }
    let equal = averages.sorted.count { $0 == middle }
    // P(W ≥ w) = P(W ≤ most − w), the distribution being symmetric; halves are taken as less evidence.
    let sum = above + equal / 2
    return cumulative[averages.sorted.count - sum]
  }

  /// The value that the middle is above but for a chance of `level`; nil where there are too few pairs to say so.
  package func lowerBound(_ level: Double) -> Double? { place(level).map { averages.sorted[$0] } }

  /// As `lowerBound`, from above.
  package func upperBound(_ level: Double) -> Double? {
    place(level).map { averages.sorted[averages.sorted.count - 1 - $0] }
  }

  /// The last of the averages, counted from 0, that as few of them as chance would have lie below.
  private func place(_ level: Double) -> Int? {
    guard count > 0 else { return nil }
    return cumulative.lastIndex { $0 <= level }
  }

  /// The least number of pairs that can say anything at `level`, one-sided: ⌈log₂(1/level)⌉.
  package static func fewestPairs(_ level: Double) -> Int {
    var pairs = 0
    var chance = 1.0
    while chance > level {
      chance /= 2
      pairs += 1
    }
    return pairs
  }
}
