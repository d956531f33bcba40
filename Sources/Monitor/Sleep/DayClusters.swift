package import Evidence
import Foundation
import Statistics

/// A share whose trials come in days that differ from each other.
package enum DayClusters {
  /// The long-run share of `hits` in `trials`, with a 95 % interval: by the spread between days (a ratio estimator with
  /// Student's t) from five days up, never narrower than Wilson's for independent trials; Wilson's alone below.
  ///
  /// - Source: Cochran, Sampling Techniques, 3rd ed. 1977, §6.3 (ratio estimates) and §3.12 (clusters).
  package static func share(_ days: [(hits: Int, trials: Int)]) -> Estimate? {
    let days = days.filter { $0.trials > 0 }
    let hits = days.reduce(0) { $0 + $1.hits }
    let trials = days.reduce(0) { $0 + $1.trials }
    let total = Proportion(hits: hits, trials: trials)
    guard let value = total.value else { return nil }
    let wilson = total.wilson()
    guard days.count >= 5 else {
      return Estimate(value, lower: wilson.lowerBound, upper: wilson.upperBound, basis: .counted)
    }
    let count = Double(days.count)
    let mean = Double(trials) / count
    let squares = days.reduce(0.0) { sum, day in
      let residual = Double(day.hits) - value * Double(day.trials)
      return sum + residual * residual
    }
    let half = StudentT.quantile975(days.count - 1) * (squares / (count - 1) / count).squareRoot() / mean
    return Estimate(
      value, lower: max(0, min(wilson.lowerBound, value - half)), upper: min(1, max(wilson.upperBound, value + half)),
      basis: .counted)
  }

  /// The mean of a figure by day, with a 95 % interval by Student's t; an interval of 0 to `limit` below two days.
  package static func mean(_ values: [Double], limit: Double, basis: Estimate.Basis) -> Estimate? {
    guard !values.isEmpty else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard values.count >= 2 else { return Estimate(mean, lower: 0, upper: max(limit, mean), basis: basis) }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let half = StudentT.quantile975(values.count - 1) * (variance / count).squareRoot()
    return Estimate(
      mean, lower: max(0, mean - half), upper: max(mean, min(limit, mean + half)), basis: basis)
  }
}

/// Student's t, as far as intervals need it.
enum StudentT {
  /// Two-sided 95 %. Source: the tables of any statistics book; from 31 degrees on by Cornish and Fisher's expansion.
  static func quantile975(_ degrees: Int) -> Double {
    let table = [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
      2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ]
    guard degrees >= 1 else { return .infinity }
    if degrees <= table.count { return table[degrees - 1] }
    let z = 1.959_964
    let n = Double(degrees)
    return z + (z * z * z + z) / (4 * n) + (5 * pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * n * n)
  }
}
