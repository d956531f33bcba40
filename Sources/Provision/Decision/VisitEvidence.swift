import Evidence
import Foundation
import Plans
import Statistics
import Support

/// What the evidence tells of visits and of wakes, the most direct first: a log, a monitor's counts, stated rates.
struct VisitEvidence {
  var source: Outlooks.Source?
  /// As counted with the pings that the log holds; nil where there are none.
  var pinged: Outlooks.Source?
  var pinger: Traffic.SetApart?
  var wake: WakeTime
  /// In words: `counted, access.log, 14 days`.
  var basis: String
  /// The file.
  var file: String?

  init(_ inputs: DecisionInputs) {
    let idle = inputs.catalogue.web.compactMap(\.sleep).first?.idleSeconds ?? 900
    wake = Self.wake(inputs)
    basis = "nothing is known of visits"
    if let traffic = inputs.traffic {
      file = inputs.names.traffic
      pinger = traffic.pinger(idleSeconds: idle)
      // As far as the wake may go; over a quarter of an hour nobody waits.
      let longest = min(900, max(120, wake.upper))
      if let history = VisitHistory(
        traffic, idleSeconds: idle, withoutOthers: pinger != nil, longestWake: longest)
      {
        source = .counted(history)
        if pinger != nil {
          pinged = VisitHistory(traffic, idleSeconds: idle, longestWake: longest).map(Outlooks.Source.counted)
        }
        basis = "counted, \(inputs.names.traffic), \(Self.span(traffic.spanSeconds))"
      } else {
        source = .stated(
          StatedVisits(
            perHour: traffic.visitsByHourOfWeek, visitSeconds: Self.statedVisitSeconds,
            uncertainty: Self.statedUncertainty, idleSeconds: idle, countedShare: Self.share(inputs.countingMonitor)))
        basis = "modelled, \(inputs.names.traffic)"
      }
    } else if let monitor = inputs.countingMonitor, let visits = monitor.visits, let share = Self.share(monitor) {
      let hours = Double(monitor.to.millisecondsSince1970 - monitor.from.millisecondsSince1970) / 3_600_000
      guard hours > 0 else { return }
      file = inputs.names.monitor
      source = .stated(
        StatedVisits(
          perHour: Array(repeating: Double(visits) / hours, count: 168), visitSeconds: Self.statedVisitSeconds,
          uncertainty: Self.statedUncertainty, idleSeconds: idle, countedShare: share))
      basis = "counted, \(inputs.names.monitor), \(Self.span(hours * 3_600))"
    }
  }

  /// A visit of two minutes, as good as any.
  static let statedVisitSeconds = 120.0
  /// People who state rates are off by a third.
  static let statedUncertainty = 0.35

  static func span(_ seconds: Double) -> String {
    seconds < 2 * 86_400
      ? CountText.plural(max(1, Int((seconds / 3_600).rounded())), "hour")
      : CountText.plural(Int((seconds / 86_400).rounded()), "day")
  }

  private static func share(_ monitor: MonitorReport?) -> Interval? {
    monitor?.affectedShare.map { Interval($0.value, $0.lower, $0.upper) }
  }

  private static func wake(_ inputs: DecisionInputs) -> WakeTime {
    if let wake = inputs.monitor?.wakeSeconds, inputs.monitor?.origin == .live {
      return WakeTime(value: wake.value, lower: wake.lower, upper: wake.upper, source: inputs.names.monitor)
    }
    let sleeping = inputs.catalogue.web.filter { $0.sleep != nil }.flatMap { [$0.id] + $0.aliases }
    if let cold = inputs.plans?.plans.first(where: { sleeping.contains($0.plan) && $0.coldVisit != nil })?.coldVisit {
      return WakeTime(value: cold.value, lower: cold.lower, upper: cold.upper, source: inputs.names.plans)
    }
    return .assumed
  }
}
