import Foundation

/// Student's distribution, for intervals from few clusters.
package enum StudentT {
  /// P(T ≤ t) with `degrees` of freedom.
  /// - Source: Abramowitz and Stegun 26.7.1, by the incomplete beta function 26.5.27.
  package static func cumulative(_ t: Double, degrees: Double) -> Double {
    guard degrees > 0 else { return .nan }
    let x = degrees / (degrees + t * t)
    let tail = 0.5 * IncompleteBeta.regularized(x, a: degrees / 2, b: 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// The value that T exceeds with probability 1 − `probability`; 0 < `probability` < 1.
  package static func quantile(_ probability: Double, degrees: Double) -> Double {
    guard probability > 0, probability < 1, degrees > 0 else { return .nan }
    guard probability != 0.5 else { return 0 }
    guard probability > 0.5 else { return -quantile(1 - probability, degrees: degrees) }
    // Above 0 the distribution is concave, so Newton's steps from there stay below the root and need no bracket.
    var t = 0.0
    for _ in 0..<200 {
      let step = (probability - cumulative(t, degrees: degrees)) / density(t, degrees: degrees)
      guard step > 1e-12 * max(1, t), t < 1e12 else { break }
      t += step
    }
    return t
  }

  /// - Source: Abramowitz and Stegun 26.7.
  private static func density(_ t: Double, degrees: Double) -> Double {
    let norm = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2)) / (degrees * .pi).squareRoot()
    return norm * exp(-(degrees + 1) / 2 * log1p(t * t / degrees))
  }
}

/// The regularized incomplete beta function.
package enum IncompleteBeta {
  /// I_x(a, b) for 0 ≤ x ≤ 1.
  /// - Source: continued fraction, Abramowitz and Stegun 26.5.8, evaluated by Lentz's method.
  package static func regularized(_ x: Double, a: Double, b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    guard x < (a + 1) / (a + b + 2) else { return 1 - front * fraction(1 - x, a: b, b: a) / b }
    return front * fraction(x, a: a, b: b) / a
  }

  /// The x at which `regularized` is `probability`; both of the shapes above 0.
  package static func quantile(_ probability: Double, a: Double, b: Double) -> Double {
    var low = 0.0
    var high = 1.0
    for _ in 0..<100 where high - low > 1e-13 {
      let middle = (low + high) / 2
      if regularized(middle, a: a, b: b) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  private static func fraction(_ x: Double, a: Double, b: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var result = d
    func take(_ term: Double) {
      d = 1 + term * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + term / c
      if abs(c) < tiny { c = tiny }
      result *= c * d
    }
    for step in 1...500 {
      let m = Double(step)
      take(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)))
      take(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)))
      if abs(c * d - 1) < 1e-14 { break }
    }
    return result
  }
}
