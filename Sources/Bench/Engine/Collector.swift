import Glibc
import Histograms
import Measures
import Synchronization

/// Takes what the workers of one load count, second by second.
struct Collector {
  private let plan: LoadPlan
  private let checks: [Int]
  /// Nanoseconds of the monotonic clock.
  private let start: UInt64
  private var lastTime: UInt64
  private var iterations = IterationCounts()
  private var connections = ConnectionCounts()
  /// By step: the slowest answer so far.
  private var slowest: [UInt64]
  /// The highest share of one second (0...1) that any worker was on a CPU.
  private(set) var peakWorkerBusy = 0.0

  init(_ plan: LoadPlan, start: UInt64) {
    self.plan = plan
    self.start = start
    checks = plan.steps.map(\.checks.count)
    slowest = Array(repeating: 0, count: checks.count)
    lastTime = start
  }

  /// Takes over what was counted since the last call.
  mutating func collect(_ crew: [Crew], at now: UInt64) -> LoadSpan {
    for member in crew { member.request() }
    var span = LoadSpan(checks: checks, start: since(lastTime))
    for member in crew {
      guard let bank = awaitBank(of: member) else {
        if !member.link.hasFinishedNow { span.isComplete = false }
        continue
      }
      take(bank, into: &span)
      member.collectedEpoch += 1
    }
    complete(&span, crew, at: now)
    return span
  }

  /// Everything that is left, once all workers have finished.
  /// - Parameter cutsOff: the run was not let come to its end.
  mutating func finish(_ crew: [Crew], at now: UInt64, cutsOff: Bool) -> LoadSpan {
    var span = LoadSpan(checks: checks, start: since(lastTime))
    span.isLast = true
    for member in crew {
      take(member.link.bank(0), into: &span)
      take(member.link.bank(1), into: &span)
    }
    var unanswered = 0
    if !cutsOff {
      let counts = crew.flatMap(\.link.openAtEnd).reduce(into: [:]) { $0[$1.step, default: 0] += 1 }
      for member in crew {
        unanswered += judgeOpen(member.link.openAtEnd, counts: counts, into: &span, at: now)
      }
    }
    complete(&span, crew, at: now)
    let failed = min(UInt64(unanswered), span.iterations.interrupted)
    span.iterations.interrupted -= failed
    span.iterations.failed += failed
    for member in crew {
      for (step, kinds) in member.link.samples.withLock({ $0 }) {
        span.steps[step].failureSamples.merge(kinds) { first, _ in first }
        span.warmUpSteps[step].failureSamples.merge(kinds) { first, _ in first }
      }
    }
    return span
  }

  /// What is still open when its grace has run out is an attempt without an answer. Younger requests are cut off, as are
  /// all where the run was not let come to its end.
  /// - Returns: the iterations that were found so.
  private mutating func judgeOpen(
    _ open: [OpenRequest], counts: [Int: Int], into span: inout LoadSpan, at now: UInt64
  ) -> Int {
    var places: Set<Int> = []
    for request in open {
      let age = now - min(request.dispatched, now)
      guard
        OpenRequest.isUnanswered(
          age: age, grace: plan.gracefulStop.nanoseconds, slowest: slowest[request.step],
          among: counts[request.step] ?? 0)
      else { continue }
      places.insert(request.place)
      let sample = "no answer for \(age / 1_000_000) ms, when the run's grace had run out"
      let lag = request.dispatched - min(request.intended, request.dispatched)
      if request.isWarmUp {
        span.warmUpSteps[request.step].turnUnanswered(lag: lag, sample: sample)
      } else {
        span.steps[request.step].turnUnanswered(lag: lag, sample: sample)
      }
      if plan.isClosed {
        span.slow.append(
          SlowAttempt(step: request.step, intended: since(request.intended), ended: since(now), hasTime: false))
      }
    }
    return places.count
  }

  /// Nanoseconds since the start.
  private func since(_ time: UInt64) -> UInt64 { time > start ? time - start : 0 }

  /// A worker changes banks within one turn of its loop; one that the host keeps off its core is asked again later.
  private func awaitBank(of member: Crew) -> UnsafeMutablePointer<StepRecorder>? {
    let end = MonotonicClock.now() + 200_000_000
    while MonotonicClock.now() < end {
      if let bank = member.leftBank() { return bank }
      if member.link.hasFinishedNow { return nil }
      usleep(200)
    }
    return nil
  }

  private mutating func take(_ bank: UnsafeMutablePointer<StepRecorder>, into span: inout LoadSpan) {
    for index in 0..<(2 * checks.count) where bank[index].holdsAnything {
      let step = index % checks.count
      note(bank, index, in: &span)
      if index < checks.count {
        span.steps[step].add(bank[index])
      } else {
        span.warmUpSteps[step].add(bank[index])
      }
      slowest[step] = max(slowest[step], bank[index].slowestAnswer)
      bank[index].reset()
    }
  }

  /// A recorder's answers and open requests, into its step's activity.
  private func note(_ bank: UnsafeMutablePointer<StepRecorder>, _ index: Int, in span: inout LoadSpan) {
    let step = index % checks.count
    var activity = span.activity[step]
    activity.answers += bank[index].answered
    if bank[index].firstAnswer > 0 {
      activity.firstAnswer = min(activity.firstAnswer ?? .max, since(bank[index].firstAnswer))
      activity.lastAnswer = max(activity.lastAnswer ?? 0, since(bank[index].lastAnswer))
    }
    if bank[index].open > 0 {
      activity.open += bank[index].open
      activity.oldestOpen = min(activity.oldestOpen ?? .max, since(bank[index].oldestOpen))
    }
    span.activity[step] = activity
    for number in 0..<bank[index].slow.count {
      guard let entry = bank[index].slow[number] else { continue }
      span.slow.append(
        SlowAttempt(step: step, intended: since(entry.intended), ended: since(entry.ended), hasTime: entry.hasTime))
    }
  }

  /// What the workers' snapshots say.
  private mutating func complete(_ span: inout LoadSpan, _ crew: [Crew], at now: UInt64) {
    span.end = since(now)
    span.isWarmUp = span.end <= plan.warmUp.nanoseconds
    var iterations = IterationCounts()
    var connections = ConnectionCounts()
    for member in crew {
      let snapshot = member.snapshot
      // Counts of a worker that has finished before the others are taken with its last bank.
      let counted = span.isLast ? snapshot : member.link.snapshot(ofEpoch: member.collectedEpoch)
      iterations.add(counted.iterations)
      connections.add(counted.connections)
      span.active += snapshot.active
      span.waiting += snapshot.waiting
      if snapshot.firstByte > 0 { span.firstByte = min(span.firstByte ?? .max, since(snapshot.firstByte)) }
      // Shares of less than half a second are too coarse to judge by.
      if now > lastTime + 500_000_000, snapshot.cpuNanoseconds >= member.lastCPU {
        let share = Double(snapshot.cpuNanoseconds - member.lastCPU) / Double(now - lastTime)
        peakWorkerBusy = max(peakWorkerBusy, min(share, 1))
      }
      member.lastCPU = snapshot.cpuNanoseconds
    }
    span.iterations = iterations.since(self.iterations)
    span.connections = connections.since(self.connections)
    self.iterations = iterations
    self.connections = connections
    lastTime = now
  }
}

extension StepMeasure {
  /// An interrupted attempt becomes one without an answer.
  fileprivate mutating func turnUnanswered(lag time: UInt64, sample: String) {
    guard interrupted > 0 else { return }
    interrupted -= 1
    failures[.unanswered, default: 0] += 1
    if failureSamples[.unanswered] == nil { failureSamples[.unanswered] = sample }
    response.recordUnanswered()
    service.recordUnanswered()
    lag.record(time)
  }
}
