import Foundation
import Testing

@testable import Statistics

struct ClusteredQuantileTests {
  /// Seconds of `requests` samples, of which `alike` of the variance is the second's own.
  private func seconds(_ count: Int, requests: Int, alike: Double, seed: UInt64) -> [[Double]] {
    var generator = SeededGenerator(seed: seed &* 7_919)
    func normal() -> Double {
      (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
    }
    return (0..<count).map { _ in
      let befell = normal()
      return (0..<requests).map { _ in alike.squareRoot() * befell + (1 - alike).squareRoot() * normal() }
    }
  }

  private func ranks(_ quantile: Double, _ seconds: [[Double]]) -> ClosedRange<Int>? {
    let all = seconds.flatMap { $0 }.sorted()
    let observed = all[max(0, Int((quantile * Double(all.count)).rounded(.up)) - 1)]
    return ClusteredQuantile.ranks(
      of: quantile,
      in: seconds.map { second in .init(samples: second.count, below: second.count { $0 <= observed }) })
  }

  @Test("fewer than ten blocks say nothing, nor do blocks of nothing, nor is there an interval of an extreme")
  func tooFew() {
    let block = ClusteredQuantile.Block(samples: 9, below: 5)
    #expect(ClusteredQuantile.ranks(of: 0.5, in: Array(repeating: block, count: 9)) == nil)
    #expect(ClusteredQuantile.ranks(of: 0.5, in: Array(repeating: .init(samples: 0, below: 0), count: 20)) == nil)
    #expect(ClusteredQuantile.ranks(of: 1, in: Array(repeating: block, count: 20)) == nil)
    #expect(ClusteredQuantile.ranks(of: 0, in: Array(repeating: block, count: 20)) == nil)
    #expect(ClusteredQuantile.ranks(of: 0.5, in: Array(repeating: block, count: 10)) != nil)
  }

  @Test("independent samples have their order statistics' interval, but for what few seconds are worth")
  func independent() throws {
    // P(40 ≤ Bin(100, 0.5) ≤ 60) = 96.5 %, and 39...61 as seldom as 97.9 %: between them is 95 % of more samples.
    let below = ClusteredQuantile.Block(samples: 1, below: 1)
    let above = ClusteredQuantile.Block(samples: 1, below: 0)
    let blocks: [ClusteredQuantile.Block] = Array(repeating: above, count: 50) + Array(repeating: below, count: 50)
    let alternating = (0..<100).map { $0.isMultiple(of: 2) ? above : below }
    let found = try #require(ClusteredQuantile.ranks(of: 0.5, in: alternating))
    #expect((38...40).contains(found.lowerBound) && (61...63).contains(found.upperBound))
    // The same as two halves tell little: what came together counts as one.
    let halves = try #require(ClusteredQuantile.ranks(of: 0.5, in: blocks))
    #expect(halves.lowerBound < 32 && halves.upperBound > 68)
  }

  @Test("what too few samples can't bound is open")
  func open() throws {
    let few = Array(repeating: ClusteredQuantile.Block(samples: 4, below: 4), count: 15)
    let found = try #require(ClusteredQuantile.ranks(of: 0.99, in: few))
    #expect(found.lowerBound > 0 && found.upperBound == 61)
    #expect(try #require(ClusteredQuantile.ranks(of: 0.01, in: few)).lowerBound == 0)
  }

  @Test("what befalls whole seconds makes a percentile less sure than as many samples by themselves")
  func correlation() throws {
    func width(_ count: Int, alike: Double) throws -> Double {
      let found = try #require(ranks(0.95, seconds(count, requests: 50, alike: alike, seed: 2)))
      return Double(found.upperBound - found.lowerBound) / Double(count)
    }
    #expect(try width(60, alike: 0.3) > width(60, alike: 0) * 1.5)
    #expect(try width(240, alike: 0.3) < width(60, alike: 0.3))
  }

  @Test("the true percentile is in the interval of about 95 of 100 runs")
  func coverage() throws {
    let held = try (UInt64(1)...200).count { seed in
      let drawn = seconds(30, requests: 30, alike: 0.3, seed: seed)
      let all = drawn.flatMap { $0 }.sorted()
      let found = try #require(ranks(0.95, drawn))
      return all[found.lowerBound - 1] <= 1.644_854
        && (found.upperBound > all.count || 1.644_854 <= all[found.upperBound - 1])
    }
    // Three deviations of 200 runs below 93 %; an interval from the number of samples alone holds 70 % of them.
    #expect(held >= 175)
    #expect(held < 200)
  }
}
