import Foundation

/// Figures of whole days, from which long-run means and shares are told with intervals.
///
/// Visits of one day hang together (an exam, a holiday), so from seven days on the days are the sample, not the visits.
/// Where working days and weekends both have at least two days, they are strata, weighted 5 : 2; otherwise all days are
/// one stratum. Fewer days tell nothing of how days differ: then what was counted has the exact bounds of a Poisson count.
package struct DayClusters: Sendable, Equatable {
  package var days: [Day]
  /// What one hit adds, where none was seen to tell by.
  package var unit: Double
  /// What one trial that was counted stands for: more than 1 where traffic is to grow.
  package var trialWeight: Double

  package init(_ days: [Day], unit: Double = 1, trialWeight: Double = 1) {
    self.days = days
    self.unit = unit
    self.trialWeight = trialWeight
  }

  package struct Day: Sendable, Equatable {
    /// What is counted, such as affected visits.
    package var hits: Double
    /// Out of how many.
    package var trials: Double
    package var isWeekend: Bool
    /// The sum of the squares of what was added to `hits`: the hits themselves where each counts one, less where each
    /// counts by a probability.
    package var squares: Double
    /// How much of the day was seen, above 0, at most 1: hits and trials are of that part.
    package var length: Double

    package init(hits: Double, trials: Double, isWeekend: Bool, squares: Double? = nil, length: Double = 1) {
      self.hits = hits
      self.trials = trials
      self.isWeekend = isWeekend
      self.squares = squares ?? hits
      self.length = length
    }
  }

  /// A part of the week with its weight in the long run.
  private struct Stratum {
    var days: [Day]
    var weight: Double
  }

  private var strata: [Stratum] {
    let weekend = days.filter(\.isWeekend)
    let working = days.filter { !$0.isWeekend }
    guard weekend.count >= 2, working.count >= 2 else { return [Stratum(days: days, weight: 1)] }
    return [Stratum(days: working, weight: 5.0 / 7), Stratum(days: weekend, weight: 2.0 / 7)]
  }

  /// So many days and more are a sample of days.
  package static let fewestDays = 7
  /// How much busier than a part of a day the rest of it may be.
  private static let busiestHours = 3.0

  /// Mean hits a day in the long run, where hits are counts.
  ///
  /// From seven days on a stratified mean, Student's t on the days: the variance of a day is at least that of a
  /// (compound) Poisson count, so that equal days do not look certain, and at least that of two hits in all. Of fewer days,
  /// and where they are wider of fewer than thirty hits, the exact bounds of a Poisson count. Of less than a day nothing tells what its other hours are like: the lower bound is that of
  /// nothing more coming, the upper one that of hours three times as busy.
  /// - Parameter confidence: two-sided.
  package func meanHits(confidence: Double = 0.95) -> Estimate {
    mean(confidence: confidence, of: { $0.hits }, squares: { $0.squares }, unit: unit)
  }

  /// As `meanHits`, of the trials.
  package func meanTrials(confidence: Double = 0.95) -> Estimate {
    mean(confidence: confidence, of: { $0.trials }, squares: { $0.trials * trialWeight }, unit: trialWeight)
  }

  /// The mean a day of hits that are an amount, such as hours: Student's t on the days. One day alone tells no variance:
  /// then the interval is a third to three times the amount, and three units.
  package func meanAmount(confidence: Double = 0.95) -> Estimate {
    guard days.count >= 2 else {
      let only = days.first.map { $0.hits / $0.length } ?? 0
      return Estimate(only, only / 3, 3 * only + 3 * unit)
    }
    return sampled(confidence: confidence, of: { $0.hits / $0.length }, squares: { $0.squares }, unit: unit)
  }

  private func mean(
    confidence: Double, of value: (Day) -> Double, squares: (Day) -> Double, unit: Double
  ) -> Estimate {
    let seen = days.reduce(0) { $0 + $1.length }
    guard seen > 0 else { return Estimate(0, 0, .infinity) }
    let sum = days.reduce(0) { $0 + value($1) }
    let bounds = PoissonBounds.weighted(
      sum: sum, squares: days.reduce(0) { $0 + squares($1) }, most: max(unit, 1e-9), confidence: confidence)
    let upper = bounds.upperBound / seen * (seen < 1 ? Self.busiestHours : 1)
    let exact = Estimate(sum / seen, bounds.lowerBound / max(1, seen), upper)
    guard days.count >= Self.fewestDays else { return exact }
    let sampled = sampled(confidence: confidence, of: { value($0) / $0.length }, squares: squares, unit: unit)
    // Of a few events the days show less than chance would have them differ.
    guard sum < Proportion.fewestTrials * unit else { return sampled }
    return Estimate(sampled.value, min(sampled.lower, exact.lower), max(sampled.upper, exact.upper))
  }

  private func sampled(
    confidence: Double, of value: (Day) -> Double, squares: (Day) -> Double, unit: Double
  ) -> Estimate {
    guard days.count >= 2 else {
      let only = days.first.map(value) ?? 0
      return Estimate(only, only / 3, 3 * only + 3 * unit)
    }
    let least = 2 * unit * unit / Double(days.count)
    let parts = strata.map { stratum in
      let moments = Self.moments(stratum.days.map(value))
      let poisson = Self.moments(stratum.days.map(squares)).mean
      return (stratum, (mean: moments.mean, variance: max(moments.variance, poisson, least)))
    }
    return interval(parts, confidence: confidence)
  }

  private typealias Moments = (mean: Double, variance: Double)

  private static func moments(_ values: [Double]) -> Moments {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, values.count > 1 ? squares / Double(values.count - 1) : 0)
  }

  /// Satterthwaite's degrees of freedom for unequal strata; a mean that is negative is one of differences, and has no
  /// bound at nothing.
  private func interval(_ parts: [(Stratum, Moments)], confidence: Double) -> Estimate {
    var mean = 0.0
    var variance = 0.0
    var denominator = 0.0
    for (stratum, moments) in parts {
      let count = Double(stratum.days.count)
      let part = stratum.weight * stratum.weight * moments.variance / count
      mean += stratum.weight * moments.mean
      variance += part
      denominator += part * part / (count - 1)
    }
    let degrees = denominator > 0 ? max(1, variance * variance / denominator) : Double(max(1, days.count - parts.count))
    let half = StudentT.quantile(0.5 + confidence / 2, degrees: degrees) * variance.squareRoot()
    return Estimate(mean, mean - half, mean + half)
  }

  /// The long-run share hits / trials, 0...1.
  ///
  /// A ratio estimator with the days as clusters gives the design effect; Wilson's interval on the effective number of
  /// trials, corrected for the few days by Student's t, gives the bounds, which stay in 0...1 and are wide where
  /// nothing was hit. Below thirty trials Clopper's and Pearson's exact bounds.
  /// - Source: E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998) 193–201; Wilson as in `Proportion`.
  package func share(confidence: Double = 0.95) -> Estimate {
    // Where a hit adds at most `unit`, the share is at most `unit`: what is estimated is its part of that.
    let most = min(1, max(unit, 1e-9))
    let trials = days.reduce(0) { $0 + $1.trials }
    let hits = days.reduce(0) { $0 + $1.hits } / most
    guard trials > 0 else { return Estimate(0, 0, most) }
    let share = min(1, hits / trials)
    let counted = trials / trialWeight
    guard counted >= Proportion.fewestTrials else {
      let bounds = Proportion.clopperPearson(hits: share * counted, trials: counted, confidence: confidence)
      return Estimate(most * share, most * bounds.lowerBound, most * bounds.upperBound)
    }
    let z = StudentT.quantile(0.5 + confidence / 2, degrees: 1e7)
    let count = Double(days.count)
    var effect = 1.0
    if days.count >= 2, share > 0, share < 1 {
      let residuals = days.reduce(0) { sum, day in
        let residual = day.hits / most - share * day.trials
        return sum + residual * residual
      }
      let variance = count / (count - 1) * residuals / (trials * trials)
      effect = max(1, variance / (share * (1 - share) / trials))
    }
    let few = days.count >= 2 ? StudentT.quantile(0.5 + confidence / 2, degrees: count - 1) / z : 6.5
    let bounds = Proportion.wilson(share, trials: max(0.5, trials / effect / (few * few)), z: z)
    return Estimate(
      most * share, most * min(share, bounds.lowerBound), most * max(share, bounds.upperBound))
  }
}
