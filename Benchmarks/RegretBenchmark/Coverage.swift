import Foundation
import Plans
import ProvisionDecision
import Statistics

/// Whether the bounds of what a sleeping plan costs hold what it did cost, dollars a month.
///
/// The bounds are of the long run, what was seen is one year's: even true bounds without any width would miss it by the
/// year's own chance (`YearsChance`). What is seen is covered when it is no farther from the value than the root of the
/// sum of squares of the bound's distance and of that chance's, both at 95 %: for two errors that are apart that is their
/// common interval, and it is narrower than the bounds widened by the chance.
///
/// A plan that never sleeps costs its price, so it is left out. Two shares beside it show that the check can fail and that
/// it is fair: `isWithinChance`, what the values would reach if their bounds had no width, and `isTrueWithinChance`, what
/// the long run's true value does, which is to be 95 %.
struct Coverage {
  var value: Double
  var lower: Double
  var upper: Double
  var seen: Double
  /// What the law that the owner was drawn by comes to in the long run.
  var truth: Double
  /// How far a year may be below and above the long run by chance.
  var chance: (below: Double, above: Double)

  var isCovered: Bool { holds(value, below: value - lower, above: upper - value) }
  var isWithinChance: Bool { holds(value, below: 0, above: 0) }
  var isTrueWithinChance: Bool {
    // The mean of two years has half of a year's variance itself.
    let part = 0.5.squareRoot()
    return holds(truth, below: chance.below * part, above: chance.above * part)
  }
  var isBelow: Bool { !isCovered && seen < value }

  private func holds(_ value: Double, below: Double, above: Double) -> Bool {
    let bound = seen < value ? (below, chance.below) : (above, chance.above)
    // Half a cent of rounding.
    return abs(seen - value) <= (bound.0 * bound.0 + bound.1 * bound.1).squareRoot() + 0.005
  }
}

extension Hindsight {
  /// Nil where the candidate never sleeps or its visits are not known.
  mutating func coverage(_ answer: Answer, _ generator: inout SeededGenerator) -> Coverage? {
    guard let deployment = answer.deployment, let cost = answer.cost, catalogue.web(deployment.web)?.sleep != nil else {
      return nil
    }
    let seen = self.cost(of: deployment).dollars / 12
    let chance = YearsChance(owner, deployment.keepAwake, &generator)
    let unit = owner.valuePerColdVisit / 12
    return Coverage(
      value: cost.value, lower: cost.lower, upper: cost.upper, seen: seen,
      truth: seen + (chance.mean - weight(sleep(deployment.keepAwake))) * unit,
      chance: (chance.below * unit, chance.above * unit))
  }
}
