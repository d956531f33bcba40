package import BenchEngine
import Histograms
package import Matching
import Wording

/// One promise about a run: `response_time{step:schedules}: p(95) < 300ms over 30s abort after 10s`.
package struct Budget: Sendable, Equatable {
  package var selector: MetricSelector
  package var method: Method
  package var comparison: Comparison
  /// In `unit`.
  package var limit: Double
  /// Set: judged on every full window of this length rather than on the whole run.
  package var window: Duration?
  /// Set: the run is aborted when this is not met after this much measured time.
  package var abortAfter: Duration?
  /// The one that is added where a scenario says nothing about failures.
  package var isDefault: Bool
  /// What it is to the run when it is not met.
  package var level = Level.fail
  /// The author's words.
  package var selectorText: String
  package var conditionText: String

  package enum Level: String, Sendable, Equatable {
    case fail
    /// Told, and in no exit code.
    case warn
  }

  package var unit: MetricUnit { selector.metric.unit(of: method) }

  /// As the author wrote it.
  package var text: String { "\(selectorText): \(conditionText)" }

  /// `failed: rate < 1%`: a latency budget alone must not pass on a dead service.
  package static let defaultFailed = Budget(
    selector: MetricSelector(.failed), method: .rate, comparison: .less, limit: 0.01, window: nil, abortAfter: nil,
    isDefault: true, selectorText: "failed", conditionText: "rate < 1%")

  /// `silence: share < 1%`: users who are not answered ask for nothing, so that counts alone must not pass on a service
  /// that has stopped answering.
  package static let defaultSilence = Budget(
    selector: MetricSelector(.silence), method: .share, comparison: .less, limit: 0.01, window: nil, abortAfter: nil,
    isDefault: true, selectorText: "silence", conditionText: "share < 1%")

  /// `dropped: rate < 1%`: an open load that was not served was not withstood.
  package static let defaultDropped = Budget(
    selector: MetricSelector(.dropped), method: .rate, comparison: .less, limit: 0.01, window: nil, abortAfter: nil,
    isDefault: true, selectorText: "dropped", conditionText: "rate < 1%")

  /// What is judged although nobody asked: `failed`; `silence`, unless all phases are to find the service asleep;
  /// `dropped` where arrivals come at a rate.
  package static func defaults(for plan: LoadPlan) -> [Budget] {
    let sleeps = !plan.phases.isEmpty && plan.phases.allSatisfy(\.wakes)
    let isOpen = plan.loads.contains { !$0.isClosed }
    return [defaultFailed] + (sleeps ? [] : [defaultSilence]) + (isOpen ? [defaultDropped] : [])
  }

  /// The budgets to judge: the author's, and the defaults for what none of them is about that can fail the run.
  package static func complete(_ budgets: [Budget], with defaults: [Budget]) -> [Budget] {
    budgets
      + defaults.filter { added in
        !budgets.contains { $0.level == .fail && $0.selector.metric == added.selector.metric }
      }
  }

  /// The figure that `samples` give; nil when there are none.
  ///
  /// A time for which a request got no answer is `.infinity`, for the mean and the maximum too, as is a captured value that
  /// is no number.
  package func observe(_ samples: MetricSamples) -> Double? {
    guard samples.count > 0 || samples.isMeaningfulWhenZero else { return nil }
    switch samples {
    case .times(let histogram):
      let unvalued = histogram.count - histogram.recorded
      let observed: Double? =
        switch method {
        case .quantile(let quantile): histogram.value(at: quantile)
        case .mean: unvalued > 0 ? .infinity : histogram.mean
        case .maximum: unvalued > 0 ? .infinity : Double(histogram.maximum)
        case .minimum: histogram.recorded > 0 ? Double(histogram.minimum) : .infinity
        case .rate, .count, .share, .last: nil
        }
      return observed.map { $0 / selector.metric.histogramScale }
    case .share(let hits, let total):
      return method == .count ? Double(hits) : Double(hits) / Double(max(total, 1))
    case .events(let count, let seconds):
      return method == .count ? Double(count) : seconds > 0 ? Double(count) / seconds : nil
    case .users(let users):
      switch method {
      case .maximum: return Double(users.highest)
      case .minimum: return Double(users.lowest)
      default: return Double(users.last)
      }
    case .time(let part, let whole): return Double(part) / Double(max(whole, 1))
    }
  }

  /// Judges one set of samples: the only place where a figure meets its limit.
  package func judge(_ samples: MetricSamples) -> BudgetVerdict {
    guard let observed = observe(samples) else {
      return BudgetVerdict(budget: self, outcome: .noData, sampleCount: samples.count)
    }
    var verdict = BudgetVerdict(
      budget: self, outcome: comparison.holds(observed, limit) ? .met : .notMet, observed: observed,
      sampleCount: samples.count)
    if case .quantile(let quantile) = method {
      let beyond = (1 - quantile) * Double(samples.count)
      // 1 − 0.9 is a little over 0.1 in binary: the tolerance keeps 100 samples of a p(90) at ten.
      if beyond < 10 - 1e-6 {
        verdict.warnings.append(
          "only \(BudgetVerdict.rounded(beyond)) of \(samples.count) samples lie beyond \(methodText): "
            + "at least 10 make it steady")
      }
    }
    return verdict
  }

  var methodText: String { conditionText.prefix { !"<>=! ".contains($0) }.description }
}

/// What became of one budget.
package struct BudgetVerdict: Sendable, Equatable {
  package var budget: Budget
  package var outcome: Outcome
  /// In the budget's unit; `.infinity` when the figure falls among requests without an answer; nil without samples.
  package var observed: Double?
  package var sampleCount: UInt64
  package var warnings: [String] = []
  /// The window that decided a budget with `over`, from the end of the warm-up.
  package var window: ClosedRange<Duration>?
  /// Of a percentile over a whole run of some seconds: where the long run's is, as far as this run can tell.
  package var interval: Interval?

  /// In the budget's unit, with what was observed in it; `.infinity` among requests without an answer.
  package struct Interval: Sendable, Equatable {
    package var lower: Double
    package var upper: Double
  }

  package enum Outcome: String, Sendable, Equatable {
    case met
    case notMet = "not-met"
    case noData = "no-data"
    /// Not met as observed, but within the limit for all that the run can tell. Only where asked for.
    case unsure
  }

  /// The same, failing only where the whole interval is beyond the limit; where there is none, by what was observed.
  package var weighed: BudgetVerdict {
    guard outcome == .notMet, budget.comparison.isOrder, let interval,
      [interval.lower, interval.upper].contains(where: { budget.comparison.holds($0, budget.limit) })
    else { return self }
    var verdict = self
    verdict.outcome = .unsure
    return verdict
  }

  /// It makes the run fail.
  package var isBroken: Bool { outcome == .notMet && budget.level == .fail }

  package init(
    budget: Budget, outcome: Outcome, observed: Double? = nil, sampleCount: UInt64, warnings: [String] = []
  ) {
    self.budget = budget
    self.outcome = outcome
    self.observed = observed
    self.sampleCount = sampleCount
    self.warnings = warnings
  }

  /// `412 ms`, `0.4 %`, `120.5/s`, `no answer` or `no data`.
  package var observedText: String {
    guard let observed else { return "no data" }
    return Self.text(observed, budget.unit)
  }

  static func text(_ value: Double, _ unit: MetricUnit) -> String {
    guard value.isFinite else { return unit == .count ? "no number" : "no answer" }
    return switch unit {
    case .nanoseconds: DurationText.format(.nanoseconds(Int64(min(max(value, 0), 9e18))))
    case .share: "\(rounded(value * 100)) %"
    case .perSecond: "\(rounded(value))/s"
    case .count: rounded(value)
    case .bytes: ByteText.format(value)
    case .bytesPerSecond: "\(ByteText.format(value))/s"
    }
  }

  /// At most three decimals, none that are zero.
  static func rounded(_ value: Double) -> String {
    value.magnitude < 1e15 ? NumberText.trimmed(value, 3) : "\(value)"
  }
}
