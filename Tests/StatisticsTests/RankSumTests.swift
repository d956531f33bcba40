import Testing

@testable import Statistics

struct RankSumTests {
  @Test(
    "the chance of two samples is the share of ways to part them that are as far apart",
    arguments: [
      ([1, 2, 3], [4, 5, 6], 2.0 / 20), ([4, 5, 6], [1, 2, 3], 2.0 / 20), ([1, 1], [1, 1], 1),
      ([1, 4], [2, 3], 1), ([1, 2], [2, 3], 2.0 / 3), ([], [1], 1),
    ] as [([Double], [Double], Double)])
  func chance(base: [Double], other: [Double], chance: Double) {
    #expect(abs(RankSum(base: base, other: other).chance - chance) < 1e-12)
  }

  @Test("with ties it is as all ways to part them say")
  func ties() {
    let (base, other): ([Double], [Double]) = ([1, 1, 2, 3], [2, 3, 3, 5, 5])
    let pooled = base + other
    func rank(_ value: Double) -> Double {
      let below = pooled.count { $0 < value }
      return Double(below) + Double(pooled.count { $0 == value } + 1) / 2
    }
    let seen = other.reduce(0) { $0 + rank($1) }
    let sums = (0..<(1 << 9)).filter { $0.nonzeroBitCount == 5 }.map { taken in
      pooled.indices.reduce(0.0) { $0 + (taken >> $1 & 1 == 1 ? rank(pooled[$1]) : 0) }
    }
    let below = Double(sums.count { $0 <= seen }) / Double(sums.count)
    let above = Double(sums.count { $0 >= seen }) / Double(sums.count)
    #expect(abs(RankSum(base: base, other: other).chance - min(1, 2 * min(below, above))) < 1e-12)
  }

  /// Source: M. Hollander, D. A. Wolfe, table of the exact distribution: of five and five P(U ≤ 2) = 4/252.
  @Test("the shift is the median of all differences, its bounds the exact distribution's")
  func shift() {
    let ranks = RankSum(base: [0, 10, 20, 30, 40], other: [3, 14, 25, 36, 47])
    #expect(ranks.shift == 5)
    let shifts = [3.0, 14, 25, 36, 47].flatMap { value in [0.0, 10, 20, 30, 40].map { value - $0 } }.sorted()
    #expect(ranks.bounds(confidence: 0.95) == shifts[2]...shifts[22])
    #expect(RankSum.coverage(5, 5, confidence: 0.95).map { abs($0 - (1 - 8.0 / 252)) < 1e-12 } == true)
    #expect(RankSum(base: [1, 2], other: [3, 4]).bounds(confidence: 0.95) == nil)
    #expect(RankSum(base: [], other: [1]).shift == nil)
  }
}
