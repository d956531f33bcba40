package import Histograms
package import Measures

/// What a run came to: all its spans, added up. Durations are nanoseconds of the monotonic clock since the run's start.
package struct LoadResult: Sendable {
  /// Requests intended after the warm-up, by step index.
  package var steps: [StepMeasure]
  /// Requests intended during the warm-up, by step index: shown, and in no budget.
  package var warmUpSteps: [StepMeasure]
  package var iterations = IterationCounts()
  package var connections = ConnectionCounts()
  package var elapsedNanoseconds: UInt64 = 0
  /// When the first byte of any response came; nil when none did.
  package var firstByteNanoseconds: UInt64?
  /// In the plan's order, where it has phases.
  package var phases: [PhaseResult] = []
  package var generator = GeneratorTally()
  /// Why the run ended.
  package var ending = RunEnding.completed
  /// Look-ups of the target's name while it ran, those that gave an address.
  package var lookUps = Histogram()
  /// In the order of their ends, when the plan asks for them.
  package var exchanges: [Exchange] = []

  package init(steps: [StepMeasure], warmUpSteps: [StepMeasure]? = nil, elapsedNanoseconds: UInt64 = 0) {
    self.steps = steps
    self.warmUpSteps = warmUpSteps ?? steps.map { StepMeasure(checks: $0.checksPassed.count) }
    self.elapsedNanoseconds = elapsedNanoseconds
  }

  /// Of a run that has not begun.
  package init(_ plan: LoadPlan) {
    self.init(steps: plan.steps.map { StepMeasure(checks: $0.checks.count) })
    phases = plan.phases.map { _ in PhaseResult(steps: steps) }
  }

  package mutating func add(_ span: LoadSpan) {
    iterations.add(span.iterations)
    connections.add(span.connections)
    steps.add(span.steps)
    warmUpSteps.add(span.warmUpSteps)
    elapsedNanoseconds = max(elapsedNanoseconds, span.offset + span.end)
    if let first = span.firstByte {
      firstByteNanoseconds = min(firstByteNanoseconds ?? .max, span.offset + first)
    }
    if let phase = span.phase { phases[phase].add(span) }
  }
}

/// What one phase of a run came to. Times are nanoseconds.
package struct PhaseResult: Sendable {
  /// Since the run's start; nil when it never began.
  package var startNanoseconds: UInt64?
  /// Since the phase's start.
  package var elapsedNanoseconds: UInt64 = 0
  /// Requests intended after the phase's warm-up, by the plan's step index.
  package var steps: [StepMeasure]
  package var warmUpSteps: [StepMeasure]
  package var iterations = IterationCounts()
  /// Since the phase's start: when the first byte of any response came; nil when none did.
  package var firstByteNanoseconds: UInt64?
  package var hasEnded = false

  package init(steps: [StepMeasure]) {
    self.steps = steps
    warmUpSteps = steps
  }

  mutating func add(_ span: LoadSpan) {
    startNanoseconds = span.offset
    elapsedNanoseconds = span.end
    steps.add(span.steps)
    warmUpSteps.add(span.warmUpSteps)
    iterations.add(span.iterations)
    firstByteNanoseconds = span.firstByte
    hasEnded = span.isLast
  }
}

extension [StepMeasure] {
  /// Step by step.
  mutating func add(_ others: [StepMeasure]) {
    for (index, other) in others.enumerated() where other.holdsAnything { self[index].add(other) }
  }
}

/// What the generator measured of itself.
package struct GeneratorTally: Sendable {
  package var workers: Int = 1
  /// CPU time of all workers, nanoseconds.
  package var workerCPUNanoseconds: UInt64 = 0
  /// The highest share of one second (0...1) that any worker was on a CPU.
  package var peakWorkerBusy: Double = 0
  /// How late a timer thread that does nothing else was woken, in the same run.
  package var controlLag = Histogram()
  /// When that thread stood still.
  package var hostGaps: [HostGap] = []
  /// Times a connection could not be opened for lack of descriptors or local ports.
  package var resourceFailures: UInt64 = 0

  package init() {}
}
