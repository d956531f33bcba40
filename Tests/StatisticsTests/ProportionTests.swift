import Testing

@testable import Statistics

@Suite struct ProportionTests {
  @Test(
    "Wilson's interval has the published values",
    arguments: [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 29, 0.0061, 0.1718)])
  func wilson(hits: Int, trials: Int, lower: Double, upper: Double) {
    let interval = Proportion(hits: hits, trials: trials).wilson()
    #expect(abs(interval.lowerBound - lower) < 0.0001 && abs(interval.upperBound - upper) < 0.0001, "\(interval)")
  }

  @Test("without trials nothing is known")
  func nothing() {
    #expect(Proportion(hits: 0, trials: 0).value == nil)
    #expect(Proportion(hits: 0, trials: 0).wilson() == 0...1)
  }
}
