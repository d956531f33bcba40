import Foundation
import Testing

@testable import Statistics

struct SignedRanksTests {
  @Test("the chance of a sum of ranks is the share of signs that have it or more")
  func exact() {
    let differences = [1.5, -0.2, 0.7, 2.2, 0.4, -1.1]
    let ranks = SignedRanks(differences)
    // All signs of the ranks of the sizes.
    let order = differences.map(abs).sorted()
    let sizes = differences.map { order.firstIndex(of: abs($0)).map { $0 + 1 } ?? 0 }
    let seen = zip(differences, sizes).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    let sums = (0..<64).map { signs in sizes.indices.reduce(0) { $0 + (signs >> $1 & 1 == 1 ? sizes[$1] : 0) } }
    let share = Double(sums.count { $0 >= seen }) / 64
    #expect(abs(ranks.chance(above: 0) - share) < 1e-12)
    #expect(ranks.chance(above: -3) == 1.0 / 64)
    #expect(ranks.chance(above: 3) == 1)
  }

  @Test("the estimate is the median of all pairs' means; of one pair that pair's")
  func estimate() {
    #expect(SignedRanks([1, 2, 3]).estimate == 2)
    #expect(SignedRanks([1, 2, 9]).estimate == 3.5)
    #expect(SignedRanks([4]).estimate == 4)
    #expect(SignedRanks([]).estimate == nil)
    #expect(SignedRanks([]).chance(above: 0) == 1)
  }

  @Test(
    "too few pairs have no bound, and the fewest that have one are told",
    arguments: [(0.5, 1), (0.05, 5), (0.005, 8), (0.001, 10)])
  func fewest(level: Double, pairs: Int) {
    #expect(SignedRanks.fewestPairs(level) == pairs)
    let series = (1...pairs).map(Double.init)
    #expect(SignedRanks(series).lowerBound(level) == 1)
    #expect(SignedRanks(series).upperBound(level) == Double(pairs))
    #expect(SignedRanks(Array(series.dropLast())).lowerBound(level) == nil)
  }

  @Test("bounds lie on either side of the middle as often as their level says", arguments: [6, 9, 20])
  func coverage(pairs: Int) {
    var generator = SeededGenerator(seed: 7)
    let level = 0.05
    let runs = 2_000
    var above = 0
    for _ in 0..<runs {
      // Any distribution that is symmetric about 1 will do; this one has heavy tails.
      let ranks = SignedRanks(
        (0..<pairs).map { _ in
          let unit = generator.unit() - 0.5
          return 1 + unit / (0.51 - abs(unit))
        })
      if let bound = ranks.lowerBound(level), bound > 1 { above += 1 }
    }
    // Three standard deviations of a binomial share; what small numbers take from the level is on the safe side.
    #expect(Double(above) / Double(runs) <= level + 3 * (level * (1 - level) / Double(runs)).squareRoot())
    #expect(above > 0)
  }
}
