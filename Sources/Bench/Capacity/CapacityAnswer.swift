import Statistics

/// What trials of several loads come to: the highest load that holds more often than not, and how sure that is. Pure.
package struct CapacityAnswer: Sendable, Equatable {
  /// Of one load.
  package struct Count: Sendable, Equatable {
    /// Arrivals a second, or users.
    package var load: Double
    package var tried: Int
    package var held: Int

    package init(load: Double, tried: Int, held: Int) {
      self.load = load
      self.tried = tried
      self.held = held
    }
  }

  /// The highest load whose share of trials that held, fitted so that it never rises with the load, is above one half.
  package var load: Double
  /// The highest load that held in all of its trials, no trial up to it having failed; 0 where there is none.
  package var lower: Double
  /// The lowest load that failed in all of its trials, no trial from there on having held; nil where there is none.
  package var upper: Double?

  /// Nil where no load holds more often than not.
  /// - Parameters:
  ///   - counts: in ascending order, each tried at least once.
  ///   - fewest: how many trials a load has to have for an end of the interval to rest on it.
  package init?(_ counts: [Count], fewest: Int) {
    let fitted = Self.fitted(counts)
    // A half of trials is no majority, however it was reckoned.
    guard let place = fitted.lastIndex(where: { $0 > 0.5 + 1e-9 }) else { return nil }
    load = counts[place].load
    lower = counts.prefix { $0.held == $0.tried }.last { $0.tried >= fewest }?.load ?? 0
    upper = counts.reversed().prefix { $0.held == 0 }.last { $0.tried >= fewest }?.load
  }

  /// The shares that held, made so that they don't rise.
  package static func fitted(_ counts: [Count]) -> [Double] {
    MonotoneFit.notRising(
      counts.map { Double($0.held) / Double(max(1, $0.tried)) }, weights: counts.map { Double(max(1, $0.tried)) })
  }
}
