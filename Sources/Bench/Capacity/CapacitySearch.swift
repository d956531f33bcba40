/// Looks for the highest rate that holds: short trials multiply the rate until it breaks, long ones halve what is left
/// between on a logarithmic scale, until the highest rate that held and the lowest that did not are within the resolution. Pure.
///
/// Only long trials judge: a short one says where to look. Of users, who come whole, the same: by numbers.
package struct CapacitySearch: Sendable {
  package enum Outcome: Sendable, Equatable {
    case held, broke
    /// The generator could not offer the rate: nothing can be said from here up.
    case notOffered
  }

  package struct Trial: Sendable, Equatable {
    /// Requests or arrivals a second, or a number of users.
    package var rate: Double
    /// Its outcome counts.
    package var isLong: Bool
  }

  /// Below this a service is said to hold nothing; of users below one.
  package static let lowestRate = 0.5

  private let isWhole: Bool
  private let lowest: Double
  private let highest: Double
  private let growth: Double
  private let resolution: Double
  /// Where short trials say that the answer lies.
  private var lowerHint: Double?
  private var upperHint: Double?
  private var longTrials = 0
  /// What to try now; nil when the search is over.
  package private(set) var trial: Trial?
  /// The highest rate that held in a long trial.
  package private(set) var lower: Double?
  /// The lowest rate above it that did not.
  package private(set) var upper: Double?
  /// Rates from here on can't be offered.
  package private(set) var ceiling: Double?

  /// - Parameters:
  ///   - start: the first rate to try.
  ///   - growth: what the rate is multiplied by while it holds; 2 where `start` is a good guess.
  ///   - highest: no higher one is tried; when it holds, the search ends without an upper bound.
  ///   - resolution: `upper / lower - 1` at the end, at most; whole numbers that follow each other are near enough.
  ///   - isWhole: only whole numbers are tried, from 1.
  package init(
    start: Double, growth: Double = 4, highest: Double, resolution: Double = 0.1, isWhole: Bool = false
  ) {
    let lowest = isWhole ? 1 : Self.lowestRate
    self.isWhole = isWhole
    self.lowest = lowest
    self.highest = max(isWhole ? highest.rounded(.down) : highest, lowest)
    self.growth = growth
    self.resolution = resolution
    trial = Trial(rate: min(max(isWhole ? start.rounded() : start, lowest), self.highest), isLong: false)
  }

  /// The highest rate that was asked for held.
  package var reachedHighest: Bool { trial == nil && lower == highest }

  /// Takes the outcome of `trial`.
  package mutating func record(_ outcome: Outcome) {
    guard let trial else { return }
    switch outcome {
    case .held:
      lowerHint = trial.rate
      if let hint = upperHint, hint <= trial.rate { upperHint = nil }
      if trial.isLong { lower = max(lower ?? 0, trial.rate) }
    case .broke:
      upperHint = trial.rate
      if let hint = lowerHint, hint >= trial.rate { lowerHint = nil }
      if trial.isLong { upper = min(upper ?? .infinity, trial.rate) }
    case .notOffered:
      ceiling = min(ceiling ?? .infinity, trial.rate)
      if let hint = lowerHint, hint >= trial.rate { lowerHint = nil }
    }
    if trial.isLong {
      longTrials += 1
      decide()
    } else {
      explore()
    }
  }

  /// What nothing can be said above.
  private var limit: Double { min(highest, ceiling ?? .infinity) }

  private mutating func explore() {
    let top = min(upperHint ?? .infinity, ceiling ?? .infinity)
    switch lowerHint {
    case let bottom? where bottom >= highest: decide()
    case let bottom? where top == .infinity: trial = Trial(rate: min(bottom * growth, highest), isLong: false)
    case let bottom? where top > bottom * 2.1: trial = Trial(rate: fit((bottom * top).squareRoot()), isLong: false)
    case nil where top > lowest: trial = Trial(rate: fit(top / growth), isLong: false)
    default: decide()
    }
  }

  private mutating func decide() {
    guard longTrials < 16 else { return finish() }
    let top = upper ?? min(upperHint ?? lower.map { $0 * 2 } ?? limit, limit)
    let bottom = min(lower ?? lowerHint ?? fit(top / 2), top)
    let isNarrow = top <= bottom * (1 + resolution) || (isWhole && top - bottom <= 1)
    guard isNarrow else { return tryLong((top * bottom).squareRoot()) }
    if lower == nil {
      // What was thought to hold is to be shown, or given up for something lower.
      let isKnownNotToHold = upper == bottom || ceiling == bottom
      if !isKnownNotToHold { return tryLong(bottom) }
      return bottom > lowest ? tryLong(bottom / 2) : finish()
    }
    if upper == nil, lower != limit, ceiling != top { return tryLong(top) }
    finish()
  }

  private mutating func tryLong(_ rate: Double) { trial = Trial(rate: fit(rate), isLong: true) }

  private func fit(_ rate: Double) -> Double { max(lowest, isWhole ? rate.rounded() : rate) }

  private mutating func finish() { trial = nil }
}
