package import Histograms

/// What a run counted, merged over its workers. Durations are nanoseconds of the monotonic clock since the run's start.
package struct LoadResult: Sendable {
  /// Requests intended after the warm-up, by step index.
  package var steps: [StepTally]
  /// Requests intended during the warm-up, by step index: shown, and in no budget.
  package var warmUpSteps: [StepTally]
  package var iterations: IterationTally
  package var connections: ConnectionTally
  /// One line a second.
  package var timeline: [TimelinePoint]
  package var generator: GeneratorTally
  package var elapsedNanoseconds: UInt64
  /// Why the run ended.
  package var ending: Ending
  /// Look-ups of the target's name while it ran.
  package var names = NameTally()
  /// In the order of their ends, when the plan asks for them.
  package var exchanges: [Exchange] = []
  /// In the plan's order, where it has phases.
  package var phases: [LoadPhaseTally] = []
  /// When the first byte of any response came; nil when none did.
  package var firstByteNanoseconds: UInt64?

  package init(
    steps: [StepTally], warmUpSteps: [StepTally], iterations: IterationTally = .init(),
    connections: ConnectionTally = .init(), timeline: [TimelinePoint] = [], generator: GeneratorTally = .init(),
    elapsedNanoseconds: UInt64 = 0, ending: Ending = .completed
  ) {
    self.steps = steps
    self.warmUpSteps = warmUpSteps
    self.iterations = iterations
    self.connections = connections
    self.timeline = timeline
    self.generator = generator
    self.elapsedNanoseconds = elapsedNanoseconds
    self.ending = ending
  }

  package enum Ending: Sendable, Equatable {
    case completed
    /// The user interrupted it.
    case interrupted
    /// A budget's `abort after` held, by the observer's word.
    case aborted
  }
}

/// Why a request got no usable answer, or a bad one. Raw values are the report's keys.
package enum FailureKind: String, Sendable, CaseIterable {
  case dns, connect, tls, write, reset, `protocol`, timeout, status
  /// Still open when its grace had run out.
  case unanswered

  /// The request ended without an answer whose time could be taken; a timeout is censored at the time it took.
  package var hasNoAnswer: Bool { self != .status && self != .timeout }
}

/// One step's requests.
///
/// `attempts = answered + Σ failures except .status + interrupted`. `response` holds all attempts but the interrupted:
/// answers and timeouts with their time, the rest as unanswered. What is under way when the run ends is interrupted
/// while it is younger than its grace; older, it is unanswered, which is a failure.
package struct StepTally: Sendable {
  package var attempts: UInt64 = 0
  /// Complete responses, whatever their status.
  package var answered: UInt64 = 0
  /// Cut off by the end of the run.
  package var interrupted: UInt64 = 0
  /// Complete responses by status, 0...599.
  package var statuses: [Int: UInt64] = [:]
  package var failures: [FailureKind: UInt64] = [:]
  /// What the first failure of each kind looked like.
  package var failureSamples: [FailureKind: String] = [:]
  /// By index into the step's checks.
  package var checksPassed: [UInt64]
  package var checksFailed: [UInt64]
  package var bytesSent: UInt64 = 0
  package var bytesReceived: UInt64 = 0
  /// From the intended start.
  package var response = Histogram()
  /// From the moment the generator acted on the request (began to connect, or wrote).
  package var service = Histogram()
  /// From the intended start until the generator acted on the request: its own delay, or the wait for a free place.
  package var lag = Histogram()
  package var phases = PhaseTally()
  /// The longest response time of an answer within the planned time, where it is above `SlowAttempt.minimum`; else 0.
  package var slowestAnswer: UInt64 = 0
  /// Closed model: requests that users would have made during a silence, had they not been waiting. Beside `response`,
  /// and in no count.
  package var withheld = Histogram()

  package init(checks: Int = 0) {
    checksPassed = Array(repeating: 0, count: checks)
    checksFailed = Array(repeating: 0, count: checks)
  }

  package var failed: UInt64 { failures.values.reduce(0, +) }

  /// What budgets on the response time are judged by: `response`, and what was withheld during a silence.
  package var judgedResponse: Histogram {
    guard !withheld.isEmpty else { return response }
    var sum = response
    sum.merge(withheld)
    return sum
  }

  package mutating func merge(_ other: StepTally) {
    attempts += other.attempts
    answered += other.answered
    interrupted += other.interrupted
    statuses.merge(other.statuses, uniquingKeysWith: +)
    failures.merge(other.failures, uniquingKeysWith: +)
    failureSamples.merge(other.failureSamples) { mine, _ in mine }
    for index in checksPassed.indices where index < other.checksPassed.count {
      checksPassed[index] += other.checksPassed[index]
      checksFailed[index] += other.checksFailed[index]
    }
    bytesSent += other.bytesSent
    bytesReceived += other.bytesReceived
    response.merge(other.response)
    service.merge(other.service)
    lag.merge(other.lag)
    phases.merge(other.phases)
    slowestAnswer = max(slowestAnswer, other.slowestAnswer)
    withheld.merge(other.withheld)
  }
}

/// `scheduled = started + dropped`; `started = completed + failed + interrupted`. The warm-up's are included.
package struct IterationTally: Sendable, Equatable {
  package var scheduled: UInt64 = 0
  package var started: UInt64 = 0
  /// Arrivals that were due but never began, because the run ended first or because of the next.
  package var dropped: UInt64 = 0
  /// Of the dropped, those that found every place taken and were not to wait.
  package var droppedByOverflow: UInt64 = 0
  package var completed: UInt64 = 0
  /// At least one of its requests failed.
  package var failed: UInt64 = 0
  package var interrupted: UInt64 = 0
  /// Of the started, arrivals that had waited over a second for a place when the planned time was over.
  package var startedLate: UInt64 = 0

  package init() {}

  package var isConserved: Bool {
    scheduled == started + dropped && started == completed + failed + interrupted
      && droppedByOverflow <= dropped && startedLate <= started
  }

  package mutating func merge(_ other: IterationTally) {
    scheduled += other.scheduled
    started += other.started
    dropped += other.dropped
    droppedByOverflow += other.droppedByOverflow
    completed += other.completed
    failed += other.failed
    interrupted += other.interrupted
    startedLate += other.startedLate
  }
}

/// What one phase of a run has counted. Times are nanoseconds.
package struct LoadPhaseTally: Sendable {
  /// Since the run's start; nil when it never began.
  package var startNanoseconds: UInt64?
  /// Since the phase's start.
  package var elapsedNanoseconds: UInt64 = 0
  /// Requests intended after the phase's warm-up, by the plan's step index.
  package var steps: [StepTally]
  package var warmUpSteps: [StepTally]
  package var iterations = IterationTally()
  /// Since the phase's start: when the first byte of any response came; nil when none did.
  package var firstByteNanoseconds: UInt64?
  package var hasEnded = false
  /// Since the last observation.
  package var spans: [ActivitySpan] = []

  package init(steps: [StepTally]) {
    self.steps = steps
    warmUpSteps = steps
  }
}

package struct ConnectionTally: Sendable, Equatable {
  package var opened: UInt64 = 0
  /// Closed by the peer between requests.
  package var closedIdle: UInt64 = 0
  /// Idempotent requests sent anew, once each, because they met the idle close of a kept connection: it ended without a
  /// byte of an answer within max(5 ms, twice its own connect time) of their first byte.
  package var retried: UInt64 = 0
  /// Of the opened, those whose TLS handshake took up an earlier session.
  package var resumed: UInt64 = 0

  package init() {}

  mutating func merge(_ other: ConnectionTally) {
    opened += other.opened
    closedIdle += other.closedIdle
    retried += other.retried
    resumed += other.resumed
  }
}

package struct TimelinePoint: Sendable {
  /// The end of the interval.
  package var elapsedNanoseconds: UInt64
  package var isWarmUp: Bool
  /// Virtual users, or iterations in flight.
  package var active: Int
  /// Arrivals that are due and wait for a connection.
  package var waiting: Int
  package var completed: UInt64
  package var failed: UInt64
  package var response: Histogram
  package var lag: Histogram

  package init(
    elapsedNanoseconds: UInt64, isWarmUp: Bool, active: Int, waiting: Int, completed: UInt64, failed: UInt64,
    response: Histogram, lag: Histogram
  ) {
    self.elapsedNanoseconds = elapsedNanoseconds
    self.isWarmUp = isWarmUp
    self.active = active
    self.waiting = waiting
    self.completed = completed
    self.failed = failed
    self.response = response
    self.lag = lag
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

/// What the observer of a run sees each second.
package struct LoadProgress: Sendable {
  package var elapsedNanoseconds: UInt64
  /// When the last arrival is due or the hold ends.
  package var plannedNanoseconds: UInt64
  package var point: TimelinePoint
  /// Since the end of the warm-up, by step index.
  package var steps: [StepTally]
  package var iterations: IterationTally
  /// In the plan's order, where it has phases.
  package var phases: [LoadPhaseTally] = []
  /// Since the last observation; empty where the plan has phases, whose tallies have theirs.
  package var spans: [ActivitySpan] = []
  /// So far.
  package var hostGaps: [HostGap] = []

  package init(
    elapsedNanoseconds: UInt64, plannedNanoseconds: UInt64, point: TimelinePoint, steps: [StepTally],
    iterations: IterationTally
  ) {
    self.elapsedNanoseconds = elapsedNanoseconds
    self.plannedNanoseconds = plannedNanoseconds
    self.point = point
    self.steps = steps
    self.iterations = iterations
  }
}
