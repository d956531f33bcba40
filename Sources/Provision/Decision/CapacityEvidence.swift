import Evidence
import Plans
import Statistics

/// What is known of how many requests a second the service takes on each plan, and of how many will come.
struct CapacityEvidence {
  private let inputs: DecisionInputs
  /// Requests a second in the busiest minute, at the horizon's busiest; nil where nothing is known. Of rates that were
  /// stated the most that is plausible.
  let peak: Double?
  /// The least that it is: below `peak` where that was made up from rates.
  private let leastPeak: Double
  /// The peak was seen in a log, not made up from rates.
  let isPeakCounted: Bool

  /// What is plausible of a service that nobody measured: 20 ms to 0.1 ms of CPU time a request. A Python service on a
  /// tenth of a CPU held 16 requests a second where it was measured, one that serves from memory 1,240.
  static let plausibleCPUSeconds = 0.000_1...0.02
  /// How much a cache may speed up reads, at most: fifteenfold where it was measured.
  static let cacheGain = 15.0

  init(_ inputs: DecisionInputs, scale: Double) {
    self.inputs = inputs
    let growth = scale * (inputs.values.growthFactors.max() ?? 1)
    if let peak = inputs.traffic?.peak {
      self.peak = peak.requestsPerSecondInBusiestMinute * growth
      leastPeak = peak.requestsPerSecondInBusiestMinute * growth
      isPeakCounted = true
    } else if let traffic = inputs.traffic {
      // Stated by the hour: within it a minute may be ten times as busy.
      leastPeak = (traffic.visitsByHourOfWeek.max() ?? 0) * traffic.requestsPerVisit / 3_600 * growth
      peak = leastPeak * 10
      isPeakCounted = false
    } else {
      peak = nil
      leastPeak = 0
      isPeakCounted = false
    }
  }

  struct Known {
    var estimate: Estimate
    var source: String
    /// The generator gave out first: more than the value is possible.
    var isLowerBoundOnly: Bool
  }

  /// What was measured of a plan.
  func known(_ plan: WebPlan, cache: String? = nil) -> Known? {
    let report = cache != nil && cache != inputs.now.cache ? inputs.plansWithCache : inputs.plans
    let name = cache != nil && cache != inputs.now.cache ? inputs.names.plansWithCache : inputs.names.plans
    let ids = [plan.id] + plan.aliases
    if let figures = report?.plans.first(where: { ids.contains($0.plan) }), let capacity = figures.capacity {
      let isOpen = figures.constraint == .generator || figures.constraint == .none
      return Known(estimate: capacity, source: name, isLowerBoundOnly: isOpen)
    }
    guard cache == inputs.now.cache, let bench = inputs.bench, let ran = bench.plan, ids.contains(ran),
      bench.verdict.outcome == .pass
    else { return nil }
    let rate = bench.totals.requests.perSecond
    return Known(
      estimate: Estimate(exactly: rate, basis: .measured), source: inputs.names.bench,
      isLowerBoundOnly: true)
  }

  /// With a cache that does not run yet, what was measured with it on.
  private func outcome(_ plan: WebPlan, cache: String?) -> PlanFigures? {
    let report = cache != nil && cache != inputs.now.cache ? inputs.plansWithCache : inputs.plans
    return report?.plans.first { $0.plan == plan.id || plan.aliases.contains($0.plan) }
  }

  /// CPU time that a request takes: of the plans that were measured, within a factor of two for what does not grow
  /// with the CPU; what is plausible of any service where none was, or where measurements are apart.
  ///
  /// The generator's giving out first tells only the most that a request may take.
  private var cpuSeconds: ClosedRange<Double> {
    var lower = 0.0
    var upper = Double.infinity
    for figures in inputs.plans?.plans ?? [] where figures.outcome == .measured {
      let cpu = inputs.catalogue.web(figures.plan)?.cpu ?? figures.cpu
      guard cpu > 0, let capacity = figures.capacity, capacity.lower > 0 else { continue }
      upper = min(upper, Self.measuredFactor * cpu / capacity.lower)
      guard figures.constraint != .generator, figures.constraint != .none, capacity.upper > 0 else { continue }
      lower = max(lower, cpu / capacity.upper / Self.measuredFactor)
    }
    guard upper.isFinite else { return Self.plausibleCPUSeconds }
    if lower == 0 { lower = min(upper, Self.plausibleCPUSeconds.lowerBound) }
    return lower <= upper ? lower...upper : min(lower, upper)...max(lower, upper)
  }

  /// How far a plan that was not measured may be from another one's capacity by the CPU.
  static let measuredFactor = 2.0

  func check(_ plan: WebPlan, cache: String?) -> Check? {
    if let figures = outcome(plan, cache: cache), figures.outcome != .measured {
      return Check(limit: .capacity, state: .breached, remark: figures.explanation)
    }
    if let figures = outcome(plan, cache: cache), figures.capacity == nil,
      [.latency, .failures, .memory, .start].contains(figures.constraint)
    {
      return Check(
        limit: .capacity, state: .breached,
        remark: "no rate held on \(plan.name): \(figures.explanation)")
    }
    guard let peak else { return nil }
    let shown = "a peak of \(Figure.bare(peak)) req/s"
    if let known = known(plan, cache: cache) {
      let lower = known.estimate.lower
      if lower >= peak {
        return Check(limit: .capacity, state: .clear, remark: "\(Figure.bare(lower)) req/s held, \(shown)")
      }
      guard known.isLowerBoundOnly else {
        guard lower >= leastPeak else {
          return Check(limit: .capacity, state: .breached, remark: "\(Figure.bare(lower)) req/s held, under \(shown)")
        }
        return Check(
          limit: .capacity, state: .open, remark: "\(Figure.bare(lower)) req/s held, \(shown) by stated rates",
          missing: .moreDays(inputs, why: "\(shown) was not counted"))
      }
      return Check(
        limit: .capacity, state: .open, remark: "at least \(Figure.bare(lower)) req/s held, \(shown)",
        missing: need(plan, why: "\(shown) is more than what was tried"))
    }
    if cache != inputs.now.cache, let plain = known(plan, cache: inputs.now.cache) {
      guard plain.estimate.upper * Self.cacheGain >= leastPeak else {
        return Check(limit: .capacity, state: .breached, remark: "\(shown) is beyond what a cache mends")
      }
      return Check(
        limit: .capacity, state: .open, remark: "capacity with the cache on was not measured, \(shown)",
        missing: Need(
          what: "capacity with the cache on", why: "it costs nothing and may carry \(shown)",
          command: "outgrown bench plans SCENARIO --plans \(plan.id) -- CMD with its cache on, then "
            + "--plans-with-cache", effort: 2))
    }
    guard let cpu = plan.cpu else {
      // The guide names no CPU: only a peak that is next to nothing does not decide.
      return peak <= 0.1 / Self.plausibleCPUSeconds.upperBound
        ? Check(limit: .capacity, state: .clear, remark: "not measured; \(shown) does not decide")
        : Check(limit: .capacity, state: .open, remark: "not measured, \(shown)", missing: need(plan, why: shown))
    }
    let seconds = cpuSeconds
    guard seconds != Self.plausibleCPUSeconds else {
      // What is plausible of any service rules a plan out no more than it pays for another.
      return peak <= cpu / seconds.upperBound
        ? Check(limit: .capacity, state: .clear, remark: "not measured; \(shown) does not decide")
        : Check(limit: .capacity, state: .open, remark: "not measured, \(shown)", missing: need(plan, why: shown))
    }
    let by = "by the plans that were measured"
    if peak <= cpu / seconds.upperBound {
      return Check(
        limit: .capacity, state: .clear,
        remark: "not measured; at least \(Figure.bare(cpu / seconds.upperBound)) req/s, \(by), \(shown)")
    }
    if leastPeak > cpu / seconds.lowerBound {
      return Check(
        limit: .capacity, state: .breached,
        remark: "not measured; at most \(Figure.bare(cpu / seconds.lowerBound)) req/s, \(by), under \(shown)")
    }
    return Check(limit: .capacity, state: .open, remark: "not measured, \(shown)", missing: need(plan, why: shown))
  }

  /// Whether a measurement on this plan itself holds the peak, and what a week shows of peaks with room to spare.
  func isProven(_ plan: WebPlan, cache: String?) -> Bool {
    guard let peak, isPeakCounted, (inputs.traffic?.spanSeconds ?? 0) >= Self.fewestSeconds,
      let known = known(plan, cache: cache)
    else { return false }
    return peak <= Self.headroom * known.estimate.lower
  }

  /// What the busiest minute of a log may be of a plan that a service is moved down to: the year has busier ones.
  static let headroom = 0.6
  /// A week, but an hour.
  private static let fewestSeconds = 167.0 * 3_600

  private func need(_ plan: WebPlan, why: String) -> Need {
    Need(
      what: "capacity on \(plan.name)", why: why,
      command: "outgrown bench plans SCENARIO --plans \(planList(plan)) -- CMD", effort: 2)
  }

  private func planList(_ plan: WebPlan) -> String {
    let ids = inputs.catalogue.web.sorted { $0.monthly < $1.monthly }.prefix(3).map(\.id)
    return ids.contains(plan.id) ? ids.joined(separator: ",") : plan.id
  }
}
