/// A figure with its unit.
package struct Quantity: Codable, Sendable, Equatable {
  package var value: Double
  package var unit: Unit

  package init(_ value: Double, _ unit: Unit) {
    self.value = value
    self.unit = unit
  }

  package enum Unit: String, Codable, Sendable, CaseIterable {
    case milliseconds = "ms"
    /// A share, 0...1.
    case ratio
    case perSecond = "per_second"
    case count
    case bytes
    case bytesPerSecond = "bytes_per_second"
  }
}

/// One budget as it was judged.
package struct BudgetFigures: Codable, Sendable, Equatable {
  /// As people write it: `response_time{step:schedules}: p(95) < 300 ms`.
  package var text: String
  /// Nobody wrote it: the tool's own, for a scenario without budgets.
  package var isDefault: Bool
  /// `response_time`, `failed`, …
  package var metric: String
  /// `p(95)`, `max`, `rate`, `count`, `share`, …
  package var statistic: String
  /// The step that it is about; null for all.
  @Nullable package var step: String?
  /// Null when there were no samples, or when the figure falls among attempts that never got an answer.
  @Nullable package var observed: Quantity?
  /// The figure falls among attempts that never got an answer: worse than any value.
  package var isUnanswered: Bool
  package var limit: Quantity
  package var verdict: Verdict
  /// Of what was judged; of `silence` the seconds of measured time.
  package var samples: UInt64
  /// For a budget over all steps: the step that did worst by the same figure, when one can be told.
  @Nullable package var worstStep: WorstStep?
  /// Such as too few samples for the quantile.
  @Nullable package var warning: String?
  /// The phase that it is about; nil for all.
  package var phase: String?
  /// The author's own tags that it selects by.
  package var tags: [String: String]?
  /// What it is to the run when it is not met; nil: it fails.
  package var level: Level?
  /// Of a percentile over a run of at least some ten seconds; nil of anything else.
  package var observedInterval: Interval?

  package init(
    text: String, isDefault: Bool = false, metric: String, statistic: String, step: String? = nil,
    observed: Quantity?, isUnanswered: Bool = false, limit: Quantity, verdict: Verdict, samples: UInt64,
    worstStep: WorstStep? = nil, warning: String? = nil, phase: String? = nil, tags: [String: String]? = nil,
    level: Level? = nil, observedInterval: Interval? = nil
  ) {
    self.text = text
    self.isDefault = isDefault
    self.metric = metric
    self.statistic = statistic
    self.step = step
    self.observed = observed
    self.isUnanswered = isUnanswered
    self.limit = limit
    self.verdict = verdict
    self.samples = samples
    self.worstStep = worstStep
    self.warning = warning
    self.phase = phase
    self.tags = tags
    self.level = level
    self.observedInterval = observedInterval
  }

  package enum Level: String, Codable, Sendable, CaseIterable {
    case fail
    /// Told, and in no exit code.
    case warn
  }

  package enum Verdict: String, Codable, Sendable, CaseIterable {
    case met
    case notMet = "not_met"
    /// Nothing to judge: counts as not met.
    case noData = "no_data"
    /// Not met as observed, but within the limit for all that the run can tell, where only what is sure is to fail.
    case unsure
  }

  /// Where the long run's figure is, by the run's seconds, at 95 %; in the unit of what was observed.
  package struct Interval: Codable, Sendable, Equatable {
    /// Null: above every time that was measured.
    @Nullable package var lower: Double?
    @Nullable package var upper: Double?

    package init(lower: Double?, upper: Double?) {
      self.lower = lower
      self.upper = upper
    }
  }

  package struct WorstStep: Codable, Sendable, Equatable {
    package var name: String
    /// Null when the figure falls among attempts that never got an answer.
    @Nullable package var observed: Quantity?

    package init(name: String, observed: Quantity?) {
      self.name = name
      self.observed = observed
    }
  }

  private enum CodingKeys: String, CodingKey {
    case text, metric, statistic, step, observed, limit, verdict, samples, warning, phase, tags, level
    case isDefault = "is_default"
    case observedInterval = "observed_interval"
    case isUnanswered = "observed_unanswered"
    case worstStep = "worst_step"
  }
}
