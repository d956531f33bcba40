package import BenchEngine
package import Histograms
import Measures
import Wording

/// What a budget is judged on.
package enum MetricSamples: Sendable, Equatable {
  /// In nanoseconds, or as the metric's `histogramScale` has them.
  case times(Histogram)
  case share(hits: UInt64, total: UInt64)
  case events(UInt64, seconds: Double)
  case users(ActiveUsers)
  /// Nanoseconds of a measured time.
  case time(UInt64, of: UInt64)

  package var count: UInt64 {
    switch self {
    case .times(let histogram): histogram.count
    case .share(_, let total): total
    case .events(let count, _): count
    case .users(let users): users.seconds
    case .time(_, let total): total / 1_000_000_000
    }
  }

  /// No event in a measured time is a rate of zero, not a lack of data.
  var isMeaningfulWhenZero: Bool {
    switch self {
    case .events(_, let seconds): seconds > 0
    case .time(_, let total): total > 0
    case .times, .share, .users: false
    }
  }
}

/// The figures of a run, or of a run so far, by selector. The warm-up is in none of them, but for `iterations`,
/// `dropped` and `dns_time`, which the engine counts over the whole run.
package struct MetricsView: Sendable {
  /// The whole run's, or one phase's.
  private struct Part: Sendable {
    var steps: [StepMeasure]
    var iterations: IterationCounts
    /// From the end of the warm-up to the end of the planned time, or to now.
    var measuredSeconds: Double
    var wholeSeconds: Double

    init(_ steps: [StepMeasure], _ iterations: IterationCounts, elapsed: UInt64, planned: Duration, warmUp: Duration) {
      self.steps = steps
      self.iterations = iterations
      wholeSeconds = min(Double(elapsed) / 1e9, planned.seconds)
      measuredSeconds = max(0, wholeSeconds - warmUp.seconds)
    }
  }

  private let labels: PlanLabels
  private let whole: Part
  private let phases: [String: Part]
  private let silences: [Silence]
  private let phaseNames: [String]
  private let users: UserLevels
  private let lookUps: Histogram
  private var kept: [MetricSelector: MetricSamples] = [:]

  /// - Parameters:
  ///   - labels: of the plan, where they are known already.
  ///   - result: with what was withheld during silences, as `BudgetWatch.completing` gives it.
  ///   - silences: those that count.
  ///   - users: of the observations that `result` adds up.
  package init(
    plan: LoadPlan, labels: PlanLabels? = nil, result: LoadResult, silences: [Silence] = [],
    users: UserLevels = UserLevels()
  ) {
    self.silences = silences
    self.users = users
    lookUps = result.lookUps
    phaseNames = plan.phases.map(\.name)
    self.labels = labels ?? PlanLabels(plan)
    // Phases that follow each other may take less or more than was planned.
    let planned =
      plan.phases.isEmpty ? plan.workload.duration : .nanoseconds(Int64(clamping: result.elapsedNanoseconds))
    whole = Part(
      result.steps, result.iterations, elapsed: result.elapsedNanoseconds, planned: planned,
      warmUp: plan.phases.isEmpty ? plan.warmUp : .zero)
    self.phases = Dictionary(
      zip(plan.phases, result.phases).map { phase, tally in
        let part = Part(
          tally.steps, tally.iterations, elapsed: tally.elapsedNanoseconds, planned: phase.workload.duration,
          warmUp: phase.warmUp)
        return (phase.name, part)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Of the whole run: from the end of the warm-up to the end of the planned time, or to now.
  package var measuredSeconds: Double { whole.measuredSeconds }

  /// The same, added up once however many budgets are about them.
  mutating func kept(for selector: MetricSelector) -> MetricSamples {
    if let known = kept[selector] { return known }
    let found = samples(for: selector)
    kept[selector] = found
    return found
  }

  /// The samples that a selector takes: counts of all steps that it matches, added up.
  package func samples(for selector: MetricSelector) -> MetricSamples {
    let part =
      selector.phase.map { phases[$0] ?? Part([], .init(), elapsed: 0, planned: .zero, warmUp: .zero) } ?? whole
    let steps = part.steps
    let iterations = part.iterations
    let indices = labels.steps(matching: selector).filter { $0 < steps.count }
    switch selector.metric {
    case .responseTime: return .times(Self.merged(steps, indices, \.judgedResponse))
    case .serviceTime: return .times(Self.merged(steps, indices, \.service))
    case .scheduleLag: return .times(Self.merged(steps, indices, \.lag))
    case .dnsTime: return .times(lookUps)
    case .connectTime: return .times(Self.merged(steps, indices, \.phases.connect))
    case .tlsTime: return .times(Self.merged(steps, indices, \.phases.tls))
    case .sendTime: return .times(Self.merged(steps, indices, \.phases.send))
    case .waitTime: return .times(Self.merged(steps, indices, \.phases.wait))
    case .receiveTime: return .times(Self.merged(steps, indices, \.phases.receive))
    case .captured:
      var numbers = Histogram()
      for index in indices {
        for place in labels.captured(selector.captured, by: index) where place < steps[index].captured.count {
          numbers.merge(steps[index].captured[place])
        }
      }
      return .times(numbers)
    case .bytesSent: return .events(Self.sum(steps, indices) { $0.bytesSent }, seconds: part.measuredSeconds)
    case .bytesReceived: return .events(Self.sum(steps, indices) { $0.bytesReceived }, seconds: part.measuredSeconds)
    case .users: return .users(selector.phase.map { users.phases[$0] ?? ActiveUsers() } ?? users.whole)
    case .failed:
      return .share(
        hits: Self.sum(steps, indices) { $0.failed }, total: Self.sum(steps, indices, Self.finished))
    case .checks:
      var passed: UInt64 = 0
      var total: UInt64 = 0
      for index in indices {
        let tally = steps[index]
        for check in labels.checks(of: index, labelled: selector.check) where check < tally.checksPassed.count {
          passed += tally.checksPassed[check]
          total += tally.checksPassed[check] + tally.checksFailed[check]
        }
      }
      return .share(hits: passed, total: total)
    case .requests:
      return .events(Self.sum(steps, indices, Self.finished), seconds: part.measuredSeconds)
    case .iterations:
      return .events(iterations.completed + iterations.failed, seconds: part.wholeSeconds)
    case .dropped:
      return .share(hits: iterations.dropped + iterations.startedLate, total: iterations.scheduled)
    case .silence:
      let matching = silences.filter { silence in
        indices.contains(silence.step)
          && selector.phase.map { name in silence.phase.map { phaseNames[$0] == name } ?? false } ?? !silence.isExpected
      }
      let measured = UInt64(max(0, part.measuredSeconds) * 1e9)
      return .time(min(matching.measuredNanoseconds, measured), of: measured)
    }
  }

  /// Requests that came to an end, good or bad.
  private static func finished(_ tally: StepMeasure) -> UInt64 {
    tally.attempts - min(tally.interrupted, tally.attempts)
  }

  private static func merged(
    _ steps: [StepMeasure], _ indices: [Int], _ histogram: KeyPath<StepMeasure, Histogram>
  ) -> Histogram {
    if let only = indices.first, indices.count == 1 { return steps[only][keyPath: histogram] }
    var result = Histogram()
    for index in indices { result.merge(steps[index][keyPath: histogram]) }
    return result
  }

  private static func sum(_ steps: [StepMeasure], _ indices: [Int], _ value: (StepMeasure) -> UInt64) -> UInt64 {
    indices.reduce(0) { $0 + value(steps[$1]) }
  }
}
