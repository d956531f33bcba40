import Glibc
import Histograms
import Synchronization

/// Merges what the workers count: a point a second, and the totals.
struct Collector {
  private let plan: LoadPlan
  private let start: UInt64
  private var steps: [StepTally]
  private var warmUpSteps: [StepTally]
  private var timeline: [TimelinePoint] = []
  private var generator = GeneratorTally()
  private var lastTime: UInt64
  /// Iterations that the end of the run found with a request that has had its time.
  private var unansweredIterations: UInt64 = 0
  private(set) var lastProgress: LoadProgress?

  init(_ plan: LoadPlan, start: UInt64) {
    self.plan = plan
    self.start = start
    steps = plan.steps.map { StepTally(checks: $0.checks.count) }
    warmUpSteps = steps
    lastTime = start
    generator.workers = plan.workers
  }

  /// Takes over what was counted since the last call.
  mutating func collect(_ crew: [Crew], at now: UInt64) -> LoadProgress {
    for member in crew { member.request() }
    var window = Window(stepCount: plan.steps.count)
    for member in crew {
      guard let bank = awaitBank(of: member) else {
        if !member.link.hasFinishedNow { window.isComplete = false }
        continue
      }
      take(bank, into: &window)
      member.collectedEpoch += 1
    }
    return addPoint(window, crew, at: now)
  }

  /// Everything, once all workers have finished.
  mutating func finish(_ crew: [Crew], at now: UInt64, ending: LoadResult.Ending) -> LoadResult {
    var window = Window(stepCount: plan.steps.count)
    for member in crew {
      take(member.link.bank(0), into: &window)
      take(member.link.bank(1), into: &window)
    }
    if ending == .completed {
      let counts = crew.flatMap(\.link.openAtEnd).reduce(into: [:]) { $0[$1.step, default: 0] += 1 }
      for member in crew { judgeOpen(member.link.openAtEnd, counts: counts, into: &window, at: now) }
    }
    lastProgress = addPoint(window, crew, at: now)
    for member in crew {
      let samples = member.link.samples.withLock { $0 }
      for (step, kinds) in samples {
        steps[step].failureSamples.merge(kinds) { first, _ in first }
        warmUpSteps[step].failureSamples.merge(kinds) { first, _ in first }
      }
      generator.workerCPUNanoseconds += member.snapshot.cpuNanoseconds
      generator.resourceFailures += member.snapshot.resourceFailures
    }
    var result = LoadResult(
      steps: steps, warmUpSteps: warmUpSteps, iterations: iterations(crew), connections: connections(crew),
      timeline: timeline, generator: generator, elapsedNanoseconds: now > start ? now - start : 0, ending: ending)
    result.firstByteNanoseconds = firstByte(crew)
    return result
  }

  /// What is still open when its grace has run out is an attempt without an answer. Younger requests are cut off, as are
  /// all where the run was not let come to its end.
  private mutating func judgeOpen(
    _ open: [OpenRequest], counts: [Int: Int], into window: inout Window, at now: UInt64
  ) {
    var places: Set<Int> = []
    for request in open {
      let age = now - min(request.dispatched, now)
      let slowest = max(steps[request.step].slowestAnswer, warmUpSteps[request.step].slowestAnswer)
      guard
        OpenRequest.isUnanswered(
          age: age, grace: plan.gracefulStop.nanoseconds, slowest: slowest, among: counts[request.step] ?? 0)
      else { continue }
      places.insert(request.place)
      let sample = "no answer for \(age / 1_000_000) ms, when the run's grace had run out"
      let lag = request.dispatched - min(request.intended, request.dispatched)
      if request.isWarmUp {
        warmUpSteps[request.step].turnUnanswered(lag: lag, sample: sample)
      } else {
        steps[request.step].turnUnanswered(lag: lag, sample: sample)
      }
      window.failed += 1
      window.response.recordUnanswered()
      window.lag.record(lag)
      if plan.isClosed {
        window.slow.append(
          SlowAttempt(step: request.step, intended: since(request.intended), ended: since(now), hasTime: false))
      }
    }
    unansweredIterations += UInt64(places.count)
  }

  /// Nanoseconds since the start.
  private func since(_ time: UInt64) -> UInt64 { time > start ? time - start : 0 }

  /// Since the start; nil while no byte of a response has come.
  private func firstByte(_ crew: [Crew]) -> UInt64? {
    crew.map(\.snapshot.firstByte).filter { $0 > 0 }.min().map { $0 - min(start, $0) }
  }

  /// What has been counted so far, of a phase that began `offset` nanoseconds into its run.
  func tally(_ crew: [Crew], offset: UInt64, at now: UInt64) -> LoadPhaseTally {
    var tally = LoadPhaseTally(steps: steps)
    tally.warmUpSteps = warmUpSteps
    tally.startNanoseconds = offset
    tally.elapsedNanoseconds = now > start ? now - start : 0
    tally.iterations = iterations(crew)
    tally.firstByteNanoseconds = firstByte(crew)
    return tally
  }

  private struct Window {
    var response = Histogram()
    var lag = Histogram()
    var completed: UInt64 = 0
    var failed: UInt64 = 0
    var activity: [StepActivity]
    var slow: [SlowAttempt] = []
    var isComplete = true
    let stepCount: Int

    init(stepCount: Int) {
      self.stepCount = stepCount
      activity = Array(repeating: StepActivity(), count: stepCount)
    }
  }

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

  private mutating func take(_ bank: UnsafeMutablePointer<StepRecorder>, into window: inout Window) {
    for index in 0..<(2 * window.stepCount) where bank[index].holdsAnything {
      window.response.merge(bank[index].response)
      window.lag.merge(bank[index].lag)
      window.completed += bank[index].answered
      for kind in FailureKind.allCases { window.failed += bank[index].failures[kind.index] }
      note(bank, index, in: &window)
      if index < window.stepCount {
        steps[index].merge(bank[index])
      } else {
        warmUpSteps[index - window.stepCount].merge(bank[index])
      }
      bank[index].reset()
    }
  }

  /// A recorder's answers and open requests, into its step's activity.
  private func note(_ bank: UnsafeMutablePointer<StepRecorder>, _ index: Int, in window: inout Window) {
    let step = index % window.stepCount
    var activity = window.activity[step]
    activity.answers += bank[index].answered
    if bank[index].firstAnswer > 0 {
      activity.firstAnswer = min(activity.firstAnswer ?? .max, since(bank[index].firstAnswer))
      activity.lastAnswer = max(activity.lastAnswer ?? 0, since(bank[index].lastAnswer))
    }
    if bank[index].open > 0 {
      activity.open += bank[index].open
      activity.oldestOpen = min(activity.oldestOpen ?? .max, since(bank[index].oldestOpen))
    }
    window.activity[step] = activity
    for number in 0..<bank[index].slow.count {
      guard let entry = bank[index].slow[number] else { continue }
      window.slow.append(
        SlowAttempt(step: step, intended: since(entry.intended), ended: since(entry.ended), hasTime: entry.hasTime))
    }
  }

  private mutating func addPoint(_ window: Window, _ crew: [Crew], at now: UInt64) -> LoadProgress {
    let elapsed = now > start ? now - start : 0
    var active = 0
    var waiting = 0
    for member in crew {
      let snapshot = member.snapshot
      active += snapshot.active
      waiting += snapshot.waiting
      // Shares of less than half a second are too coarse to judge by.
      if now > lastTime + 500_000_000, snapshot.cpuNanoseconds >= member.lastCPU {
        let share = Double(snapshot.cpuNanoseconds - member.lastCPU) / Double(now - lastTime)
        generator.peakWorkerBusy = max(generator.peakWorkerBusy, min(share, 1))
      }
      member.lastCPU = snapshot.cpuNanoseconds
    }
    var span = ActivitySpan(
      start: since(lastTime), end: elapsed, active: active, steps: window.activity, slow: window.slow)
    span.isComplete = window.isComplete
    lastTime = now
    let point = TimelinePoint(
      elapsedNanoseconds: elapsed, isWarmUp: elapsed <= plan.warmUp.nanoseconds, active: active, waiting: waiting,
      completed: window.completed, failed: window.failed, response: window.response, lag: window.lag)
    timeline.append(point)
    var progress = LoadProgress(
      elapsedNanoseconds: elapsed, plannedNanoseconds: plan.workload.duration.nanoseconds, point: point, steps: steps,
      iterations: iterations(crew))
    progress.spans = [span]
    return progress
  }

  private func iterations(_ crew: [Crew]) -> IterationTally {
    var tally = crew.reduce(into: IterationTally()) { $0.merge($1.snapshot.iterations) }
    let unanswered = min(unansweredIterations, tally.interrupted)
    tally.interrupted -= unanswered
    tally.failed += unanswered
    return tally
  }

  private func connections(_ crew: [Crew]) -> ConnectionTally {
    crew.reduce(into: ConnectionTally()) { $0.merge($1.snapshot.connections) }
  }
}

extension StepTally {
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
