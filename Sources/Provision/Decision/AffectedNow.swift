package import Evidence
import Statistics

/// The share of visits that a free plan's sleep affects as things are, by counting.
package enum AffectedNow {
  /// `11 % [8–15] of visits, by counting, at 15 minutes`; nil where traffic was stated.
  package static func line(_ traffic: Traffic, idleSeconds: Double = 900) -> String? {
    guard let history = VisitHistory(traffic, idleSeconds: idleSeconds), history.visitCount > 0 else { return nil }
    let forecaster = CountedForecaster(
      history: history, pings: PingModel(everySeconds: PingerKind.everySeconds, miss: 0), alertsAt: [])
    let forecast = forecaster.forecast(.none, wake: VisitEvidence.assumedWake.value, scale: 1)
    let share = forecast.affected.share()
    let hours = forecast.running.meanAmount().value * 31
    return "\(Figure.percent(share.value, share.lower, share.upper)) of visits would meet a sleeping or waking service "
      + "at \(Figure.bare(idleSeconds / 60)) minutes (counted); \(Figure.bare(min(744, hours))) running hours a month"
  }
}
