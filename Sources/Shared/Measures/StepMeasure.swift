package import Histograms

/// What the requests of one step (or of several, added up) did in a span of time: in a second, a phase, a run.
///
/// `attempts = answered + Σ failures except .status + interrupted`. `response` holds all attempts but the interrupted:
/// answers and timeouts with their time, the rest as unanswered. What is under way when the run ends is interrupted
/// while it is younger than its grace; older, it is unanswered, which is a failure.
package struct StepMeasure: Sendable {
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
  package var phases = RequestPhases()
  /// Numbers that captures found, in thousandths, of those that a budget is about: in the order of the step's captures.
  package var captured: [Histogram] = []
  /// The longest response time of an answer within the planned time, where it is above `SlowAttempt.minimum`; else 0.
  package var slowestAnswer: UInt64 = 0
  /// Closed model: requests that users would have made during a silence, had they not been waiting. Beside `response`,
  /// and in no count.
  package var withheld = Histogram()

  package init(checks: Int = 0) {
    checksPassed = Array(repeating: 0, count: checks)
    checksFailed = Array(repeating: 0, count: checks)
  }

  /// A connection is counted when it stands, which may be long before its first request ends; what failures looked like is
  /// told with the last span, in which nothing may have been asked.
  package var holdsAnything: Bool {
    attempts > 0 || !phases.connect.isEmpty || !phases.tls.isEmpty || !withheld.isEmpty || !failureSamples.isEmpty
  }

  package var failed: UInt64 { failures.values.reduce(0, +) }

  /// What budgets on the response time are judged by: `response`, and what was withheld during a silence.
  package var judgedResponse: Histogram {
    guard !withheld.isEmpty else { return response }
    var sum = response
    sum.merge(withheld)
    return sum
  }

  package mutating func add(_ other: StepMeasure) {
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
    phases.add(other.phases)
    for (index, numbers) in other.captured.enumerated() {
      if index < captured.count { captured[index].merge(numbers) } else { captured.append(numbers) }
    }
    slowestAnswer = max(slowestAnswer, other.slowestAnswer)
    withheld.merge(other.withheld)
  }
}

extension Sequence<StepMeasure> {
  /// Of all steps together; their checks are left out.
  package func sum() -> StepMeasure { reduce(into: StepMeasure()) { $0.add($1) } }
}
