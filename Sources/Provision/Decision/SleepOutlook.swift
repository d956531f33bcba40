import Evidence
import Foundation
import Statistics

/// What a candidate's sleep does to visits over the horizon, with intervals.
struct SleepOutlook {
  /// Visits a month that meet a sleeping or waking service.
  var affectedPerMonth: Estimate
  var visitsPerMonth: Estimate
  /// 0...1.
  var share: Estimate
  /// Running hours of a month of 31 days, at the busiest of the horizon.
  var hours: Estimate
  /// If every ping comes.
  var hoursAtMost: Estimate
  /// Of the affected ones those whose clients give up before the service is awake; nil where clients wait.
  var failedPerMonth: Estimate?
  /// Where how pings fail is assumed, both apart: what was counted if they fail as is expected, and what is expected of the
  /// count if they fail least and most.
  var assumed: Assumed?

  typealias Affected = (affected: Estimate, failed: Estimate?)
  struct Assumed {
    var asExpected: Affected
    var byPings: Affected
  }
  /// The share of alerts that fall due while asleep.
  var lateAlerts: Estimate?
  /// Seconds; nil where no sleep was counted.
  var longestSleep: Estimate?
  var basis: Estimate.Basis

  /// What a plan that never sleeps does, to so many visits.
  static func awake(visits: Estimate, basis: Estimate.Basis, hasAlerts: Bool) -> SleepOutlook {
    let hours = Estimate(744, 744, 744)
    let none = Estimate(0, 0, 0)
    return SleepOutlook(
      affectedPerMonth: none, visitsPerMonth: visits, share: none, hours: hours, hoursAtMost: hours,
      lateAlerts: hasAlerts ? none : nil, longestSleep: none, basis: basis)
  }

  static let daysPerMonth = 365.25 / 12
  static let hoursPerMonth = 24 * daysPerMonth
}

/// Makes outlooks of whatever evidence there is of visits.
struct Outlooks {
  private let values: OwnerValues
  private let source: Source
  private let wake: Estimate
  private let pings: PingBounds
  /// Of other than the evidence's own traffic, for the search of flips.
  private let scale: Double

  enum Source {
    case counted(VisitHistory)
    case stated(StatedVisits)
  }

  init(_ source: Source, values: OwnerValues, wake: Estimate, scale: Double = 1) {
    self.source = source
    self.values = values
    self.wake = wake
    self.scale = scale
    pings = PingBounds(values)
  }

  var basis: Estimate.Basis {
    if case .counted = source { .counted } else { .modelled }
  }

  func outlook(_ keepAwake: KeepAwake) -> SleepOutlook {
    switch source {
    case .counted(let history):
      return CountedOutlook(
        history, keepAwake, values: values, pings: pings, wake: wake, factors: factors
      ).outlook
    case .stated(let stated):
      return statedOutlook(stated, keepAwake)
    }
  }

  private func statedOutlook(_ stated: StatedVisits, _ keepAwake: KeepAwake) -> SleepOutlook {
    func outlook(_ pings: PingBounds) -> SleepOutlook {
      stated.outlook(
        keepAwake, pings: pings, wake: wake, factors: factors, alertsAt: values.alertsAt,
        timeLimit: values.clientTimeLimitSeconds)
    }
    var result = outlook(pings)
    if pings.isAssumed, keepAwake != .none {
      func ends(_ value: Double, _ ends: [Double]) -> Estimate {
        Estimate(value, min(value, ends.min() ?? value), max(value, ends.max() ?? value))
      }
      let expected = outlook(pings.asExpected)
      let all = [pings.best, pings.worst].map { outlook(pings.always($0)) }
      result.assumed = .init(
        asExpected: (expected.affectedPerMonth, expected.failedPerMonth),
        byPings: (
          ends(expected.affectedPerMonth.value, all.map(\.affectedPerMonth.value)),
          expected.failedPerMonth.map { ends($0.value, all.compactMap { $0.failedPerMonth?.value }) }
        ))
    }
    return result
  }

  func question(_ keepAwake: KeepAwake, isPinged: Bool = false) -> KnownOutlooks.Question {
    .init(keepAwake: keepAwake, pings: pings, factors: factors, isPinged: isPinged)
  }

  private var factors: [Double] { values.growthFactors.map { $0 * scale } }
}
