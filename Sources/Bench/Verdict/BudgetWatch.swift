package import BenchEngine
import Histograms
import Measures
import Wording

/// Follows a run second by second: judges windows, says when to abort, and gives the verdicts at the end.
///
/// With `over`, a window of that length slides along the measured time in steps of one observation: each is judged as a
/// run of its own and every one must hold. A window in which nothing was measured is no data, which fails; so is a run
/// that ends before the first window is full.
package struct BudgetWatch: Sendable {
  private let plan: LoadPlan
  private let labels: PlanLabels
  private let budgets: [Budget]
  private var windows: [Int: SlidingWindow] = [:]
  private var waking: WakeWatch?
  private var silence: SilenceWatch
  private var users = UserLevels()
  /// Of each time that a budget on a percentile is about.
  private var seconds: [MetricSelector: SecondBlocks] = [:]
  private let isSure: Bool

  /// - Parameters:
  ///   - budgets: as `Budget.complete` gives them.
  ///   - wake: which phase finds the service asleep, and what holds again once it is awake.
  ///   - isSure: a percentile fails a run, or ends it, only where the whole of its interval is beyond its limit.
  package init(
    budgets: [Budget], plan: LoadPlan, wake: (phase: Int, budget: Budget)? = nil, isSure: Bool = false
  ) {
    self.plan = plan
    labels = PlanLabels(plan)
    self.isSure = isSure
    self.budgets = budgets
    silence = SilenceWatch(plan: plan)
    waking = wake.map { WakeWatch(phase: $0.phase, budget: $0.budget) }
    for (index, budget) in budgets.enumerated() {
      if let length = budget.window {
        windows[index] = SlidingWindow(seconds: length.seconds)
      } else if case .quantile = budget.method, !budget.selector.metric.isOfWholeRun {
        seconds[budget.selector] = SecondBlocks()
      }
    }
  }

  /// Takes one observation. Returns the verdict that ends the run, once a budget with `abort after` is not met.
  package mutating func observe(_ progress: LoadProgress) -> BudgetVerdict? {
    silence.observe(progress)
    users.observe(progress, plan: plan)
    let silences = silence.silences.filter { !$0.isOfHost }
    var total = progress.total
    if !silences.isEmpty { silence.complete(&total) }
    var view = MetricsView(plan: plan, labels: labels, result: total, silences: silences, users: users)
    if waking != nil || !windows.isEmpty || !seconds.isEmpty { observe(secondOf: progress, &view) }
    for (index, budget) in budgets.enumerated() {
      guard let patience = budget.abortAfter, let clock = clock(of: budget, progress),
        clock.sinceWarmUp >= patience.seconds
      else { continue }
      var verdict = windows[index].map { $0.verdict(of: budget) } ?? budget.judge(view.kept(for: budget.selector))
      guard verdict.outcome == .notMet else { continue }
      if isSure, silences.isEmpty, seconds[budget.selector] != nil, windows[index] == nil {
        verdict.interval = interval(of: verdict)
        guard verdict.interval != nil, verdict.weighed.outcome == .notMet else { continue }
      }
      return verdict
    }
    return nil
  }

  private mutating func observe(secondOf progress: LoadProgress, _ view: inout MetricsView) {
    var second = LoadResult(plan)
    for span in progress.spans { second.add(span) }
    silence.complete(lately: &second)
    var active = UserLevels()
    active.observe(progress, plan: plan)
    var lately = MetricsView(plan: plan, labels: labels, result: second, users: active)
    waking?.observe(progress, lately)
    for selector in Array(seconds.keys) {
      if case .times(let histogram) = lately.kept(for: selector) { seconds[selector]?.add(histogram) }
    }
    for (index, budget) in budgets.enumerated() {
      guard windows[index] != nil, let clock = clock(of: budget, progress), clock.isPlanned else { continue }
      // When a silence was is known afterwards only.
      let samples =
        budget.selector.metric == .silence ? view.kept(for: budget.selector) : lately.kept(for: budget.selector)
      windows[index]?.add(samples, at: clock.sinceWarmUp, judging: budget)
    }
  }

  /// Seconds of measured time, of the phase where the budget names one; nil before there are any.
  private func clock(of budget: Budget, _ progress: LoadProgress) -> (sinceWarmUp: Double, isPlanned: Bool)? {
    var elapsed = progress.elapsedNanoseconds
    var planned = progress.plannedNanoseconds
    var warmUp = plan.phases.isEmpty ? plan.warmUp : .zero
    if let name = budget.selector.phase {
      guard let index = plan.phases.firstIndex(where: { $0.name == name }) else { return nil }
      let phase = progress.total.phases[index]
      guard phase.startNanoseconds != nil else { return nil }
      elapsed = phase.elapsedNanoseconds
      planned = UInt64(plan.phases[index].workload.duration.seconds * 1e9)
      warmUp = plan.phases[index].warmUp
      if phase.hasEnded { planned = 0 }
    }
    let sinceWarmUp = Double(elapsed) / 1e9 - warmUp.seconds
    return sinceWarmUp > 0 ? (sinceWarmUp, elapsed <= planned + 500_000_000) : nil
  }

  /// What the wake took, as far as it was seen; nil where no phase was to find the service asleep, or it never began.
  package var wake: WakeObservation? { waking?.observation }

  /// Silences so far, or of the whole run once it has been completed.
  package var silences: [Silence] { silence.silences }

  /// Takes the end of the run: silences that last are judged as such.
  /// - Returns: the result with what users of closed models withheld during silences.
  package mutating func completing(_ result: LoadResult) -> LoadResult {
    silence.finish()
    var result = result
    silence.complete(&result)
    return result
  }

  /// The verdicts at the end of the run, in the budgets' order.
  /// - Parameters:
  ///   - result: as `completing` gave it.
  ///   - includingHost: counts silences that are this host's own too.
  package func verdicts(for result: LoadResult, includingHost: Bool = false) -> [BudgetVerdict] {
    let counted = silence.silences.filter { includingHost || !$0.isOfHost }
    var view = MetricsView(plan: plan, labels: labels, result: result, silences: counted, users: users)
    return budgets.enumerated().map { index, budget in
      if let window = windows[index] { return window.verdict(of: budget) }
      var verdict = budget.judge(view.kept(for: budget.selector))
      verdict.interval = interval(of: verdict)
      // Seconds in which nobody was answered say nothing of how sure anything is.
      return isSure && counted.isEmpty ? verdict.weighed : verdict
    }
  }

  /// Of a percentile of the whole run, with what was observed in it.
  private func interval(of verdict: BudgetVerdict) -> BudgetVerdict.Interval? {
    guard case .quantile(let quantile) = verdict.budget.method, let observed = verdict.observed,
      let found = seconds[verdict.budget.selector]?.interval(of: quantile)
    else { return nil }
    let scale = verdict.budget.selector.metric.histogramScale
    return BudgetVerdict.Interval(lower: min(found.lower / scale, observed), upper: max(found.upper / scale, observed))
  }
}

/// The last W seconds of one metric.
struct SlidingWindow: Sendable {
  private struct Slice {
    var start: Double
    var end: Double
    var added: Added
  }

  /// What came between two observations.
  private enum Added {
    /// Counts by slot, and those without a value that ranks among them.
    case times([Histogram.Entry], unanswered: UInt64)
    case share(hits: UInt64, total: UInt64)
    case events(UInt64)
    case users(ActiveUsers)
    case time(UInt64, of: UInt64)
  }

  private let seconds: Double
  private var slices: [Slice] = []
  private var last: MetricSamples?
  private var lastTime: Double = 0
  /// The window that decides so far: the first that does not hold, else the latest.
  private var deciding: BudgetVerdict?

  init(seconds: Double) { self.seconds = seconds.rounded(.up) }

  /// - Parameter samples: since the last call; of a time all that has been so far.
  mutating func add(_ samples: MetricSamples, at time: Double, judging budget: Budget) {
    guard time > lastTime else { return }
    slices.append(Slice(start: lastTime, end: time, added: added(samples)))
    last = samples
    lastTime = time
    // Observations come once a second, give or take a few milliseconds: half a second tells them apart.
    while let first = slices.first, first.end <= time - seconds + 0.5 { slices.removeFirst() }
    guard let first = slices.first, time >= seconds - 0.5, deciding?.outcome != .notMet else { return }
    var verdict = budget.judge(sum(over: time - first.start))
    verdict.window = Duration.seconds(first.start)...Duration.seconds(time)
    if deciding?.outcome != .noData || verdict.outcome == .notMet { deciding = verdict }
  }

  /// The newest window by itself.
  func latest(judging budget: Budget) -> BudgetVerdict { budget.judge(sum(over: seconds)) }

  func verdict(of budget: Budget) -> BudgetVerdict {
    // Before the first window is full nothing has left it.
    deciding ?? BudgetVerdict(budget: budget, outcome: .noData, sampleCount: sum(over: lastTime).count)
  }

  private func added(_ samples: MetricSamples) -> Added {
    switch samples {
    case .times(let histogram):
      return .times(histogram.entries, unanswered: histogram.unanswered + histogram.beyondRange)
    case .share(let hits, let total): return .share(hits: hits, total: total)
    case .events(let count, _): return .events(count)
    case .users(let users): return .users(users)
    case .time(let part, let whole):
      guard case .time(let partBefore, let wholeBefore)? = last else { return .time(part, of: whole) }
      return .time(part - min(part, partBefore), of: whole - min(whole, wholeBefore))
    }
  }

  /// Values are the highest of their slot, as percentiles are reported.
  private func sum(over length: Double) -> MetricSamples {
    var histogram = Histogram()
    var hits: UInt64 = 0
    var total: UInt64 = 0
    var users = ActiveUsers()
    for slice in slices {
      switch slice.added {
      case .times(let entries, let unanswered):
        for entry in entries {
          histogram.record(
            min(HistogramLayout.highestValue(at: entry.slot), HistogramLayout.highestTrackable), times: entry.count)
        }
        histogram.recordUnanswered(times: unanswered)
      case .share(let addedHits, let addedTotal):
        hits += addedHits
        total += addedTotal
      case .events(let count):
        total += count
      case .users(let added): users.add(added)
      case .time(let part, let whole):
        hits += part
        total += whole
      }
    }
    switch last {
    case .share?: return .share(hits: hits, total: total)
    case .events?: return .events(total, seconds: length)
    case .users?: return .users(users)
    case .time?: return .time(min(hits, total), of: total)
    default: return .times(histogram)
    }
  }
}
