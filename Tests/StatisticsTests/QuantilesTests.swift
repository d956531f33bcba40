import Foundation
import Testing

@testable import Statistics

@Suite struct QuantilesTests {
  @Test("a quantile is the smallest value with that share at or below it")
  func values() {
    let quantiles = Quantiles((1...10).map(Double.init))
    #expect(quantiles.value(0.5) == 5 && quantiles.value(0.51) == 6 && quantiles.value(1) == 10)
    #expect(quantiles.value(0) == 1 && Quantiles([]).value(0.5) == nil && Quantiles([]).interval(0.5) == nil)
  }

  @Test("the interval for a median of 10 has the published ranks 2 and 9")
  func ranks() {
    #expect(Quantiles((1...10).map(Double.init)).interval(0.5) == 2...9)
  }

  @Test("a 95 % interval covers the long-run quantile at least that often", arguments: [0.5, 0.9])
  func coverage(share: Double) {
    var generator = SeededGenerator(seed: 11)
    var covered = 0
    for _ in 0..<2_000 {
      let sample = (0..<60).map { _ in -log(1 - generator.unit()) }
      if Quantiles(sample).interval(share)?.contains(-log(1 - share)) == true { covered += 1 }
    }
    #expect((0.94...0.995).contains(Double(covered) / 2_000), "\(covered)")
  }
}
