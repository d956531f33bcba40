import Glibc
import Histograms
import Measures

/// A request into its record, answered or failed, and what follows.
extension Worker {
  /// The recorder for the current request: by step, the warm-up's apart.
  @inline(__always)
  mutating func recorder(of connection: UnsafeMutablePointer<Connection>) -> UnsafeMutablePointer<StepRecorder> {
    let step = Int(connection.pointee.step)
    return recorders + (connection.pointee.intended < warmUpEnd ? step &+ link.stepCount : step)
  }

  @inline(__always)
  mutating func complete(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, closes: Bool, _ now: UInt64
  ) {
    let recorder = recorder(of: connection)
    let step = compiled.steps + Int(connection.pointee.step)
    let status = Int(connection.pointee.parser.status)
    recorder.pointee.attempts &+= 1
    recorder.pointee.answered &+= 1
    recorder.pointee.bytesSent &+= UInt64(connection.pointee.requestCount)
    recorder.pointee.bytesReceived &+= UInt64(connection.pointee.received)
    recorder.pointee.countStatus(status)
    recorder.pointee.response.record(now &- connection.pointee.intended)
    recorder.pointee.service.record(now &- connection.pointee.dispatched)
    recorder.pointee.lag.record(connection.pointee.dispatched &- connection.pointee.intended)
    recorder.pointee.noteAnswer(
      intended: connection.pointee.intended, at: now, plannedEnd: plannedEnd, keepsSlow: keepsSlow)
    recordPhases(connection, recorder, now)
    connection.pointee.deadline = .max
    if step.pointee.failing[status] { countStatusFailure(connection, recorder, status) }
    let isCutShort = connection.pointee.written < connection.pointee.requestCount
    var goesOn = true
    var isRedirected = false
    if status >= 300, status < 400, connection.pointee.hops < step.pointee.redirectLimit {
      isRedirected = prepareRedirect(connection, place, status, now)
    }
    if isRedirected {
      // The checks are for the last answer.
    } else if step.pointee.checkCount > 0 || traces {
      goesOn = judge(connection, place, recorder, now)
      readingIsSpent = true
    }
    connection.pointee.isReused = true
    if keepsCookies, !isRedirected { keepCookies(connection, place) }
    // A request that is not written in full yet would run into the next one.
    if !connection.pointee.parser.keepsAlive || closes || isCutShort {
      closeLink(connection)
    }
    if parked != nil { park(connection, place) }
    if isRedirected {
      sendRequest(connection, place, intended: now, now)
    } else if goesOn {
      advance(connection, place, now)
    } else {
      endFailedIteration(connection, place, now)
    }
  }

  @inline(__always)
  private mutating func recordPhases(
    _ connection: UnsafeMutablePointer<Connection>, _ recorder: UnsafeMutablePointer<StepRecorder>, _ now: UInt64
  ) {
    let answered = connection.pointee.answered
    // An answer may come before the request is written in full.
    let wrote = min(connection.pointee.wrote, answered)
    recorder.pointee.phases.record(send: wrote &- connection.pointee.sent)
    recorder.pointee.phases.wait.record(answered &- wrote)
    recorder.pointee.phases.record(receive: now &- answered)
  }

  @inline(never)
  private mutating func countStatusFailure(
    _ connection: UnsafeMutablePointer<Connection>, _ recorder: UnsafeMutablePointer<StepRecorder>, _ status: Int
  ) {
    recorder.pointee.countFailure(.status)
    connection.pointee.iterationFailed = true
    keepSample(connection, .status) { "HTTP status \(status)" }
  }

  /// The request got no usable answer. One that met the idle close of a kept connection is sent anew once, its clock
  /// running on; anything else is a failure and ends the iteration.
  @inline(never)
  mutating func fail(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ kind: FailureKind, _ now: UInt64,
    _ sample: () -> String
  ) {
    let isReused = connection.pointee.isReused
    if kind == .reset, !connection.pointee.hasResponse, canBeIdleClose(connection, now) {
      sendAnew(connection, place, now)
      return
    }
    closeLink(connection)
    let recorder = recorder(of: connection)
    recorder.pointee.attempts &+= 1
    recorder.pointee.bytesSent &+= UInt64(connection.pointee.written)
    recorder.pointee.bytesReceived &+= UInt64(connection.pointee.received)
    recorder.pointee.countFailure(kind)
    recorder.pointee.lag.record(connection.pointee.dispatched &- connection.pointee.intended)
    if kind.hasNoAnswer {
      recorder.pointee.response.recordUnanswered()
      recorder.pointee.service.recordUnanswered()
    } else {
      recorder.pointee.response.record(now &- connection.pointee.intended)
      recorder.pointee.service.record(now &- connection.pointee.dispatched)
    }
    if keepsSlow, now &- connection.pointee.intended > SlowAttempt.minimum {
      recorder.pointee.slow.append(
        .init(intended: connection.pointee.intended, ended: now, hasTime: !kind.hasNoAnswer))
    }
    keepSample(connection, kind, sample)
    if traces { traceFailure(connection, kind, sample(), isReused: isReused, now) }
    endFailedIteration(connection, place, now)
  }

  /// What is under way at the end of the run; whether it is to count as a failure, the collector says.
  mutating func recordInterrupted(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    link.openAtEnd.append(
      .init(
        step: Int(connection.pointee.step), isWarmUp: connection.pointee.intended < warmUpEnd, place: place,
        intended: connection.pointee.intended, dispatched: connection.pointee.dispatched))
    let recorder = recorder(of: connection)
    recorder.pointee.attempts &+= 1
    recorder.pointee.interrupted &+= 1
    recorder.pointee.bytesSent &+= UInt64(connection.pointee.written)
    recorder.pointee.bytesReceived &+= UInt64(connection.pointee.received)
  }

  private func keepSample(
    _ connection: UnsafeMutablePointer<Connection>, _ kind: FailureKind, _ text: () -> String
  ) {
    let step = Int(connection.pointee.step)
    let bit: UInt16 = 1 << UInt16(kind.index)
    guard sampledKinds[step] & bit == 0 else { return }
    sampledKinds[step] |= bit
    link.keepSample(step: step, kind: kind, text())
  }
}
