import Statistics
import TestSupport
import Testing

@testable import Histograms

@Suite struct HistogramTests {
  /// Latencies over nine orders of magnitude.
  private func samples(seed: UInt64, count: Int) -> [UInt64] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let magnitude = Int.random(in: 0...41, using: &generator)
      return min(HistogramLayout.highestTrackable, UInt64.random(in: 0...(1 << magnitude), using: &generator))
    }
  }

  @Test(
    "percentiles lie within 0.1 % above the exact sample of that rank",
    arguments: LongTests.cases((1...20).map(UInt64.init), first: 8))
  func percentileError(seed: UInt64) throws {
    let samples = samples(seed: seed, count: Int(seed) * 97)
    var histogram = Histogram()
    for sample in samples { histogram.record(sample) }
    let sorted = samples.sorted()
    for permille in stride(from: 0, through: 1_000, by: 1) {
      let rank = max(1, (sorted.count * permille + 999) / 1_000)
      let exact = Double(sorted[rank - 1])
      let value = try #require(histogram.value(at: Double(permille) / 1_000))
      #expect(value >= exact && value <= exact * 1.001, "quantile \(permille) ‰ of \(sorted.count)")
    }
    #expect(histogram.value(at: 1) == Double(sorted[sorted.count - 1]))
    #expect(histogram.minimum == sorted[0])
  }

  @Test("merging is recording everything", arguments: 1...10 as ClosedRange<UInt64>)
  func merge(seed: UInt64) {
    let (first, second) = (samples(seed: seed, count: 500), samples(seed: seed + 100, count: 300))
    var (left, right, all) = (Histogram(), Histogram(), Histogram())
    for sample in first { left.record(sample) }
    for sample in second { right.record(sample) }
    for sample in first + second { all.record(sample) }
    left.recordUnanswered(times: seed)
    all.recordUnanswered(times: seed)
    right.record(HistogramLayout.highestTrackable + 1)
    all.record(HistogramLayout.highestTrackable + 1)
    left.merge(right)
    #expect(left.entries == all.entries)
    #expect(left.count == all.count && left.unanswered == seed && left.beyondRange == 1)
    #expect(left.minimum == all.minimum && left.maximum == all.maximum)
    #expect(abs(left.sum - all.sum) <= all.sum * 1e-12)
  }

  @Test("a recorder read out is the histogram of the same samples, also after a reset")
  func recorder() {
    var recorder = HistogramRecorder()
    for sample in samples(seed: 9, count: 200) { recorder.record(sample) }
    recorder.reset()
    var expected = Histogram()
    for sample in samples(seed: 3, count: 800) + [0, HistogramLayout.highestTrackable] {
      recorder.record(sample)
      expected.record(sample)
    }
    recorder.record(HistogramLayout.highestTrackable + 1)
    expected.record(HistogramLayout.highestTrackable + 1)
    recorder.recordUnanswered()
    expected.recordUnanswered()
    var histogram = Histogram()
    histogram.merge(recorder)
    #expect(histogram == expected)
  }

  @Test("slots abut, and hold their own bounds, around every power of two and at the ends of the range")
  func layout() {
    let powers: [UInt64] = (0...41).flatMap { (shift: UInt64) -> [UInt64] in
      [(1 << shift) - 1, 1 << shift, (1 << shift) + 1]
    }
    for value in powers + [0, HistogramLayout.highestTrackable - 1, HistogramLayout.highestTrackable] {
      let index = HistogramLayout.index(of: value)
      let (lowest, highest) = (HistogramLayout.lowestValue(at: index), HistogramLayout.highestValue(at: index))
      #expect(index < HistogramLayout.countsLength)
      #expect(lowest <= value && value <= highest)
      #expect(HistogramLayout.index(of: lowest) == index && HistogramLayout.index(of: highest) == index)
      #expect(HistogramLayout.index(of: highest + 1) == index + 1)
      #expect(highest - lowest <= lowest / 1_000)
    }
  }

  @Test("a rank is exact where the share times the count is a whole number", arguments: 1...100)
  func exactRanks(percent: Int) {
    var histogram = Histogram()
    for value in 1...100 { histogram.record(UInt64(value)) }
    #expect(histogram.value(at: Double(percent) / 100) == Double(percent))
  }

  @Test("unanswered attempts and samples beyond the range rank above every value")
  func infinity() {
    var histogram = Histogram()
    for _ in 0..<95 { histogram.record(1_000) }
    histogram.recordUnanswered(times: 3)
    histogram.record(.max, times: 2)
    #expect(histogram.value(at: 0.95) == 1_000)
    #expect(histogram.value(at: 0.951) == .infinity)
    #expect(histogram.value(at: 1) == .infinity)
    #expect(histogram.mean == 1_000)
    var none = Histogram()
    none.recordUnanswered()
    #expect(none.value(at: 0) == .infinity && none.mean == nil)
  }

  @Test("odd quantiles and empty histograms give no trap", arguments: [-1, 0, 0.5, 1, 2, .infinity, .nan] as [Double])
  func oddQuantiles(quantile: Double) {
    #expect(Histogram().value(at: quantile) == nil)
    var histogram = Histogram()
    histogram.record(7)
    #expect(histogram.value(at: quantile) == (quantile.isNaN ? nil : 7))
  }

  @Test("recording nought times changes nothing")
  func noTimes() {
    var histogram = Histogram()
    histogram.record(5, times: 0)
    #expect(histogram == Histogram())
  }

  @Test("samples at or below a value are counted by slot")
  func countAtOrBelow() {
    var histogram = Histogram()
    for value: UInt64 in [0, 10, 10, 2_000, 1_000_000] { histogram.record(value) }
    #expect([0, 9, 10, 1_999, 2_000, .max].map { histogram.count(atOrBelow: $0) } == [1, 1, 3, 3, 4, 5])
    #expect(Histogram().count(atOrBelow: 5) == 0)
  }
}
