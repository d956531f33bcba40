import Histograms
import Statistics

/// One time second by second, as little of it as says how sure a percentile is: of more than `limit` seconds neighbours
/// are put together, so that it doesn't grow with the run.
struct SecondBlocks: Sendable {
  static let limit = 600

  private var blocks: [CountedBlock] = []
  private var all = Histogram()
  /// Seconds that a block is to be of, and those that the last one has.
  private var width = 1
  private var filled = 0

  var count: Int { blocks.count }

  mutating func add(_ second: Histogram) { add(Histogram.Counts(second)) }

  /// - Parameter second: what ended in it. Those before the first sample are not the run's.
  mutating func add(_ second: Histogram.Counts) {
    guard !blocks.isEmpty || !second.entries.isEmpty || second.unvalued > 0 else { return }
    all.add(second)
    let block = CountedBlock(second.entries.lazy.map { (key: $0.slot, count: $0.count) }, beyond: second.unvalued)
    if filled < width, let last = blocks.indices.last {
      blocks[last].merge(block)
      filled += 1
    } else {
      blocks.append(block)
      filled = 1
    }
    if blocks.count > Self.limit { halve() }
  }

  private mutating func halve() {
    // The last one is alone, as the limit is even, and what follows is put to it.
    blocks = stride(from: 0, to: blocks.count, by: 2).map { index in
      var block = blocks[index]
      if index + 1 < blocks.count { block.merge(blocks[index + 1]) }
      return block
    }
    width *= 2
  }

  /// What holds a percentile of the long run in 95 of 100 runs, as the histograms have it: 0 where it may be below all that was seen, and
  /// infinite where it may be above; nil for fewer seconds than say it.
  func interval(of quantile: Double) -> BudgetVerdict.Interval? {
    let last = blocks.lastIndex { $0.count > 0 } ?? -1
    // As `Histogram.value(at:)` takes it.
    let rank = max(1, UInt64((Double(all.count) * min(max(quantile, 0), 1).nextDown).rounded(.up)))
    let slot = all.slot(atRank: rank) ?? .max
    guard
      let ranks = ClusteredQuantile.ranks(
        of: quantile,
        in: blocks.prefix(last + 1).map { .init(samples: $0.count, below: $0.count(atOrBelow: slot)) })
    else { return nil }
    let lower = ranks.lowerBound > 0 ? all.slot(atRank: UInt64(ranks.lowerBound)) : .min
    return BudgetVerdict.Interval(
      lower: lower.map { $0 == .min ? 0 : Double(HistogramLayout.lowestValue(at: $0)) } ?? .infinity,
      upper: all.slot(atRank: UInt64(ranks.upperBound)).map {
        Double(min(HistogramLayout.highestValue(at: $0), HistogramLayout.highestTrackable))
      } ?? .infinity)
  }
}
