import Evidence
import Foundation
import Plans
import Statistics
import Wording

/// What the evidence tells of visits and of wakes, the most direct first: a log, a monitor's counts, stated rates.
struct VisitEvidence {
  var source: Outlooks.Source?
  /// As counted with the pings that the log holds; nil where there are none.
  var pinged: Outlooks.Source?
  var pinger: Traffic.SetApart?
  /// Seconds, where it was measured.
  var knownWake: Estimate?
  /// In words: `counted, access.log, 14 days`.
  var basis: String
  /// The file.
  var file: String?

  init(_ inputs: DecisionInputs) {
    let idle = inputs.catalogue.web.compactMap(\.sleep).first?.idleSeconds ?? 900
    knownWake = Self.wake(inputs)
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
            uncertainty: Self.statedUncertainty, idleSeconds: idle, countedShare: inputs.countingMonitor?.affectedShare)
        )
        basis = "modelled, \(inputs.names.traffic)"
      }
    } else if let monitor = inputs.countingMonitor, let visits = monitor.visits, let share = monitor.affectedShare {
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

  /// Seconds that a wake takes. Public captures show about 19 s and more for a small service; the host speaks of about a
  /// minute.
  static let assumedWake = Estimate(30, lower: 10, upper: 60, basis: .assumed)

  var wake: Estimate { knownWake ?? Self.assumedWake }

  private static func wake(_ inputs: DecisionInputs) -> Estimate? {
    if let wake = inputs.monitor?.wakeSeconds, inputs.monitor?.origin == .live { return wake }
    let sleeping = inputs.catalogue.web.filter { $0.sleep != nil }.flatMap { [$0.id] + $0.aliases }
    return inputs.plans?.plans.first { sleeping.contains($0.plan) && $0.coldVisit != nil }?.coldVisit
  }
}
