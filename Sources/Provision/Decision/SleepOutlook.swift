import Evidence
import Foundation
import Statistics

typealias Interval = DayClusters.Interval

/// What a candidate's sleep does to visits over the horizon, with intervals.
struct SleepOutlook {
  /// Visits a month that meet a sleeping or waking service.
  var affectedPerMonth: Interval
  var visitsPerMonth: Interval
  /// 0...1.
  var share: Interval
  /// Running hours of a month of 31 days, at the busiest of the horizon.
  var hours: Interval
  /// If every ping comes.
  var hoursAtMost: Interval
  /// The share of alerts that fall due while asleep.
  var lateAlerts: Interval?
  /// Seconds; nil where no sleep was counted.
  var longestSleep: Double?
  var basis: Estimate.Basis

  /// What a plan that never sleeps does, to so many visits.
  static func awake(visits: Interval, basis: Estimate.Basis, hasAlerts: Bool) -> SleepOutlook {
    let hours = Interval(744, 744, 744)
    let none = Interval(0, 0, 0)
    return SleepOutlook(
      affectedPerMonth: none, visitsPerMonth: visits, share: none, hours: hours, hoursAtMost: hours,
      lateAlerts: hasAlerts ? none : nil, longestSleep: 0, basis: basis)
  }

  static let daysPerMonth = 365.25 / 12
}

/// Seconds that a wake takes: what is known, and what is plausible where it was not measured.
struct WakeTime: Equatable {
  var value: Double
  var lower: Double
  var upper: Double
  /// The file that it is from; nil when assumed.
  var source: String?

  /// Public captures show about 19 s and more for a small service; the host speaks of about a minute.
  static let assumed = WakeTime(value: 30, lower: 10, upper: 60, source: nil)
}

/// Makes outlooks of whatever evidence there is of visits.
struct Outlooks {
  private let values: OwnerValues
  private let source: Source
  private let wake: WakeTime
  private let pings: PingModel
  /// Of other than the evidence's own traffic, for the search of flips.
  private let scale: Double

  enum Source {
    case counted(VisitHistory)
    case stated(StatedVisits)
  }

  init(_ source: Source, values: OwnerValues, wake: WakeTime, scale: Double = 1) {
    self.source = source
    self.values = values
    self.wake = wake
    self.scale = scale
    pings = PingModel(everySeconds: values.keepAwakeEverySeconds, miss: values.keepAwakeMiss ?? 0.1)
  }

  var basis: Estimate.Basis {
    if case .counted = source { .counted } else { .modelled }
  }

  func outlook(_ keepAwake: KeepAwake) -> SleepOutlook {
    switch source {
    case .counted(let history): counted(history, keepAwake)
    case .stated(let stated):
      stated.outlook(keepAwake, pings: pings, wake: wake, factors: factors, alertsAt: values.alertsAt)
    }
  }

  private var factors: [Double] { values.growthFactors.map { $0 * scale } }

  private func counted(_ history: VisitHistory, _ keepAwake: KeepAwake) -> SleepOutlook {
    let forecaster = CountedForecaster(history: history, pings: pings, alertsAt: values.alertsAt)
    let all = factors.map { forecaster.forecast(keepAwake, wake: wake.value, scale: $0) }
    let middle = average(all)
    func affected(at seconds: Double) -> DayClusters {
      guard seconds != wake.value else { return middle.affected }
      let all = factors.map { forecaster.affected(keepAwake, wake: seconds, scale: $0) }
      return all.count == 3 ? .mean(all, weights: Self.simpson) : all[0]
    }
    let low = affected(at: wake.lower)
    let high = affected(at: wake.upper)
    let month = SleepOutlook.daysPerMonth
    let affectedPerMonth = Interval(
      middle.affected.meanHits().value * month, max(0, low.meanHits().lower * month), high.meanHits().upper * month)
    let visits = middle.affected.meanTrials()
    let share = Interval(
      middle.affected.share().value, low.share().lower, high.share().upper)
    func hours(_ clusters: [DayClusters]) -> Interval {
      let means = clusters.map { $0.meanHits() }
      let busiest = means.max { $0.value < $1.value } ?? Interval(0, 0, 24)
      return Interval(
        min(744, busiest.value * 31), min(744, max(0, busiest.lower * 31)), min(744, busiest.upper * 31))
    }
    return SleepOutlook(
      affectedPerMonth: affectedPerMonth,
      visitsPerMonth: Interval(visits.value * month, max(0, visits.lower) * month, visits.upper * month), share: share,
      hours: hours(all.map(\.running)), hoursAtMost: hours(all.map(\.runningAtMost)),
      lateAlerts: middle.lateAlerts?.share(), longestSleep: middle.longestSleep, basis: .counted)
  }

  /// Simpson's mean over the horizon's start, middle and end.
  private func average(_ forecasts: [SleepForecast]) -> SleepForecast {
    guard forecasts.count == 3 else { return forecasts[0] }
    return SleepForecast(forecasts, weights: Self.simpson) ?? forecasts[1]
  }

  private static let simpson = [1.0 / 6, 4.0 / 6, 1.0 / 6]
}

/// Visits of which only rates are known, stated by the owner or seen by a monitor: a Poisson process by hour of the
/// week, at the stated rates and at a part less and more.
struct StatedVisits {
  var perHour: [Double]
  /// How long a visit goes on asking, seconds: it keeps the idle clock from running.
  var visitSeconds: Double
  /// Rates may be this part less or more, such as 0.3.
  var uncertainty: Double
  var idleSeconds: Double
  /// The affected share as a monitor counted it, which then corrects the model.
  var countedShare: Interval?

  func outlook(
    _ keepAwake: KeepAwake, pings: PingModel, wake: WakeTime, factors: [Double], alertsAt: [Int]
  ) -> SleepOutlook {
    let cases = [(1.0, wake.value), (1 - uncertainty, wake.value), (1 + uncertainty, wake.value)]
    let results = cases.map { change, wake in
      factors.map { sample(keepAwake, pings: pings, wake: wake, scale: $0 * change, alertsAt: alertsAt) }
    }
    func mean(_ values: [Double]) -> Double {
      values.count == 3 ? (values[0] + 4 * values[1] + values[2]) / 6 : values.reduce(0, +) / Double(values.count)
    }
    func interval(_ value: (Sample) -> Double, by reduce: ([Double]) -> Double) -> Interval {
      let all = results.map { reduce($0.map(value)) }
      return Interval(all[0], all.min() ?? all[0], all.max() ?? all[0])
    }
    var share = interval({ $0.share }, by: mean)
    var affected = interval({ $0.affected }, by: mean)
    let visits = interval({ $0.visits }, by: mean)
    if let countedShare, share.value > 0 {
      let model = mean(factors.map { sample(.none, pings: pings, wake: wake.value, scale: $0, alertsAt: []).share })
      let kept = model > 0 ? share.value / model : 1
      share = Interval(countedShare.value * kept, countedShare.lower * kept, min(1, countedShare.upper * kept))
      affected = Interval(share.value * visits.value, share.lower * visits.lower, share.upper * visits.upper)
    }
    let most: ([Double]) -> Double = { $0.max() ?? 0 }
    return SleepOutlook(
      affectedPerMonth: affected, visitsPerMonth: visits, share: share, hours: interval({ $0.hours }, by: most),
      hoursAtMost: interval({ $0.hoursAtMost }, by: most),
      lateAlerts: alertsAt.isEmpty ? nil : interval({ $0.lateAlerts }, by: mean),
      longestSleep: keepAwake == .none ? nil : 0, basis: .modelled)
  }

  private struct Sample {
    var visits: Double
    var affected: Double
    var share: Double
    var hours: Double
    var hoursAtMost: Double
    var lateAlerts: Double
  }

  private func sample(
    _ keepAwake: KeepAwake, pings: PingModel, wake: Double, scale: Double, alertsAt: [Int]
  ) -> Sample {
    let week = WeeklyPoisson(perHour: perHour.map { $0 * scale })
    let idle = idleSeconds / 3_600
    let silence = (idleSeconds + visitSeconds) / 3_600
    let wakeHours = wake / 3_600
    func asleep(_ hour: Double) -> Double {
      let ofDay = (hour.truncatingRemainder(dividingBy: 24)) * 3_600
      let window = keepAwake.overlap(before: ofDay, window: idleSeconds)
      return week.silent(before: hour + 168, for: silence) * pings.silent(for: window)
    }
    func affected(_ hour: Double) -> Double {
      let ofDay = (hour.truncatingRemainder(dividingBy: 24)) * 3_600
      let waking =
        keepAwake.contains(ofDay)
        ? pings.waking(idle: idleSeconds, wake: wake) * week.silent(before: hour + 168, for: silence + wakeHours) : 0
      // Those who come within the wake meet it too: (1 + λW)·e^−λT.
      return min(1, asleep(hour) * (1 + week.expected(from: hour + 168 - wakeHours, to: hour + 168)) + waking)
    }
    let share = week.meanOverArrivals(affected)
    let visits = week.perWeek / 7 * SleepOutlook.daysPerMonth
    let asleepShare = week.meanOverTime(asleep)
    let asleepAtLeast = week.meanOverTime { hour in
      let ofDay = (hour.truncatingRemainder(dividingBy: 24)) * 3_600
      return keepAwake.overlap(before: ofDay, window: idle * 3_600) > 0 ? 0 : asleep(hour)
    }
    let late = alertsAt.map { alert in
      (0..<7).reduce(0.0) { $0 + asleep(Double($1) * 24 + Double(alert) / 3_600) } / 7
    }
    return Sample(
      visits: visits, affected: share * visits, share: share, hours: 744 * (1 - asleepShare),
      hoursAtMost: 744 * (1 - asleepAtLeast), lateAlerts: late.isEmpty ? 0 : late.reduce(0, +) / Double(late.count))
  }
}
