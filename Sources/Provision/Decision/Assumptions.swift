import Evidence
import Plans
import Statistics
import Wording

/// What a decision takes for granted, in sentences: the owner's defaults, what was not measured, and what the log said.
struct Assumptions {
  private let builder: DecisionBuilder

  init(_ builder: DecisionBuilder) { self.builder = builder }

  private var inputs: DecisionInputs { builder.inputs }
  private var values: OwnerValues { inputs.values }

  var all: [String] { owner + evidence + warnings }

  private func said(_ key: String) -> String { values.given.contains(key) ? inputs.names.values : "default" }

  private var owner: [String] {
    var list = [
      values.valuePerColdVisit.map { "an affected visit costs \(Figure.statedDollars($0)) (\(inputs.names.values))" }
        ?? "an affected visit costs \(Figure.statedDollars(values.waitingValue.value)), from nothing to "
        + "\(Figure.statedDollars(values.waitingValue.upper)): nobody said (value_per_cold_visit)",
      values.maxAffected.map { "at most \(Figure.percent($0)) of visits may be affected (\(inputs.names.values))" }
        ?? "any share of visits may be affected: nobody said how many (max_affected)",
      "traffic grows by \(Figure.percent(values.growthPerYear)) a year, over \(CountText.plural(values.horizonMonths, "month")) "
        + "(\(said("growth_per_year")))",
      values.data == .precious
        ? "the data can't be scraped again (\(said("data")))" : "the data can be scraped again (\(said("data")))",
    ]
    if let now = inputs.catalogue.web(inputs.now.web),
      let cheapest = inputs.catalogue.web.filter({ $0.monthly < now.monthly }).min(by: { $0.monthly < $1.monthly })
    {
      list.append(
        "plans cheaper than \(now.name) are taken only where capacity and memory were measured on them "
          + "(bench plans --plans \(cheapest.id))")
    }
    if builder.now?.sleeps == true {
      list.append(
        values.keepAwakeIsAllowed ? pings : "it may not be kept awake by pings (\(said("keep_awake")))")
      if inputs.services == 1 {
        list.append("no other free service shares the workspace's hours (--services)")
      } else if values.otherServiceHours == nil {
        list.append(
          "the workspace's other \(CountText.plural(inputs.services - 1, "free service")) run 10 to 744 hours a month each"
        )
      }
    }
    return list
  }

  private var pings: String {
    let record = values.keepAwakeBy.record
    let bounds = PingBounds(values)
    func interval(_ value: KeyPath<PingModel, Double>) -> Estimate {
      Estimate(bounds.expected[keyPath: value], bounds.best[keyPath: value], bounds.worst[keyPath: value])
    }
    let miss = values.keepAwakeMiss == nil ? record.source ?? "assumed" : inputs.names.values
    let outages = values.keepAwakeOutageHours == nil ? record.source ?? "assumed" : inputs.names.values
    return
      "a \(values.keepAwakeBy.rawValue) that pings every \(Figure.bare(values.keepAwakeEverySeconds / 60)) minutes keeps "
      + "it awake; \(Figure.percent(interval(\.miss))) of its pings fail to come, each by itself (\(miss)), and for "
      + "\(Figure.percent(interval(\.outageShare))) of the time none comes (\(outages))"
  }

  private var evidence: [String] {
    var list: [String] = []
    if builder.now?.sleeps == true, builder.visits.knownWake == nil {
      let wake = builder.visits.wake
      list.append(
        "a wake takes \(Figure.bare(wake.value)) s [\(Figure.bare(wake.lower))–\(Figure.bare(wake.upper))], not measured "
          + "(bench plans or monitor measures it)")
    }
    if inputs.plans == nil, inputs.bench?.plan == nil {
      list.append(
        "a request takes 0.1 to 20 ms of CPU time, not measured (bench plans measures the capacity)")
    }
    if (values.memoryKillsPerMonth ?? 0) > 0, MemoryEvidence(inputs).peakMegabytes == nil {
      list.append("more memory than it is killed with is enough: its peak is not known (memory_peak)")
    }
    if let bench = inputs.bench, bench.plan == nil {
      list.append("\(inputs.names.bench) names no plan that it was measured on: it tells nothing of plans")
    }
    if let plans = inputs.plans {
      list.append(
        "capacity is of \(inputs.names.plans), \(plans.origin.rawValue) on \(plans.machine.cpuModel ?? "another CPU"): the "
          + "host's CPU is not calibrated" + (plans.limiter == .approximate ? "; approximate quota" : ""))
    }
    if inputs.monitor != nil, inputs.countingMonitor == nil {
      list.append("\(inputs.names.monitor) is of an emulated plan: whom it saw were no visitors")
    }
    if inputs.traffic?.origin == .assumed {
      list.append(
        "visits were stated, not counted: Poisson by hour of the week, rates 35 % less or more, two minutes a visit")
    }
    if let pinger = builder.visits.pinger {
      list.append(
        values.keepAwakeIsAllowed
          ? "already kept awake by \(pinger.name): its pings are counted as they came; without them only people's "
            + "requests reset the idle clock"
          : "kept awake by \(pinger.name) in the log, which you refuse: its pings are left out")
    }
    if case .plan(let id) = inputs.now.database, inputs.catalogue.database(id)?.expiresAfterDays != nil,
      values.data == .scrapeable
    {
      list.append("the free database is made anew when it expires")
    }
    list.append("prices: \(inputs.catalogue.title) (\(inputs.catalogue.source.text), \(inputs.catalogue.source.asOf))")
    return list
  }

  private var warnings: [String] {
    let traffic = inputs.traffic?.warnings.filter { !$0.hasPrefix("already kept awake") } ?? []
    return traffic.map { "\(inputs.names.traffic): \($0)" } + disagreement
  }

  /// A monitor and a log that can't both be right.
  private var disagreement: [String] {
    guard let seen = inputs.countingMonitor?.affectedShare, let counted = builder.now?.outlook?.share,
      inputs.traffic?.counted != nil, seen.upper < counted.lower || seen.lower > counted.upper
    else { return [] }
    return [
      "\(inputs.names.monitor) has \(Figure.percent(seen.value, seen.lower, seen.upper)) of visits affected, unlike "
        + "\(inputs.names.traffic): the log was followed"
    ]
  }
}
