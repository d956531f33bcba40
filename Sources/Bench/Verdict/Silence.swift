/// A stretch of over a second in which requests of a step were open, none of them was answered, and enough answers were
/// due to say that this is no chance. Times are nanoseconds since the run's start.
package struct Silence: Sendable, Equatable {
  /// Index into the plan's steps.
  package var step: Int
  /// Index into the plan's phases; nil for a plan without.
  package var phase: Int?
  package var start: UInt64
  package var end: UInt64
  /// The part of it that is measured time; empty when it lies within the warm-up.
  package var measured: Range<UInt64>
  /// Answers that were due within, by the step's own rate before it or by the plan.
  package var due: Double
  /// Answers came again.
  package var isAnsweredAfter: Bool
  /// Of a phase that is to find the service asleep: in no figure but that phase's own.
  package var isExpected = false
  /// This host stood still for most of it, the control timer too.
  package var isOfHost = false

  package init(
    step: Int, phase: Int? = nil, start: UInt64, end: UInt64, measured: Range<UInt64>, due: Double,
    isAnsweredAfter: Bool
  ) {
    self.step = step
    self.phase = phase
    self.start = start
    self.end = end
    self.measured = measured
    self.due = due
    self.isAnsweredAfter = isAnsweredAfter
  }

  /// No shorter stretch is a silence.
  static let shortest: UInt64 = 1_000_000_000
  /// How many answers must have been due in one that lasts.
  static let leastDue = 20.0
  /// The same where answers came afterwards: a slow answer among few is no silence.
  static let leastDueBeforeAnswers = 100.0
}

extension [Silence] {
  /// How much measured time at least one of them covers, in nanoseconds.
  var measuredNanoseconds: UInt64 {
    var covered: UInt64 = 0
    var end: UInt64 = 0
    for range in map(\.measured).sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > end {
      covered += range.upperBound - Swift.max(range.lowerBound, end)
      end = range.upperBound
    }
    return covered
  }
}
