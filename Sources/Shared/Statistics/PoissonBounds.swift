import Foundation

/// Exact bounds of what was expected where events were counted.
package enum PoissonBounds {
  /// Bounds of the expected sum of weighted events: Garwood's exact ones where each weighs 1.
  /// - Parameters:
  ///   - sum: of the weights of the events that came.
  ///   - squares: of those weights.
  ///   - most: what one further event may weigh, above 0.
  ///   - confidence: two-sided.
  /// - Source: F. Garwood, Biometrika 28 (1936) 437–442; M. P. Fay, E. J. Feuer, Statistics in Medicine 16 (1997)
  ///   791–801.
  package static func weighted(
    sum: Double, squares: Double, most: Double, confidence: Double = 0.95
  ) -> ClosedRange<Double> {
    let tail = (1 - confidence) / 2
    let lower =
      sum > 0 && squares > 0 ? squares / sum * Gamma.quantile(tail, shape: sum * sum / squares) : 0
    let above = (sum: sum + most, squares: squares + most * most)
    let upper = above.squares / above.sum * Gamma.quantile(1 - tail, shape: above.sum * above.sum / above.squares)
    return min(lower, sum)...max(upper, sum)
  }
}

/// The gamma distribution of scale 1.
package enum Gamma {
  /// P(X ≤ x); `shape` > 0.
  /// - Source: Abramowitz and Stegun 6.5.29 and the continued fraction 6.5.31, evaluated by Lentz's method.
  package static func cumulative(_ x: Double, shape a: Double) -> Double {
    guard x > 0 else { return 0 }
    let front = exp(a * log(x) - x - lgamma(a))
    guard x >= a + 1 else {
      var term = 1 / a
      var sum = term
      var n = a
      while term > sum * 1e-15 {
        n += 1
        term *= x / n
        sum += term
      }
      return min(1, front * sum)
    }
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    for step in 1...10_000 {
      let an = -Double(step) * (Double(step) - a)
      b += 2
      d = an * d + b
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = b + an / c
      if abs(c) < tiny { c = tiny }
      fraction *= c * d
      if abs(c * d - 1) < 1e-14 { break }
    }
    return max(0, 1 - front * fraction)
  }

  /// The value that X exceeds with probability 1 − `probability`; 0 < `probability` < 1, `shape` > 0.
  package static func quantile(_ probability: Double, shape: Double) -> Double {
    guard probability > 0, probability < 1, shape > 0 else { return .nan }
    var low = 0.0
    var high = shape + 1
    while cumulative(high, shape: shape) < probability { high *= 2 }
    // Halving down to the last digits: the distribution is monotone, and nothing else is asked of it.
    for _ in 0..<200 where high - low > 1e-13 * high {
      let middle = (low + high) / 2
      if cumulative(middle, shape: shape) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
