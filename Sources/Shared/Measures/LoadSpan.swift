/// What one load (a run's, or one of its phases') did in about a second: the one thing that is measured. Whatever is said
/// of a run is a fold over these. Times are nanoseconds since the load's start.
package struct LoadSpan: Sendable {
  /// Index into the plan's phases; nil where the run has none.
  package var phase: Int?
  /// When the load began, since the run's start.
  package var offset: UInt64 = 0
  package var start: UInt64
  package var end: UInt64
  /// All of it is the warm-up's.
  package var isWarmUp = false
  /// The load has ended.
  package var isLast = false
  /// False when a worker had not been heard of: then nothing says that nothing was answered.
  package var isComplete = true
  /// Virtual users, or iterations in flight, at its end.
  package var active: Int
  /// Arrivals that are due and wait for a connection, at its end.
  package var waiting = 0
  /// By step index: requests intended after the warm-up, and those intended within it.
  package var steps: [StepMeasure]
  package var warmUpSteps: [StepMeasure]
  /// By step index.
  package var activity: [StepActivity]
  /// Closed model: what took long, in no order.
  package var slow: [SlowAttempt]
  package var iterations = IterationCounts()
  package var connections = ConnectionCounts()
  /// When the first byte of any response of this load came; nil before.
  package var firstByte: UInt64?

  package init(
    start: UInt64, end: UInt64, active: Int, steps: [StepMeasure], warmUpSteps: [StepMeasure]? = nil,
    activity: [StepActivity], slow: [SlowAttempt] = []
  ) {
    self.start = start
    self.end = end
    self.active = active
    self.steps = steps
    self.warmUpSteps = warmUpSteps ?? steps.map { StepMeasure(checks: $0.checksPassed.count) }
    self.activity = activity
    self.slow = slow
  }

  /// Nothing yet.
  /// - Parameter checks: of each step.
  package init(checks: [Int], start: UInt64 = 0) {
    self.init(
      start: start, end: start, active: 0, steps: checks.map { StepMeasure(checks: $0) },
      activity: checks.map { _ in StepActivity() })
  }
}
