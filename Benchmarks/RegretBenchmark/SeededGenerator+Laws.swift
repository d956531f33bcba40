import Foundation
import Statistics

/// The laws that owners are drawn by.
extension SeededGenerator {
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  /// Evenly by order of magnitude.
  mutating func logUniform(_ low: Double, _ high: Double) -> Double { exp(uniform(log(low), log(high))) }

  mutating func chance(_ share: Double) -> Bool { unit() < share }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[min(elements.count - 1, Int(unit() * Double(elements.count)))]
  }

  mutating func exponential(mean: Double) -> Double { -mean * log(1 - unit()) }

  /// By the sum of twelve uniforms, which is near enough.
  mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + unit() } }

  /// By Knuth's product of uniforms; `mean` is small.
  mutating func poisson(_ mean: Double) -> Int {
    let least = exp(-mean)
    var count = 0
    var product = unit()
    while product > least {
      count += 1
      product *= unit()
    }
    return count
  }

  /// Lengths of which a few make up most: P(X > x) = (least / x)^shape, with the mean given; `shape` above 1.
  mutating func pareto(shape: Double, mean: Double) -> Double {
    mean * (shape - 1) / shape * pow(1 - unit(), -1 / shape)
  }

  /// Each arrival of a Poisson process in 0..<1.
  mutating func arrivals(perUnit rate: Double, _ body: (Double, inout SeededGenerator) -> Void) {
    guard rate > 0 else { return }
    var at = exponential(mean: 1 / rate)
    while at < 1 {
      body(at, &self)
      at += exponential(mean: 1 / rate)
    }
  }
}
