import Evidence
import Foundation
import Plans
import ProvisionDecision
import Statistics

/// What an owner has to show: the log's counts, perhaps a wake that a monitor timed, perhaps plans that were emulated,
/// and what they say in `values.yaml`.
extension SimulatedOwner {
  /// A Monday.
  private static let epoch: Int64 = 1_795_996_800

  var place: Hosting.Database {
    switch database {
    case .free: .plan("free")
    case .external: .external
    case .none: .none
    }
  }

  var now: Hosting { Hosting(web: load.plan, database: place) }

  func inputs(_ catalogue: Catalogue) -> DecisionInputs {
    var inputs = DecisionInputs(catalogue: catalogue, values: values, now: now, services: services)
    inputs.traffic = seen
    if measuredWake { inputs.monitor = monitor }
    if load.evidence != .nothing { inputs.plans = plans }
    return inputs
  }

  /// As the file gives them; the rest stays as nobody said.
  private var values: OwnerValues {
    var values = OwnerValues()
    func say(_ key: String, _ set: (inout OwnerValues) -> Void) {
      set(&values)
      values.given.insert(key)
    }
    say("growth_per_year") { $0.growthPerYear = traffic.growthPerYear }
    say("data") { $0.data = isDataPrecious ? .precious : .scrapeable }
    if isDataPrecious { say("data_loss_value") { $0.dataLossValue = dataLossValue } }
    say("keep_awake") { $0.keepAwakeIsAllowed = keepAwakeIsAllowed }
    if saysValue { say("value_per_cold_visit") { $0.valuePerColdVisit = valuePerColdVisit } }
    if maxAffected < 1 { say("max_affected") { $0.maxAffected = maxAffected } }
    if let timeLimit {
      say("client_time_limit") { $0.clientTimeLimitSeconds = timeLimit.seconds }
      if timeLimit.failedValue != 1 { say("value_per_failed_visit") { $0.valuePerFailedVisit = valuePerFailedVisit } }
    }
    if saysOtherHours, services > 1 { say("other_service_hours") { $0.otherServiceHours = otherHours } }
    if load.saysMemory { say("memory_peak") { $0.memoryPeakMegabytes = load.memoryMegabytes } }
    if load.saysKills { say("oom_kills_a_month") { $0.memoryKillsPerMonth = load.killsPerMonth } }
    values.keepAwakeEverySeconds = 300
    if pinger.everySeconds != 300 { say("keep_awake_every") { $0.keepAwakeEverySeconds = pinger.everySeconds } }
    if pinger.said != .nothing { say("keep_awake_by") { $0.keepAwakeBy = pinger.kind } }
    if pinger.said == .history {
      say("keep_awake_miss") { $0.keepAwakeMiss = pinger.miss }
      say("keep_awake_outages") { $0.keepAwakeOutageHours = pinger.outageHoursPerMonth }
    }
    return values
  }

  private func instant(_ seconds: Double) -> UTCInstant {
    UTCInstant(Date(timeIntervalSince1970: Double(Self.epoch) + Double(traffic.firstWeekday) * 86_400 + seconds))
  }

  // MARK: The log

  private var seen: Traffic {
    let end = Double(logDays) * 86_400
    let visits = visitors.visits.prefix { $0.start < end }
    var activity: [[Int]] = []
    // A visit asks every half minute or so, so that its requests are one span.
    for visit in visits {
      let span = [Int(visit.start), Int(min(visit.end, end - 1))]
      if let last = activity.indices.last, span[0] - activity[last][1] <= 60 {
        activity[last][1] = max(activity[last][1], span[1])
      } else {
        activity.append(span)
      }
    }
    let peak = BusyMinutes(visits.lazy.map(\.start)).peak(requestsPerVisit: load.requestsPerVisit)
    return Traffic(
      origin: .live, outgrown: .init(version: "0", commit: nil), sources: ["access.log"], timeZone: "UTC",
      from: instant(0), to: instant(end), visitsByHourOfWeek: rates(visits.map(\.start)),
      requestsPerVisit: load.requestsPerVisit,
      peak: .init(requestsPerSecondInBusiestMinute: peak, requestsInBusiestSecond: 3, at: instant(0)),
      egressBytesPerMonth: 1e8,
      counted: .init(
        visits: visits.map { Int($0.start) }, visitGapSeconds: 300, activity: activity,
        otherActivity: visitors.bots.prefix { $0 < end }.map { [Int($0), Int($0)] }, spanGapSeconds: 60,
        requests: Int(Double(visits.count) * load.requestsPerVisit), unreadableLines: 0))
  }

  /// Visits in an hour of each hour of the week; where the log lacks one, the mean of that hour on other days, of its
  /// kind where there are any.
  private func rates(_ starts: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: 168)
    var covered = counts
    let offset = traffic.firstWeekday * 24
    for hour in 0..<(logDays * 24) { covered[(offset + hour) % 168] += 1 }
    for start in starts { counts[(offset + Int(start / 3_600)) % 168] += 1 }
    return (0..<168).map { hour in
      guard covered[hour] == 0 else { return counts[hour] / covered[hour] }
      let alike = stride(from: hour % 24, to: 168, by: 24).filter { covered[$0] > 0 }
      let ofKind = alike.filter { ($0 >= 120) == (hour >= 120) }
      let others = ofKind.isEmpty ? alike : ofKind
      return others.reduce(0) { $0 + counts[$1] } / max(1, others.reduce(0) { $0 + covered[$1] })
    }
  }

  // MARK: Measurements

  private var wake: Estimate {
    Estimate(wakeSeconds, lower: wakeSeconds * 0.9, upper: wakeSeconds * 1.1, basis: .measured)
  }

  private var monitor: MonitorReport {
    MonitorReport(
      origin: .live, outgrown: .init(version: "0", commit: nil), service: "simulated", url: nil, sensor: .heartbeats,
      from: instant(0), to: instant(86_400), secondsByState: [:], uptime: nil, wakes: 10, wakeSeconds: wake,
      affectedShare: nil, visits: nil, instanceHoursPerMonth: nil, causedSeconds: 0, probes: 0, transitions: [])
  }

  private var plans: PlansReport {
    let all = ["free", "starter", "standard"]
    let measured = load.evidence == .own ? [load.plan] : Array(all.prefix((all.firstIndex(of: load.plan) ?? 0) + 1))
    return PlansReport(
      origin: .emulated, startedAt: instant(0), durationSeconds: 600, outgrown: .init(version: "0", commit: nil),
      machine: Machine(cores: 2), command: ["app"],
      scenario: ScenarioSummary(
        name: "visits", fileSHA256: nil, target: "http://127.0.0.1", model: .init(kind: .rate, stages: []), seed: 1,
        warmUpSeconds: 0, gracefulStopSeconds: 0),
      catalogue: "render-2026-10", limiter: .cgroupV1, timeScale: 1, plans: measured.map(figures))
  }

  private func figures(_ plan: String) -> PlanFigures {
    let cpu = SimulatedLoad.cpu[plan] ?? 1
    let memory = SimulatedLoad.memory[plan] ?? 512
    guard load.holdsMemory(plan) else {
      return PlanFigures(
        plan: plan, cpu: cpu, memoryMegabytes: Int(memory), outcome: .measured, constraint: .memory,
        explanation: "killed for memory", peakMemoryBytes: UInt64(memory * 1_048_576), memoryKills: 3)
    }
    let held = load.capacity(plan) * load.tried
    return PlanFigures(
      plan: plan, cpu: cpu, memoryMegabytes: Int(memory), outcome: .measured, constraint: .latency,
      explanation: "latency", capacity: Estimate(held, lower: held, upper: held * 1.1, basis: .measured),
      coldVisit: plan == "free" ? wake : nil, cpuShare: 1,
      peakMemoryBytes: UInt64(min(memory, load.memoryMegabytes * load.seenMemory) * 1_048_576))
  }
}
