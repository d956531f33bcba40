package import BenchEngine
package import Evidence
import Histograms
import Measures
import Wording

/// Response times as an HdrHistogram interval log, in nanoseconds.
///
/// Untagged lines are all steps second by second, without the warm-up's seconds, which have the tag `_warm_up`; each
/// step has one line for the measured time, tagged with its name. Lines are in the order of their start, as readers
/// expect. Attempts without an answer are counted at the highest trackable value, and a comment says how many they are;
/// interrupted ones have no time and are in no line.
package enum LatencyLog {
  /// - Parameter append: takes the log's text, piece by piece.
  /// - Throws: `HistogramCodecError` when zlib runs out of memory, `EvidenceError` when the seconds can't be read again.
  package static func write(
    plan: LoadPlan, result: LoadResult, timeline: Timeline, report: BenchReport, to append: (String) throws -> Void
  ) throws {
    try append(
      HistogramLog.head(
        startMilliseconds: report.startedAt.millisecondsSince1970, startText: report.startedAt.description,
        comments: [
          "outgrown \(report.outgrown.version), \(report.scenario.name): response time from the intended start, in ns"
        ] + remarks(result)))
    let end = result.elapsedNanoseconds
    let measuredFrom = min(UInt64(clamping: plan.warmUp.nanosecondCount), end)
    var steps = try zip(plan.steps, result.steps).map { step, tally in
      try HistogramLog.line(
        tally.response, tag: step.name, startNanoseconds: measuredFrom, lengthNanoseconds: end - measuredFrom)
    }[...]
    try timeline.lines { line, start in
      if start >= measuredFrom { while let step = steps.popFirst() { try append(step + "\n") } }
      try append(line + "\n")
    }
    while let step = steps.popFirst() { try append(step + "\n") }
  }

  /// What a reader of the counts has to know to read them right.
  private static func remarks(_ result: LoadResult) -> [String] {
    let measured = result.steps.sum().response
    let warmUp = result.warmUpSteps.sum().response
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
}
