package import BenchEngine
package import Evidence
import Histograms
import Support

/// Response times as an HdrHistogram interval log, in nanoseconds.
///
/// Untagged lines are all steps second by second, without the warm-up's seconds, which have the tag `_warm_up`; each
/// step has one line for the measured time, tagged with its name. Lines are in the order of their start, as readers
/// expect. Attempts without an answer have no place in the format: the report counts them.
package enum LatencyLog {
  /// - Throws: `HistogramCodecError` when zlib runs out of memory.
  package static func render(plan: LoadPlan, result: LoadResult, report: BenchReport) throws -> String {
    var log = HistogramLog(
      startMilliseconds: report.startedAt.millisecondsSince1970, startText: report.startedAt.description,
      comments: [
        "outgrown \(report.outgrown.version), \(report.scenario.name): response time from the intended start, in ns"
      ])
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

  private struct Line {
    let tag: String?
    let start: UInt64
    let end: UInt64
    let histogram: Histogram
  }
}
