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
  /// Of each selector that a window, or a percentile of the whole run, is about; and by budget which it is.
  private var histories: [SelectorHistory] = []
  private var places: [Int?] = []
  /// By budget the window that decides so far: the first that does not hold, else the latest.
  private var deciding: [Int: BudgetVerdict] = [:]
  private var waking: WakeWatch?
  private var silence: SilenceWatch
  private var users = UserLevels()
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
    for budget in budgets {
      let known = histories.firstIndex { $0.selector == budget.selector }
      if known == nil, let new = SelectorHistory(of: budget.selector, for: budgets) { histories.append(new) }
      places.append(histories.firstIndex { $0.selector == budget.selector })
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
    if waking != nil || !histories.isEmpty { observe(secondOf: progress, &view) }
    for (index, budget) in budgets.enumerated() {
      guard let patience = budget.abortAfter, let clock = clock(of: budget.selector, progress),
        clock.sinceWarmUp >= patience.seconds
      else { continue }
      let judged = budget.window == nil ? budget.judge(view.kept(for: budget.selector)) : deciding[index]
      guard var verdict = judged, verdict.outcome == .notMet else { continue }
      if isSure, silences.isEmpty, case .quantile = budget.method, budget.window == nil {
        verdict.interval = interval(of: verdict, at: index)
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
    for place in histories.indices {
      let selector = histories[place].selector
      // When a silence was is known afterwards only.
      let samples = selector.metric == .silence ? view.kept(for: selector) : lately.kept(for: selector)
      let clock = clock(of: selector, progress).flatMap { $0.isPlanned ? $0.sinceWarmUp : nil }
      for full in histories[place].add(samples, at: clock) { judge(full) }
    }
  }

  private mutating func judge(_ full: SelectorHistory.Window) {
    let samples = full.window.samples()
    let span = full.window.span
    for index in full.budgets where deciding[index]?.outcome != .notMet {
      var verdict = budgets[index].judge(samples)
      verdict.window = Duration.seconds(span.lowerBound)...Duration.seconds(span.upperBound)
      if deciding[index]?.outcome != .noData || verdict.outcome == .notMet { deciding[index] = verdict }
    }
  }

  /// Seconds of measured time, of the phase where the selector names one; nil before there are any.
  private func clock(of selector: MetricSelector, _ progress: LoadProgress) -> (sinceWarmUp: Double, isPlanned: Bool)? {
    var elapsed = progress.elapsedNanoseconds
    var planned = progress.plannedNanoseconds
    var warmUp = plan.phases.isEmpty ? plan.warmUp : .zero
    if let name = selector.phase {
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
      if budget.window != nil { return deciding[index] ?? undecided(budget, at: index) }
      var verdict = budget.judge(view.kept(for: budget.selector))
      verdict.interval = interval(of: verdict, at: index)
      // Seconds in which nobody was answered say nothing of how sure anything is.
      return isSure && counted.isEmpty ? verdict.weighed : verdict
    }
  }

  /// Of a budget whose first window was never full.
  private func undecided(_ budget: Budget, at index: Int) -> BudgetVerdict {
    let windows = places[index].map { histories[$0].windows } ?? []
    let seen = windows.first { $0.budgets.contains(index) }?.window.samples().count
    return BudgetVerdict(budget: budget, outcome: .noData, sampleCount: seen ?? 0)
  }

  /// Of a percentile of the whole run, with what was observed in it.
  private func interval(of verdict: BudgetVerdict, at index: Int) -> BudgetVerdict.Interval? {
    guard case .quantile(let quantile) = verdict.budget.method, let observed = verdict.observed,
      let found = places[index].flatMap({ histories[$0].seconds })?.interval(of: quantile)
    else { return nil }
    let scale = verdict.budget.selector.metric.histogramScale
    return BudgetVerdict.Interval(lower: min(found.lower / scale, observed), upper: max(found.upper / scale, observed))
  }
}
