/// When arrivals are due, in nanoseconds since the run's start: the inverse of the cumulative rate.
///
/// Arrival *i* is due where the integral of the rate reaches *i*; the time comes from the index, never from added
/// periods, so nothing drifts and fractions carry across stages. The first arrival of a constant rate is at 0.
package struct ArrivalSchedule: Sendable {
  /// Arrivals that are due before the schedule's end.
  package let count: Int
  /// The integral of the rate over the whole schedule.
  package let total: Double

  private let segments: [Segment]

  private struct Segment {
    /// Seconds since the start.
    var start: Double
    var duration: Double
    /// Arrivals a second at the segment's ends.
    var rate: Double
    var finalRate: Double
    /// The integral of the rate up to the segment's start.
    var before: Double

    var arrivals: Double { (rate + finalRate) / 2 * duration }
  }

  package init(_ stages: [Workload.Stage]) {
    var segments: [Segment] = []
    var start = 0.0
    var rate = 0.0
    var before = 0.0
    for stage in stages {
      let duration = Double(stage.duration.nanoseconds) / 1e9
      let segment = Segment(
        start: start, duration: duration, rate: stage.isStep ? stage.target : rate, finalRate: stage.target,
        before: before)
      if duration > 0 {
        segments.append(segment)
        before += segment.arrivals
        start += duration
      }
      rate = stage.target
    }
    self.segments = segments
    total = before
    // An arrival that falls on the very end is not due any more; the tolerance is for rounding in the sums.
    count = Int((before - 1e-6).rounded(.up))
  }

  /// When arrival `index` is due.
  /// - Parameter index: in `0..<count`.
  package func dueNanoseconds(_ index: Int) -> UInt64 { nanoseconds(reaching: Double(index)) }

  /// When the integral of the rate reaches `level`.
  /// - Parameter level: in `0..<total`.
  package func nanoseconds(reaching level: Double) -> UInt64 {
    let segment = segments[position(of: level)]
    let remaining = level - segment.before
    let slope = (segment.finalRate - segment.rate) / segment.duration
    // The root of rate·x + slope/2·x² = remaining, in the form that loses no digits when slope is small.
    let root = (segment.rate * segment.rate + 2 * slope * remaining).squareRoot()
    let denominator = segment.rate + (root.isFinite ? root : 0)
    let offset = denominator > 0 ? min(2 * remaining / denominator, segment.duration) : 0
    return UInt64(((segment.start + offset) * 1e9).rounded())
  }

  /// The integral of the rate up to a time.
  /// - Parameter nanoseconds: since the run's start.
  package func arrivals(before nanoseconds: UInt64) -> Double {
    let time = Double(nanoseconds) / 1e9
    guard let segment = segments.last(where: { $0.start <= time }) else { return 0 }
    let offset = min(time - segment.start, segment.duration)
    let slope = (segment.finalRate - segment.rate) / segment.duration
    return segment.before + segment.rate * offset + slope / 2 * offset * offset
  }

  /// The last segment that begins at or before this many arrivals and has any of its own.
  private func position(of arrival: Double) -> Int {
    var low = 0
    var high = segments.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if segments[middle].before <= arrival { low = middle } else { high = middle - 1 }
    }
    while low > 0, segments[low].arrivals == 0 { low -= 1 }
    return low
  }
}
