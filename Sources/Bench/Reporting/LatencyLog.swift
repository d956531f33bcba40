package import BenchEngine
package import Evidence
import Histograms
import Wording

/// Response times as an HdrHistogram interval log, in nanoseconds.
///
/// Untagged lines are all steps second by second, without the warm-up's seconds, which have the tag `_warm_up`; each
/// step has one line for the measured time, tagged with its name. Lines are in the order of their start, as readers
/// expect. Attempts without an answer are counted at the highest trackable value, and a comment says how many they are;
/// interrupted ones have no time and are in no line.
package enum LatencyLog {
  /// - Throws: `HistogramCodecError` when zlib runs out of memory.
  package static func render(plan: LoadPlan, result: LoadResult, report: BenchReport) throws -> String {
    var log = HistogramLog(
      startMilliseconds: report.startedAt.millisecondsSince1970, startText: report.startedAt.description,
      comments: [
        "outgrown \(report.outgrown.version), \(report.scenario.name): response time from the intended start, in ns"
      ] + remarks(result))
    let end = result.elapsedNanoseconds
    let measuredFrom = min(UInt64(clamping: plan.warmUp.nanosecondCount), end)
    var lines = zip(plan.steps, result.steps).map { step, tally in
      Line(tag: step.name, start: measuredFrom, end: end, histogram: tally.response)
    }
    var start: UInt64 = 0
    for point in result.timeline {
      lines.append(
        Line(
          tag: point.isWarmUp ? "_warm_up" : nil, start: start, end: max(start, point.elapsedNanoseconds),
          histogram: point.response))
      start = max(start, point.elapsedNanoseconds)
    }
    for line in lines.enumerated().sorted(by: { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }) {
      let line = line.element
      try log.append(
        line.histogram, tag: line.tag, startNanoseconds: line.start, lengthNanoseconds: line.end - line.start)
    }
    return log.text
  }

  /// What a reader of the counts has to know to read them right.
  private static func remarks(_ result: LoadResult) -> [String] {
    var measured = Histogram()
    for step in result.steps { measured.merge(step.response) }
    var warmUp = Histogram()
    for step in result.warmUpSteps { warmUp.merge(step.response) }
    func share(_ histogram: Histogram) -> String {
      "\(histogram.count - histogram.recorded) of \(FigureText.plural(histogram.count, "attempt"))"
    }
    var remarks: [String] = []
    if measured.count + warmUp.count > measured.recorded + warmUp.recorded {
      let inWarmUp = warmUp.count > warmUp.recorded ? ", and \(share(warmUp)) of the warm-up" : ""
      remarks.append(
        "without an answer (or one within an hour): \(share(measured))\(inWarmUp); counted at the highest trackable "
          + "value, \(HistogramLayout.highestTrackable), so that they rank above every time and counts are attempts")
    }
    let interrupted = (result.steps + result.warmUpSteps).reduce(0) { $0 + $1.interrupted }
    if interrupted > 0 {
      remarks.append(
        "interrupted by the end: \(FigureText.plural(interrupted, "attempt")), which have no time and are in no line")
    }
    return remarks
  }

  private struct Line {
    let tag: String?
    let start: UInt64
    let end: UInt64
    let histogram: Histogram
  }
}
