import Glibc
import Histograms
import Measures

/// What one worker counts for one step: plain memory with one writer. Read out by `StepMeasure.add`.
struct StepRecorder: ~Copyable {
  static let statusCount = 600

  var attempts: UInt64 = 0
  var answered: UInt64 = 0
  var interrupted: UInt64 = 0
  var bytesSent: UInt64 = 0
  var bytesReceived: UInt64 = 0
  var response = HistogramRecorder()
  var service = HistogramRecorder()
  var lag = HistogramRecorder()
  var phases = PhaseRecorder()
  /// Nanoseconds of the monotonic clock; 0 before there is one.
  var firstAnswer: UInt64 = 0
  var lastAnswer: UInt64 = 0
  /// The longest response time, of those above `SlowAttempt.minimum`, within the planned time.
  var slowestAnswer: UInt64 = 0
  /// Requests under way when the bank was left, and when the oldest of them was sent; of the measured time's recorders
  /// only.
  var open = 0
  var oldestOpen: UInt64 = .max
  var slow = SlowAttempts()
  let statuses: UnsafeMutablePointer<UInt64>
  let failures: UnsafeMutablePointer<UInt64>
  /// Passed, then failed, for each check.
  let checks: UnsafeMutablePointer<UInt64>
  let checkCount: Int
  /// Numbers that captures found, in thousandths, of those that are measured.
  private let captured: UnsafeMutablePointer<HistogramRecorder>
  private let capturedCount: Int

  /// - Parameters:
  ///   - count: of the step's checks.
  ///   - captured: of its captures, those that are measured.
  init(checks count: Int, captured capturedCount: Int = 0) {
    captured = .allocate(capacity: max(capturedCount, 1))
    for index in 0..<capturedCount { (captured + index).initialize(to: HistogramRecorder()) }
    self.capturedCount = capturedCount
    statuses = .allocate(capacity: Self.statusCount)
    statuses.initialize(repeating: 0, count: Self.statusCount)
    failures = .allocate(capacity: FailureKind.allCases.count)
    failures.initialize(repeating: 0, count: FailureKind.allCases.count)
    checks = .allocate(capacity: max(count * 2, 1))
    checks.initialize(repeating: 0, count: max(count * 2, 1))
    checkCount = count
  }

  deinit {
    statuses.deallocate()
    failures.deallocate()
    checks.deallocate()
    captured.deinitialize(count: capturedCount)
    captured.deallocate()
  }

  /// A connection is counted when it stands, which may be windows before its first request ends.
  var holdsAnything: Bool {
    attempts > 0 || open > 0 || phases.connect.recorded > 0 || phases.tls.recorded > 0
  }

  mutating func reset() {
    attempts = 0
    answered = 0
    interrupted = 0
    bytesSent = 0
    bytesReceived = 0
    response.reset()
    service.reset()
    lag.reset()
    phases.reset()
    firstAnswer = 0
    lastAnswer = 0
    slowestAnswer = 0
    open = 0
    oldestOpen = .max
    slow.removeAll()
    statuses.update(repeating: 0, count: Self.statusCount)
    failures.update(repeating: 0, count: FailureKind.allCases.count)
    checks.update(repeating: 0, count: max(checkCount * 2, 1))
    for index in 0..<capturedCount { captured[index].reset() }
  }

  // A copy of the pointer first: Swift 6.3 makes broken code of a change through the field under the thread sanitizer.

  mutating func countFailure(_ kind: FailureKind) {
    let counts = failures
    counts[kind.index] &+= 1
  }

  /// Notes when an answer came.
  @inline(__always)
  mutating func noteAnswer(intended: UInt64, at now: UInt64, plannedEnd: UInt64, keepsSlow: Bool) {
    if firstAnswer == 0 { firstAnswer = now }
    lastAnswer = now
    if now &- intended > SlowAttempt.minimum {
      noteSlowAnswer(intended: intended, at: now, plannedEnd: plannedEnd, keepsSlow: keepsSlow)
    }
  }

  @inline(never)
  private mutating func noteSlowAnswer(intended: UInt64, at now: UInt64, plannedEnd: UInt64, keepsSlow: Bool) {
    if now <= plannedEnd { slowestAnswer = max(slowestAnswer, now &- intended) }
    if keepsSlow { slow.append(.init(intended: intended, ended: now, hasTime: true)) }
  }

  @inline(__always)
  mutating func countStatus(_ status: Int) {
    let counts = statuses
    counts[status] &+= 1
  }

  /// - Parameter number: nil for a value that is none: it ranks above every number, as does one that is too large.
  mutating func record(captured number: Double?, at index: Int) {
    let numbers = captured
    guard let number, number * CapturePlan.scale <= Double(HistogramLayout.highestTrackable) else {
      numbers[index].recordUnanswered()
      return
    }
    numbers[index].record(UInt64((max(0, number) * CapturePlan.scale).rounded()))
  }

  func addCaptured(to histograms: inout [Histogram]) {
    for index in 0..<capturedCount {
      if index == histograms.count { histograms.append(Histogram()) }
      histograms[index].merge(captured[index])
    }
  }

  @inline(__always)
  mutating func countCheck(_ index: Int, passed: Bool) {
    let counts = checks
    counts[2 * index + (passed ? 0 : 1)] &+= 1
  }
}

extension FailureKind {
  /// Dense, in the order of `allCases`.
  var index: Int {
    switch self {
    case .dns: 0
    case .connect: 1
    case .tls: 2
    case .write: 3
    case .reset: 4
    case .protocol: 5
    case .timeout: 6
    case .status: 7
    case .unanswered: 8
    }
  }
}

extension StepMeasure {
  mutating func add(_ recorder: borrowing StepRecorder) {
    attempts += recorder.attempts
    answered += recorder.answered
    interrupted += recorder.interrupted
    bytesSent += recorder.bytesSent
    bytesReceived += recorder.bytesReceived
    for status in 0..<StepRecorder.statusCount where recorder.statuses[status] > 0 {
      statuses[status, default: 0] += recorder.statuses[status]
    }
    for kind in FailureKind.allCases where recorder.failures[kind.index] > 0 {
      failures[kind, default: 0] += recorder.failures[kind.index]
    }
    for index in 0..<recorder.checkCount {
      checksPassed[index] += recorder.checks[2 * index]
      checksFailed[index] += recorder.checks[2 * index + 1]
    }
    response.merge(recorder.response)
    service.merge(recorder.service)
    lag.merge(recorder.lag)
    phases.add(recorder.phases)
    recorder.addCaptured(to: &captured)
    slowestAnswer = max(slowestAnswer, recorder.slowestAnswer)
  }
}
