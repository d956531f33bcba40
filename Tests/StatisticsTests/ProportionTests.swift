import Testing

@testable import Statistics

@Suite struct ProportionTests {
  @Test(
    "Wilson's interval has the published values",
    arguments: [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 29, 0.0061, 0.1718)])
  func wilson(hits: Double, trials: Double, lower: Double, upper: Double) {
    let interval = Proportion.wilson(hits / trials, trials: trials, z: 1.959_964)
    #expect(abs(interval.lowerBound - lower) < 0.0001 && abs(interval.upperBound - upper) < 0.0001, "\(interval)")
  }

  @Test("without trials nothing is known")
  func nothing() {
    #expect(Proportion.clopperPearson(hits: 0, trials: 0) == 0...1)
  }
}
