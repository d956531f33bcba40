import Evidence
import Statistics

/// What sleep does to the visits of a counted history: forecasts of the horizon's start, middle and end, for each way in
/// which traffic may grow, with pings and wakes as expected, at their best and at their worst.
struct CountedOutlook {
  private let keepAwake: KeepAwake
  private let wake: Estimate
  private let factors: [Double]
  private let timeLimit: Double?
  private let hasAlerts: Bool
  private let isAssumed: Bool
  /// One for each way of growth.
  private let expected: [CountedForecaster]
  private let best: [CountedForecaster]
  private let worst: [CountedForecaster]

  /// - Parameter factors: traffic relative to the history's, at the horizon's start, middle and end, or once for all.
  init(
    _ history: VisitHistory, _ keepAwake: KeepAwake, values: OwnerValues, pings: PingBounds, wake: Estimate,
    factors: [Double]
  ) {
    self.keepAwake = keepAwake
    self.wake = wake
    self.factors = factors
    timeLimit = values.clientTimeLimitSeconds
    hasAlerts = !values.alertsAt.isEmpty
    // What is expected of less than a day is worth nothing: then pings fail worst where the count is largest.
    isAssumed = pings.isAssumed && keepAwake != .none && history.days.allSatisfy { $0.length >= 1 }
    let ways = factors == [1] ? [Growth.scattered] : Growth.allCases
    func forecasters(_ pings: PingModel) -> [CountedForecaster] {
      ways.map { CountedForecaster(history: history, pings: pings, alertsAt: values.alertsAt, growth: $0) }
    }
    expected = forecasters(pings.expected)
    best = forecasters(keepAwake == .none ? pings.expected : pings.best)
    worst = forecasters(keepAwake == .none ? pings.expected : pings.worst)
  }

  var outlook: SleepOutlook {
    let middle = expected.map(forecasts)
    // Where nothing pings there is one forecast.
    let low = keepAwake == .none ? middle : best.map(forecasts)
    let high = keepAwake == .none ? middle : worst.map(forecasts)
    func alerts(_ all: [[SleepForecast]]) -> [Estimate] { all.compactMap { Self.mean($0).lateAlerts?.share() } }
    func longest(_ all: [[SleepForecast]]) -> Double { all.map { Self.mean($0).longestSleep }.max() ?? 0 }
    // The fewer pings come, the less it runs.
    let hours = Estimate.hull(
      Self.busiest(middle) { $0.running }, Self.busiest(high) { $0.running }, Self.busiest(low) { $0.running })
    let atMost = Self.busiest(middle) { $0.runningAtMost }
    let month = SleepOutlook.daysPerMonth
    let affected = affected()
    return SleepOutlook(
      affectedPerMonth: affected.perMonth,
      visitsPerMonth: Estimate.hull(middle.map { Self.mean($0).affected.meanTrials() }).scaled(by: month),
      share: affected.share, hours: hours.scaled(by: 31, upTo: 744),
      hoursAtMost: Estimate.hull(atMost).scaled(by: 31, upTo: 744),
      failedPerMonth: timeLimit.map { self.affected(beyond: $0).perMonth },
      assumed: isAssumed ? assumed : nil,
      lateAlerts: hasAlerts ? .hull(alerts(middle), alerts(low), alerts(high)) : nil,
      longestSleep: Estimate(longest(middle), longest(low), longest(high)), basis: .counted)
  }

  private var assumed: SleepOutlook.Assumed {
    SleepOutlook.Assumed(
      asExpected: (
        affected(isAsExpected: true).perMonth, timeLimit.map { affected(beyond: $0, isAsExpected: true).perMonth }
      ), byPings: (byPings(), timeLimit.map { byPings(beyond: $0) }))
  }

  /// What is expected of the count if pings fail as is expected, least and most.
  private func byPings(beyond limit: Double = 0) -> Estimate {
    func value(_ forecasters: [CountedForecaster]) -> Double {
      guard limit == 0 || wake.value > limit else { return 0 }
      let means = forecasters.map { forecaster in
        Self.mean(factors.map { forecaster.affected(keepAwake, wake: wake.value - limit, scale: $0) }).meanHits().value
      }
      return means.reduce(0, +) / Double(max(1, means.count)) * SleepOutlook.daysPerMonth
    }
    let middle = value(expected)
    return Estimate(middle, min(middle, value(best)), max(middle, value(worst)))
  }

  /// - Parameters:
  ///   - limit: seconds that a client waits: whoever comes when the wake has longer to go gives up.
  ///   - isAsExpected: pings fail as often as is expected.
  private func affected(beyond limit: Double = 0, isAsExpected: Bool = false) -> (perMonth: Estimate, share: Estimate) {
    func clusters(_ forecasters: [CountedForecaster], _ seconds: Double) -> [DayClusters] {
      guard limit == 0 || seconds > limit else { return [] }
      return forecasters.map { forecaster in
        Self.mean(factors.map { forecaster.affected(keepAwake, wake: seconds - limit, scale: $0) })
      }
    }
    let middle = clusters(expected, wake.value)
    let low = clusters(isAsExpected ? expected : best, wake.lower)
    let high = clusters(isAsExpected ? expected : worst, wake.upper)
    func hull(_ figure: (DayClusters) -> Estimate) -> Estimate {
      func figures(_ clusters: [DayClusters]) -> [Estimate] {
        clusters.isEmpty ? [Estimate(0, 0, 0)] : clusters.map(figure)
      }
      return .hull(figures(middle), figures(low), figures(high))
    }
    return (hull { $0.meanHits() }.scaled(by: SleepOutlook.daysPerMonth), hull { $0.share() })
  }

  private func forecasts(_ forecaster: CountedForecaster) -> [SleepForecast] {
    factors.map { forecaster.forecast(keepAwake, wake: wake.value, scale: $0) }
  }

  // MARK: Over the horizon

  /// Simpson's weights of the horizon's start, middle and end.
  private static let simpson = [1.0 / 6, 4.0 / 6, 1.0 / 6]

  private static func mean(_ clusters: [DayClusters]) -> DayClusters {
    clusters.count == simpson.count ? .mean(clusters, weights: simpson) : clusters[0]
  }

  private static func mean(_ forecasts: [SleepForecast]) -> SleepForecast {
    guard forecasts.count == simpson.count else { return forecasts[0] }
    return SleepForecast(forecasts, weights: simpson) ?? forecasts[1]
  }

  /// Of each way of growth the busiest of the horizon.
  private static func busiest(_ all: [[SleepForecast]], _ running: (SleepForecast) -> DayClusters) -> [Estimate] {
    all.map { forecasts in
      forecasts.map { running($0).meanAmount() }.max { $0.value < $1.value } ?? Estimate(0, 0, 24)
    }
  }
}

extension Estimate {
  /// From the least that may be at best to the most that may be at worst, about the mean of what is expected; of one list
  /// all of it. No list is empty.
  static func hull(_ expected: [Estimate], _ best: [Estimate]? = nil, _ worst: [Estimate]? = nil) -> Estimate {
    let value = expected.reduce(0) { $0 + $1.value } / Double(max(1, expected.count))
    let lower = (best ?? expected).map(\.lower).min() ?? value
    let upper = (worst ?? expected).map(\.upper).max() ?? value
    return Estimate(value, min(value, max(0, lower)), max(value, upper))
  }

  func scaled(by factor: Double, upTo most: Double = .infinity) -> Estimate {
    Estimate(min(most, value * factor), min(most, lower * factor), min(most, upper * factor))
  }
}
