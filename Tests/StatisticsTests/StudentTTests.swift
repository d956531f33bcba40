import Foundation
import Testing

@testable import Statistics

@Suite struct StudentTTests {
  @Test(
    "quantiles are those of the tables",
    arguments: [
      (0.975, 1.0, 12.7062), (0.975, 2, 4.3027), (0.975, 13, 2.1604), (0.95, 5, 2.0150), (0.995, 30, 2.7500),
      (0.975, 1e7, 1.95996),
    ])
  func quantiles(probability: Double, degrees: Double, expected: Double) {
    #expect(abs(StudentT.quantile(probability, degrees: degrees) - expected) < 0.0001)
    #expect(abs(StudentT.quantile(1 - probability, degrees: degrees) + expected) < 0.0001)
  }

  @Test("the quantile undoes the distribution", arguments: [0.6, 0.9, 0.975, 0.999], [1.0, 4, 50])
  func inverse(probability: Double, degrees: Double) {
    let quantile = StudentT.quantile(probability, degrees: degrees)
    #expect(abs(StudentT.cumulative(quantile, degrees: degrees) - probability) < 1e-9)
  }

  @Test("one degree of freedom is Cauchy's", arguments: [-3.0, -0.5, 0, 1, 10])
  func cauchy(t: Double) {
    #expect(abs(StudentT.cumulative(t, degrees: 1) - (0.5 + atan(t) / .pi)) < 1e-10)
  }

  @Test("the incomplete beta function is a binomial tail", arguments: [0.1, 0.35, 0.8], [0, 2, 7, 9])
  func binomial(share: Double, most: Int) {
    // P(Binomial(10, p) ≤ k) by its sum.
    var sum = 0.0
    for k in 0...most {
      let ways = exp(lgamma(11) - lgamma(Double(k) + 1) - lgamma(11 - Double(k)))
      sum += ways * pow(share, Double(k)) * pow(1 - share, Double(10 - k))
    }
    let value = IncompleteBeta.regularized(1 - share, a: Double(10 - most), b: Double(most + 1))
    #expect(abs(value - sum) < 1e-10)
  }

  @Test("out of its domain it is not a number")
  func domain() {
    #expect(StudentT.quantile(1, degrees: 3).isNaN && StudentT.quantile(0.5, degrees: 3) == 0)
  }
}
