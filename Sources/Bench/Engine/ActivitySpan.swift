/// What about a second of a load showed of each step: what silence is judged by. Times are nanoseconds since the load's
/// start, which is the run's or its phase's.
package struct ActivitySpan: Sendable, Equatable {
  package var start: UInt64
  package var end: UInt64
  /// Virtual users, or iterations in flight, at its end.
  package var active: Int
  /// By step index.
  package var steps: [StepActivity]
  /// False when a worker had not been heard of: then nothing says that nothing was answered.
  package var isComplete = true
  /// Closed model: what took long, in no order.
  package var slow: [SlowAttempt]

  package init(start: UInt64, end: UInt64, active: Int, steps: [StepActivity], slow: [SlowAttempt] = []) {
    self.start = start
    self.end = end
    self.active = active
    self.steps = steps
    self.slow = slow
  }
}

/// One step's part of a span.
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

/// An attempt of a closed model that took over `minimum`: while it was open, its user asked for nothing else.
package struct SlowAttempt: Sendable, Equatable {
  /// Half of the shortest silence, in nanoseconds.
  package static let minimum: UInt64 = 500_000_000

  package var step: Int
  /// Nanoseconds since the load's start.
  package var intended: UInt64
  package var ended: UInt64
  /// An answer or a timeout; false for what ranks above every time.
  package var hasTime: Bool

  package init(step: Int, intended: UInt64, ended: UInt64, hasTime: Bool) {
    self.step = step
    self.intended = intended
    self.ended = ended
    self.hasTime = hasTime
  }
}

/// A stretch in which this host woke nobody, not even the control timer. Nanoseconds since the run's start.
package struct HostGap: Sendable, Equatable {
  /// A timer that is this late has stood still.
  package static let minimum: UInt64 = 500_000_000

  package var start: UInt64
  package var end: UInt64

  package init(start: UInt64, end: UInt64) {
    self.start = start
    self.end = end
  }
}
