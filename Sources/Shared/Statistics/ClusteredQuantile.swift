import Foundation

/// How sure a quantile is whose samples came block by block: those of one second share what befell it, so that their number
/// alone would make it look surer than it is.
///
/// How much the share of samples at or below the quantile varies between runs of neighbouring blocks says as how many
/// independent samples they count; few runs count as fewer, by as much as Student's distribution is wider. That number's
/// order statistics bound the quantile, and where it is too small for a bound there is none.
///
/// - Source: R. S. Woodruff, JASA 47 (1952) 635–646, for the interval by the share below; E. L. Korn and B. I. Graubard,
///   Survey Methodology 24 (1998) 193–201, for the effective number of samples; H. A. David and H. N. Nagaraja, "Order
///   Statistics", 3rd ed., §7.1, for the ranks.
package enum ClusteredQuantile {
  /// Fewer say nothing.
  package static let fewestBlocks = 10
  package static let confidence = 0.95
  /// Of no more it is asked how sure they are: the interval is narrow by then, and errs towards the wider.
  private static let mostSamples = 100_000.0

  package struct Block: Sendable {
    package var samples: Int
    /// Of them, those at or below the quantile of all blocks' samples together.
    package var below: Int

    package init(samples: Int, below: Int) {
      self.samples = samples
      self.below = below
    }
  }

  /// The ranks, from 1, of the samples that the quantile of the long run lies between: 0 where it may lie below all of
  /// them, and one more than there are where it may lie above.
  /// - Parameter blocks: in the order of time.
  /// - Returns: nil for fewer than `fewestBlocks`, for no samples, and for the lowest and the highest value.
  package static func ranks(of quantile: Double, in blocks: [Block]) -> ClosedRange<Int>? {
    let samples = blocks.reduce(0) { $0 + $1.samples }
    guard blocks.count >= fewestBlocks, samples > 0, quantile > 0, quantile < 1 else { return nil }
    let independent = min(effectiveNumber(blocks, quantile), mostSamples)
    let shares = orderStatistics(of: quantile, among: independent)
    let lower = shares.lower.map { Int((Double(samples) * $0).rounded(.down)) } ?? 0
    let upper = shares.upper.map { Int((Double(samples) * $0).rounded(.up)) } ?? samples + 1
    return lower...max(lower, upper)
  }

  private static func effectiveNumber(_ blocks: [Block], _ quantile: Double) -> Double {
    let count = Double(blocks.count)
    let samples = Double(blocks.reduce(0) { $0 + $1.samples })
    let share = Double(blocks.reduce(0) { $0 + $1.below }) / samples
    let residuals = blocks.map { Double($0.below) - share * Double($0.samples) }
    let length = max(1, Int(pow(count, 1 / 3).rounded()))
    let runs = residuals.indices.map { start in
      (0..<length).reduce(0) { $0 + residuals[(start + $1) % residuals.count] }
    }
    func squares(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
    let variance =
      max(squares(residuals), squares(runs) / Double(length)) * count / (count - 1) / (samples * samples)
    let number = variance > 0 ? min(samples, quantile * (1 - quantile) / variance) : samples
    let few = normalReach / StudentT.quantile((1 + confidence) / 2, degrees: count / Double(length) - 1)
    return number * few * few
  }

  /// What the normal distribution has for `confidence`.
  private static let normalReach = 1.959963985

  /// The shares of so many independent samples, which may be a broken number, up to the order statistics that the quantile
  /// lies between; nil where even the outermost leaves more than half of the doubt beyond it.
  private static func orderStatistics(
    of quantile: Double, among number: Double
  ) -> (lower: Double?, upper: Double?) {
    let doubt = (1 - confidence) / 2
    /// How probably at least `rank` of the samples are at or below the quantile.
    func reaching(_ rank: Double) -> Double {
      IncompleteBeta.regularized(quantile, a: rank, b: number - rank + 1)
    }
    /// Where `isBeyond`, which is false at first, becomes true.
    func turn(_ low: Double, _ high: Double, _ isBeyond: (Double) -> Bool) -> Double {
      var (low, high) = (low, high)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if isBeyond(middle) { high = middle } else { low = middle }
      }
      return high
    }
    let upper = pow(quantile, number) > doubt ? nil : turn(number * quantile, number) { reaching($0) <= doubt }
    let lower = pow(1 - quantile, number) > doubt ? nil : turn(0, number * quantile) { reaching($0) < 1 - doubt }
    return (lower.map { $0 / number }, upper.map { $0 / number })
  }
}
