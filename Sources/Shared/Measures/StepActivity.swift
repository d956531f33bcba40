/// When a step was answered in a span, and what of it is open at the span's end: what silence is judged by. Times are
/// nanoseconds since the load's start.
package struct StepActivity: Sendable, Equatable {
  /// Complete responses, whatever their status.
  package var answers: UInt64 = 0
  package var firstAnswer: UInt64?
  package var lastAnswer: UInt64?
  /// Requests under way at the span's end, and since when the oldest of them has been.
  package var open = 0
  package var oldestOpen: UInt64?

  package init(
    answers: UInt64 = 0, firstAnswer: UInt64? = nil, lastAnswer: UInt64? = nil, open: Int = 0,
    oldestOpen: UInt64? = nil
  ) {
    self.answers = answers
    self.firstAnswer = firstAnswer
    self.lastAnswer = lastAnswer
    self.open = open
    self.oldestOpen = oldestOpen
  }
}
