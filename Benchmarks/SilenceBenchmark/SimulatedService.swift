import Foundation
package import Statistics

/// How long a service takes to answer, and what befalls it.
package struct SimulatedService: Sendable {
  /// Seconds.
  package var median: Double
  package var tail: Tail
  /// Answers nothing from the first to the second time; then all that waited.
  package var stall: ClosedRange<Double>?

  package init(median: Double, tail: Tail, stall: ClosedRange<Double>? = nil) {
    self.median = median
    self.tail = tail
    self.stall = stall
  }

  package enum Tail: Sendable, Equatable, CustomStringConvertible {
    case constant
    /// Standard deviation of the logarithm.
    case logNormal(Double)
    /// The exponent; above 2 the variance is finite.
    case pareto(Double)

    package var description: String {
      switch self {
      case .constant: "constant"
      case .logNormal(let deviation): "log-normal \(deviation)"
      case .pareto(let exponent): "Pareto \(exponent)"
      }
    }
  }

  /// When a request that begins at `time` is answered.
  package func end(of time: Double, _ generator: inout SeededGenerator) -> Double {
    let ended = time + draw(&generator)
    guard let stall, ended > stall.lowerBound, time < stall.upperBound else { return ended }
    return max(ended, stall.upperBound)
  }

  private func draw(_ generator: inout SeededGenerator) -> Double {
    switch tail {
    case .constant: return median
    case .logNormal(let deviation):
      // Box and Muller.
      let radius = (-2 * log(1 - generator.unit())).squareRoot()
      return median * exp(deviation * radius * cos(2 * .pi * generator.unit()))
    case .pareto(let exponent):
      return median * pow(2 * (1 - generator.unit()), -1 / exponent)
    }
  }
}
