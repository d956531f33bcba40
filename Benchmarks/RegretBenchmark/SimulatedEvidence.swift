import Evidence
import Foundation
import Plans
import ProvisionDecision

/// What an owner has to show after two weeks: the log's counts, perhaps a wake that a monitor timed, and their values.
extension SimulatedOwner {
  /// A Monday.
  private static let epoch: Int64 = 1_795_996_800

  func inputs(_ catalogue: Catalogue) -> DecisionInputs {
    var values = OwnerValues()
    values.valuePerColdVisit = valuePerColdVisit
    values.maxAffected = maxAffected
    values.keepAwakeIsAllowed = keepAwakeIsAllowed
    values.keepAwakeMiss = keepAwakeMiss
    values.growthPerYear = growthPerYear
    values.data = isDataPrecious ? .precious : .scrapeable
    values.dataLossValue = dataLossValue
    if saysOtherHours, services > 1 { values.otherServiceHours = otherHours }
    let place: Deployment.Database =
      switch database {
      case .free: .plan("free")
      case .external: .external
      case .none: .none
      }
    var inputs = DecisionInputs(
      catalogue: catalogue, values: values, now: Deployment(web: "free", database: place), services: services)
    inputs.traffic = traffic
    if measuredWake { inputs.monitor = monitor }
    return inputs
  }

  private func instant(_ seconds: Double) -> UTCInstant {
    UTCInstant(Date(timeIntervalSince1970: Double(Self.epoch) + seconds))
  }

  private var traffic: Traffic {
    let end = Double(Self.evidenceDays) * 86_400
    let seen = visits.prefix { $0.start < end }
    var activity: [[Int]] = []
    // A visit asks every half minute or so, so that its requests are one span.
    for visit in seen {
      let span = [Int(visit.start), Int(min(visit.end, end - 1))]
      if let last = activity.indices.last, span[0] - activity[last][1] <= 60 {
        activity[last][1] = max(activity[last][1], span[1])
      } else {
        activity.append(span)
      }
    }
    var rates = [Double](repeating: 0, count: 168)
    for visit in seen { rates[Int(visit.start / 3_600) % 168] += 0.5 }
    let others = bots.prefix { $0 < end }.map { [Int($0), Int($0)] }
    return Traffic(
      origin: .live, outgrown: .init(version: "0", commit: nil), sources: ["access.log"], timeZone: "UTC",
      from: instant(0), to: instant(end), visitsByHourOfWeek: rates, requestsPerVisit: 4,
      peak: .init(requestsPerSecondInBusiestMinute: 1, requestsInBusiestSecond: 3, at: instant(0)),
      egressBytesPerMonth: 1e8,
      counted: .init(
        visits: seen.map { Int($0.start) }, visitGapSeconds: 300, activity: activity, otherActivity: others,
        spanGapSeconds: 60, requests: seen.count * 4, unreadableLines: 0))
  }

  private var monitor: MonitorReport {
    MonitorReport(
      origin: .live, outgrown: .init(version: "0", commit: nil), service: "simulated", url: nil, sensor: .heartbeats,
      from: instant(0), to: instant(86_400), secondsByState: [:], uptime: nil, wakes: 10,
      wakeSeconds: Estimate(wakeSeconds, lower: wakeSeconds * 0.9, upper: wakeSeconds * 1.1, basis: .measured),
      affectedShare: nil, visits: nil, instanceHoursPerMonth: nil, causedSeconds: 0, probes: 0, transitions: [])
  }
}
