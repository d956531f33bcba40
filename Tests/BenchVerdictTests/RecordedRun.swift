import BenchEngine
import BenchVerdict
import Foundation
import Histograms
import Measures

/// What a real run showed its observer, as a file: the engine's spans and its result, as far as verdicts need them.
struct RecordedRun: Codable {
  var spans: [Span]
  var gaps: [[UInt64]]
  var attempts: UInt64
  var answered: UInt64
  var interrupted: UInt64
  var failures: [String: UInt64]
  var response: Times
  var lag: Times
  var scheduled: UInt64
  var dropped: UInt64
  var startedLate: UInt64
  var elapsed: UInt64

  struct Span: Codable {
    var start: UInt64
    var end: UInt64
    var active: Int
    var answers: UInt64
    var first: UInt64?
    var last: UInt64?
    var open: Int
    var oldest: UInt64?
    var isComplete: Bool
    /// Intended, ended, and 1 where it has a time.
    var slow: [[UInt64]]
  }

  struct Times: Codable {
    /// Value and count.
    var counts: [[UInt64]]
    var unanswered: UInt64

    init(_ histogram: Histogram) {
      counts = histogram.entries.map { [HistogramLayout.highestValue(at: $0.slot), $0.count] }
      unanswered = histogram.unanswered
    }

    var histogram: Histogram {
      var histogram = Histogram()
      for pair in counts { histogram.record(pair[0], times: pair[1]) }
      histogram.recordUnanswered(times: unanswered)
      return histogram
    }
  }

  /// - Parameter progress: all that the observer was shown.
  init(_ progress: [LoadProgress], _ result: LoadResult) {
    spans = progress.flatMap(\.spans).map { span in
      let step = span.activity[0]
      return Span(
        start: span.start, end: span.end, active: span.active, answers: step.answers, first: step.firstAnswer,
        last: step.lastAnswer, open: step.open, oldest: step.oldestOpen, isComplete: span.isComplete,
        slow: span.slow.map { [$0.intended, $0.ended, $0.hasTime ? 1 : 0] })
    }
    gaps = result.generator.hostGaps.map { [$0.start, $0.end] }
    let tally = result.steps[0]
    attempts = tally.attempts
    answered = tally.answered
    interrupted = tally.interrupted
    failures = Dictionary(uniqueKeysWithValues: tally.failures.map { ($0.key.rawValue, $0.value) })
    response = Times(tally.response)
    lag = Times(tally.lag)
    scheduled = result.iterations.scheduled
    dropped = result.iterations.dropped
    startedLate = result.iterations.startedLate
    elapsed = result.elapsedNanoseconds
  }

  /// The run's verdict under these budgets, by folding its spans as its observer would.
  func verdict(_ budgets: [Budget], plan: LoadPlan) -> RunVerdict {
    var watch = BudgetWatch(budgets: Budget.complete(budgets, with: Budget.defaults(for: plan)), plan: plan)
    let hostGaps = gaps.map { HostGap(start: $0[0], end: $0[1]) }
    var total = LoadResult(plan)
    for span in spans {
      var seen = LoadSpan(
        start: span.start, end: span.end, active: span.active, steps: [StepMeasure()],
        activity: [
          StepActivity(
            answers: span.answers, firstAnswer: span.first, lastAnswer: span.last, open: span.open,
            oldestOpen: span.oldest)
        ],
        slow: span.slow.map { SlowAttempt(step: 0, intended: $0[0], ended: $0[1], hasTime: $0[2] == 1) })
      seen.isComplete = span.isComplete
      total.add(seen)
      total.generator.hostGaps = hostGaps.filter { $0.end <= span.end }
      _ = watch.observe(
        LoadProgress(
          spans: [seen], total: total,
          plannedNanoseconds: UInt64(plan.duration.components.seconds) * 1_000_000_000))
    }
    var tally = StepMeasure()
    tally.attempts = attempts
    tally.answered = answered
    tally.interrupted = interrupted
    for (kind, count) in failures { if let kind = FailureKind(rawValue: kind) { tally.failures[kind] = count } }
    tally.response = response.histogram
    tally.lag = lag.histogram
    var result = LoadResult(steps: [tally], elapsedNanoseconds: elapsed)
    result.iterations.scheduled = scheduled
    result.iterations.dropped = dropped
    result.iterations.startedLate = startedLate
    result.generator.hostGaps = hostGaps
    return RunVerdict(result: watch.completing(result), watch: watch)
  }
}
