import Evidence
import Foundation
import Statistics

/// What a sleeping plan does to visits under a way of keeping it awake, at one size of traffic and one wake time.
struct SleepForecast {
  /// Affected visits, out of all, by day, at the traffic's size.
  var affected: DayClusters
  /// Running hours by day, as hits.
  var running: DayClusters
  /// Running hours by day if every ping comes.
  var runningAtMost: DayClusters
  /// P(asleep) at each of the owner's alert times, by day.
  var lateAlerts: DayClusters?
  /// The longest stretch asleep, seconds; as far as the pings go that the forecast is of.
  var longestSleep: Double
}

extension SleepForecast {
  /// The mean of forecasts of the same days, weighted alike unless weights that add up to 1 are given; nil of none.
  init?(_ forecasts: [SleepForecast], weights: [Double]? = nil) {
    guard let first = forecasts.first else { return nil }
    let weights = weights ?? forecasts.map { _ in 1 / Double(forecasts.count) }
    func mean(_ clusters: [DayClusters]) -> DayClusters { .mean(clusters, weights: weights) }
    let alerts = forecasts.compactMap(\.lateAlerts)
    self.init(
      affected: mean(forecasts.map(\.affected)), running: mean(forecasts.map(\.running)),
      runningAtMost: mean(forecasts.map(\.runningAtMost)),
      lateAlerts: alerts.count == forecasts.count ? mean(alerts) : first.lateAlerts,
      longestSleep: zip(weights, forecasts).reduce(0) { $0 + $1.0 * $1.1.longestSleep })
  }
}

extension DayClusters {
  /// The mean of clusters of the same days, at least one; the weights add up to 1.
  static func mean(_ clusters: [DayClusters], weights: [Double]) -> DayClusters {
    var days = clusters[0].days
    for index in days.indices {
      var sum = (hits: 0.0, trials: 0.0, squares: 0.0)
      for (weight, other) in zip(weights, clusters) {
        sum.hits += weight * other.days[index].hits
        sum.trials += weight * other.days[index].trials
        sum.squares += weight * other.days[index].squares
      }
      days[index].hits = sum.hits
      days[index].trials = sum.trials
      days[index].squares = sum.squares
    }
    return DayClusters(
      days, unit: clusters.map(\.unit).max() ?? 1, trialWeight: clusters.map(\.trialWeight).max() ?? 1)
  }
}

/// Where further visitors come, or where fewer do.
enum Growth: CaseIterable {
  /// At any hour as at that hour now: they fill silences, and whoever stays away leaves new ones.
  case scattered
  /// Where there are visitors already, as a message that goes round brings them: silences stay as they are, and more meet
  /// each wake.
  case together
}

/// Forecasts from a counted history.
struct CountedForecaster {
  let history: VisitHistory
  let pings: PingModel
  let alertsAt: [Int]
  let growth: Growth
  private let idleSeconds: Double
  /// `pings.silent(for: idleSeconds)`: most silences lie wholly in duty or out of it.
  private let silentThroughout: Double

  init(history: VisitHistory, pings: PingModel, alertsAt: [Int], growth: Growth = .scattered) {
    self.history = history
    self.pings = pings
    self.alertsAt = alertsAt
    self.growth = growth
    idleSeconds = history.idleSeconds
    silentThroughout = pings.silent(for: idleSeconds)
  }

  /// P(no ping came in so many seconds of duty), of those before the idle clock ran out.
  private func silent(_ window: Double) -> Double {
    window <= 0 ? 1 : window >= idleSeconds ? silentThroughout : pings.silent(for: window)
  }

  /// - Parameters:
  ///   - wake: seconds, up to the history's `longestWake`.
  ///   - scale: traffic relative to the history's. More visitors who are scattered fill some silences: a silence outlasts
  ///     them with probability e^−(scale−1)Λ, Λ the arrivals expected in the idle time. Fewer leave silences that the
  ///     history does not show: then visits are left out by chance and sleep is counted anew.
  func forecast(_ keepAwake: KeepAwake, wake: Double, scale: Double) -> SleepForecast {
    let thinned = thinned(to: scale).map { $0.grown(keepAwake, wake: wake, scale: 1) }
    return SleepForecast(thinned) ?? grown(keepAwake, wake: wake, scale: scale)
  }

  /// `SleepForecast.affected` alone, which is all that the wake bears on.
  func affected(_ keepAwake: KeepAwake, wake: Double, scale: Double) -> DayClusters {
    let thinned = thinned(to: scale).map { $0.affectedGrown(keepAwake, wake: wake, scale: 1) }
    guard !thinned.isEmpty else { return affectedGrown(keepAwake, wake: wake, scale: scale) }
    return .mean(thinned, weights: thinned.map { _ in 1 / Double(thinned.count) })
  }

  /// Empty where nobody is left out by chance.
  private func thinned(to scale: Double) -> [CountedForecaster] {
    guard scale < 1, growth == .scattered else { return [] }
    return history.thinnings.histories(of: history, scale: max(scale, 1e-6)).map {
      CountedForecaster(history: $0, pings: pings, alertsAt: alertsAt)
    }
  }

  private func grown(_ keepAwake: KeepAwake, wake: Double, scale: Double) -> SleepForecast {
    let (running, atMost) = running(keepAwake, scale: scale)
    return SleepForecast(
      affected: affectedGrown(keepAwake, wake: wake, scale: scale), running: running, runningAtMost: atMost,
      lateAlerts: lateAlerts(keepAwake, scale: scale), longestSleep: longestSleep(keepAwake))
  }

  private func affectedGrown(_ keepAwake: KeepAwake, wake: Double, scale: Double) -> DayClusters {
    let idle = idleSeconds
    // What loops read is taken out of the history before them: a copy of it each time is dear.
    let historyDays = history.days
    let starts = history.starts
    let wakingAtMost = pings.waking(idle: idle, wake: wake)
    var hits = [Double](repeating: 0, count: historyDays.count)
    var squares = hits
    var unit = 0.0
    for start in starts where start.day < hits.count {
      let window = keepAwake.overlap(before: start.secondOfDay, window: idle)
      let outlasting = outlasting(start.expected, scale)
      let weight = outlasting * silent(window)
      // A ping that found it asleep may be waking it just now.
      let isDuty = keepAwake.contains(start.secondOfDay)
      let waking = isDuty && start.silence > idle + wake ? wakingAtMost : 0
      for delay in start.visitDelays where delay < max(wake, 1e-9) || delay == 0 {
        let affected = min(1, weight + (delay == 0 ? waking * outlasting : 0))
        hits[start.day] += scale * affected
        squares[start.day] += scale * affected * scale * affected
        unit = max(unit, affected)
      }
    }
    let days = historyDays.indices.map { index in
      let day = historyDays[index]
      return DayClusters.Day(
        hits: hits[index], trials: Double(day.visits) * scale, isWeekend: day.isWeekend, squares: squares[index],
        length: day.length)
    }
    return DayClusters(days, unit: unit > 0 ? unit : typicalWeight(keepAwake), trialWeight: scale)
  }

  private func outlasting(_ expected: Double, _ scale: Double) -> Double {
    scale <= 1 || growth == .together ? 1 : exp(-(scale - 1) * expected)
  }

  private func typicalWeight(_ keepAwake: KeepAwake) -> Double {
    keepAwake == .always ? max(silentThroughout, 1e-6) : 1
  }

  private func running(_ keepAwake: KeepAwake, scale: Double) -> (DayClusters, DayClusters) {
    let days = history.days
    let sleeps = history.sleeps
    var asleep = [Double](repeating: 0, count: days.count)
    var asleepAtLeast = asleep
    for sleep in sleeps where sleep.day < asleep.count {
      let window = keepAwake.overlap(before: sleep.secondOfDay, window: idleSeconds)
      let seconds = sleep.seconds * outlasting(sleep.expected, scale)
      asleep[sleep.day] += seconds * silent(window)
      if window <= 0 { asleepAtLeast[sleep.day] += seconds }
    }
    func clusters(_ seconds: [Double]) -> DayClusters {
      DayClusters(
        days.indices.map { index in
          let day = days[index]
          let hours = 24 * day.length
          return DayClusters.Day(
            hits: min(hours, max(0, hours - seconds[index] / 3_600)), trials: hours, isWeekend: day.isWeekend,
            squares: 0,
            length: day.length)
        }, unit: 0.1)
    }
    return (clusters(asleep), clusters(asleepAtLeast))
  }

  private func lateAlerts(_ keepAwake: KeepAwake, scale: Double) -> DayClusters? {
    guard !alertsAt.isEmpty else { return nil }
    let sleeps = history.sleeps
    var late = [Double](repeating: 0, count: history.days.count)
    for sleep in sleeps where sleep.day < late.count {
      for alert in alertsAt {
        let into = Double(alert) - sleep.secondOfDay
        guard into >= 0, into < sleep.seconds else { continue }
        let window = keepAwake.overlap(before: Double(alert), window: idleSeconds)
        late[sleep.day] += outlasting(sleep.expected, scale) * silent(window)
      }
    }
    return DayClusters(
      history.days.indices.map { index in
        DayClusters.Day(
          hits: late[index], trials: Double(alertsAt.count), isWeekend: history.days[index].isWeekend)
      })
  }

  /// Under pings round the clock, until one comes again.
  private func longestSleep(_ keepAwake: KeepAwake) -> Double {
    let longest =
      switch keepAwake {
      case .none: Double.infinity
      case .always: pings.longestGap - history.idleSeconds
      case .duty:
        max((24 - keepAwake.hoursPerDay) * 3_600, pings.longestGap) - history.idleSeconds
      }
    return min(history.longestSleep, max(0, longest))
  }
}
