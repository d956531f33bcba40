import Evidence
import Foundation
import Statistics

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
  var countedShare: Estimate?

  /// - Parameters:
  ///   - factors: traffic relative to the rates, at the horizon's start, middle and end, or once for all.
  ///   - timeLimit: seconds after which clients give up; nil where they wait.
  func outlook(
    _ keepAwake: KeepAwake, pings: PingBounds, wake: Estimate, factors: [Double], alertsAt: [Int],
    timeLimit: Double? = nil
  ) -> SleepOutlook {
    // Fewer visitors may meet a sleeping service as well as more: rates cross with pings and wakes.
    let cases =
      [(1.0, pings.expected, wake.value)]
      + [1 - uncertainty, 1 + uncertainty].flatMap { change in
        [(change, pings.best, wake.lower), (change, pings.worst, wake.upper)]
      }
    let ways = factors == [1] ? [Growth.scattered] : Growth.allCases
    let results = cases.flatMap { change, pings, wake in
      ways.map { way in
        factors.map { factor in
          let scale = way == .together ? change : change * factor
          var sample = sample(
            keepAwake, pings: pings, wake: wake, timeLimit: timeLimit, scale: scale, alertsAt: alertsAt)
          if way == .together { sample.grow(factor) }
          return sample
        }
      }
    }
    func mean(_ values: [Double]) -> Double {
      values.count == 3 ? (values[0] + 4 * values[1] + values[2]) / 6 : values.reduce(0, +) / Double(values.count)
    }
    func interval(_ value: (Sample) -> Double, by reduce: ([Double]) -> Double) -> Estimate {
      let all = results.map { reduce($0.map(value)) }
      // The first case is what is expected, by each way of growth.
      let expected = all.prefix(ways.count).reduce(0, +) / Double(ways.count)
      return Estimate(expected, all.min() ?? expected, all.max() ?? expected)
    }
    var share = interval({ $0.share }, by: mean)
    var affected = interval({ $0.affected }, by: mean)
    let visits = interval({ $0.visits }, by: mean)
    if let countedShare, share.value > 0 {
      let model = mean(
        factors.map {
          sample(.none, pings: pings.expected, wake: wake.value, timeLimit: nil, scale: $0, alertsAt: []).share
        })
      let kept = model > 0 ? share.value / model : 1
      share = Estimate(countedShare.value * kept, countedShare.lower * kept, min(1, countedShare.upper * kept))
      affected = Estimate(share.value * visits.value, share.lower * visits.lower, share.upper * visits.upper)
    }
    let most: ([Double]) -> Double = { $0.max() ?? 0 }
    return SleepOutlook(
      affectedPerMonth: affected, visitsPerMonth: visits, share: share, hours: interval({ $0.hours }, by: most),
      hoursAtMost: interval({ $0.hoursAtMost }, by: most),
      failedPerMonth: timeLimit == nil ? nil : interval({ $0.failed }, by: mean),
      lateAlerts: alertsAt.isEmpty ? nil : interval({ $0.lateAlerts }, by: mean),
      longestSleep: keepAwake == .none ? nil : longestSleep(pings), basis: .modelled)
  }

  /// Until a ping comes again.
  private func longestSleep(_ pings: PingBounds) -> Estimate {
    func longest(_ pings: PingModel) -> Double { max(0, pings.longestGap - idleSeconds) }
    return Estimate(longest(pings.expected), longest(pings.best), longest(pings.worst))
  }

  private struct Sample {
    var visits: Double
    var affected: Double
    var failed: Double
    var share: Double
    var hours: Double
    var hoursAtMost: Double
    var lateAlerts: Double

    /// So many times the visits, which come where there are some already.
    mutating func grow(_ factor: Double) {
      visits *= factor
      affected *= factor
      failed *= factor
    }
  }

  private func sample(
    _ keepAwake: KeepAwake, pings: PingModel, wake: Double, timeLimit: Double?, scale: Double, alertsAt: [Int]
  ) -> Sample {
    let week = WeeklyPoisson(perHour: perHour.map { $0 * scale })
    let idle = idleSeconds / 3_600
    let silence = (idleSeconds + visitSeconds) / 3_600
    func asleep(_ hour: Double) -> Double {
      let ofDay = (hour.truncatingRemainder(dividingBy: 24)) * 3_600
      let window = keepAwake.overlap(before: ofDay, window: idleSeconds)
      return week.silent(before: hour + 168, for: silence) * pings.silent(for: window)
    }
    func affected(_ hour: Double, wake: Double) -> Double {
      let wakeHours = wake / 3_600
      let ofDay = (hour.truncatingRemainder(dividingBy: 24)) * 3_600
      let waking =
        keepAwake.contains(ofDay)
        ? pings.waking(idle: idleSeconds, wake: wake) * week.silent(before: hour + 168, for: silence + wakeHours) : 0
      // Those who come within the wake meet it too: (1 + λW)·e^−λT.
      return min(1, asleep(hour) * (1 + week.expected(from: hour + 168 - wakeHours, to: hour + 168)) + waking)
    }
    let share = week.meanOverArrivals { affected($0, wake: wake) }
    let left = wake - (timeLimit ?? wake)
    let failedShare = left > 0 ? week.meanOverArrivals { affected($0, wake: left) } : 0
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
      visits: visits, affected: share * visits, failed: failedShare * visits, share: share,
      hours: 744 * (1 - asleepShare),
      hoursAtMost: 744 * (1 - asleepAtLeast), lateAlerts: late.isEmpty ? 0 : late.reduce(0, +) / Double(late.count))
  }
}
