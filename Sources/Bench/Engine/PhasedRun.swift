import Glibc
import Histograms
import Synchronization

/// A run of several phases: starts each when its time has come, and adds up what they count.
struct PhasedRun {
  private let plan: LoadPlan
  private let address: SocketAddress
  private let resolve: AddressBook.Resolve
  private let feedCursors: [FeedCursor]
  private var sections: [Section]
  private var timeline: [TimelinePoint] = []
  /// Nanoseconds of the monotonic clock.
  private var start: UInt64 = 0
  private var generator = GeneratorTally()
  private var connections = ConnectionTally()
  private var exchanges: [Exchange] = []

  /// Threads are up and their tables touched this long before a phase's clock starts.
  private static let lead: UInt64 = 20_000_000

  private struct Section {
    let plan: LoadPlan
    let start: PhasePlan.Start
    var tally: LoadPhaseTally
    /// Empty before it begins and after it has ended.
    var crew: [Crew] = []
    var compiled: CompiledPlan?
    var collector: Collector?
    /// Since the run's start.
    var offset: UInt64 = 0
  }

  init(_ plan: LoadPlan, to address: SocketAddress, resolve: @escaping AddressBook.Resolve) {
    self.plan = plan
    self.address = address
    self.resolve = resolve
    feedCursors = plan.feeds.map { _ in FeedCursor() }
    let none = plan.steps.map { StepTally(checks: $0.checks.count) }
    sections = plan.phases.map { Section(plan: plan.plan(of: $0), start: $0.start, tally: LoadPhaseTally(steps: none)) }
    generator.workers = plan.allWorkers
  }

  mutating func run(
    control: LoadEngine.Control, observe: (LoadProgress) -> LoadEngine.Wish
  ) throws(EngineError) -> LoadResult {
    let book = try AddressBook(address)
    defer { _ = book.stop() }
    try book.watch(
      plan.endpoint, every: plan.transport.nameTTL, timeout: plan.transport.timeouts.name, resolve: resolve)
    start = MonotonicClock.now() + Self.lead
    let timer = ControlTimer()
    try timer.start(at: start)
    var ending = LoadResult.Ending.completed
    var second: UInt64 = 1
    while true {
      try beginDue(book)
      try endFinished(.completed)
      if control.isInterrupted { ending = .interrupted }
      if ending != .completed || sections.allSatisfy(\.tally.hasEnded) { break }
      let now = MonotonicClock.now()
      if now >= start + second * 1_000_000_000 {
        second += 1
        var progress = collect(at: now)
        progress.hostGaps = timer.gaps
        if observe(progress) == .abort { ending = .aborted }
        continue
      }
      var pause = timespec(nanoseconds: min(start + second * 1_000_000_000 - now, 5_000_000))
      nanosleep(&pause, nil)
    }
    for section in sections where ending != .completed { section.crew.forEach { $0.stop() } }
    try endFinished(ending)
    generator.controlLag = timer.stop()
    generator.hostGaps = timer.gaps
    var progress = collect(at: MonotonicClock.now())
    progress.hostGaps = generator.hostGaps
    _ = observe(progress)
    var result = result(progress, ending: ending)
    result.names = book.stop()
    return result
  }

  // MARK: Beginning and ending

  private mutating func beginDue(_ book: AddressBook) throws(EngineError) {
    let now = MonotonicClock.now()
    let elapsed = now > start ? now - start : 0
    for index in sections.indices where sections[index].collector == nil && !sections[index].tally.hasEnded {
      let due: UInt64
      switch sections[index].start {
      case .at(let time): due = time.nanoseconds
      case .with(let other):
        guard let begun = sections[other].tally.startNanoseconds else { continue }
        due = begun
      case .after(let other):
        guard sections[other].tally.hasEnded else { continue }
        due = elapsed + Self.lead
      }
      if start + due <= now + Self.lead { try begin(index, at: max(due, elapsed), book) }
    }
  }

  /// - Parameter offset: nanoseconds since the run's start, at most a little ahead.
  private mutating func begin(_ index: Int, at offset: UInt64, _ book: AddressBook) throws(EngineError) {
    let plan = sections[index].plan
    let compiled = CompiledPlan(plan, feedCursors: feedCursors)
    for number in 0..<plan.workers {
      sections[index].crew.append(
        try Crew(compiled, book: book, number: number, start: start + offset))
    }
    sections[index].compiled = compiled
    sections[index].collector = Collector(plan, start: start + offset)
    sections[index].offset = offset
    sections[index].tally.startNanoseconds = offset
  }

  /// Takes the last counts of phases whose threads have finished, or are to.
  private mutating func endFinished(_ ending: LoadResult.Ending) throws(EngineError) {
    for index in sections.indices {
      let crew = sections[index].crew
      guard !crew.isEmpty, ending != .completed || crew.allSatisfy(\.link.hasFinishedNow) else { continue }
      for member in crew { member.join() }
      let now = MonotonicClock.now()
      let offset = sections[index].offset
      guard let part = sections[index].collector?.finish(crew, at: now, ending: ending) else { continue }
      let spans = sections[index].collector?.lastProgress?.spans ?? []
      if let point = part.timeline.last { add(point, offset: offset) }
      var tally = LoadPhaseTally(steps: part.steps)
      tally.warmUpSteps = part.warmUpSteps
      tally.startNanoseconds = offset
      tally.elapsedNanoseconds = part.elapsedNanoseconds
      tally.iterations = part.iterations
      tally.firstByteNanoseconds = part.firstByteNanoseconds
      tally.hasEnded = true
      tally.spans = spans
      sections[index].tally = tally
      connections.merge(part.connections)
      generator.workerCPUNanoseconds += part.generator.workerCPUNanoseconds
      generator.resourceFailures += part.generator.resourceFailures
      generator.peakWorkerBusy = max(generator.peakWorkerBusy, part.generator.peakWorkerBusy)
      exchanges += sections[index].compiled?.exchanges.withLock { $0 } ?? []
      sections[index].crew = []
      sections[index].compiled = nil
      for member in crew {
        if let defect = member.link.defect.withLock({ $0 }) { throw EngineError(.system, defect) }
      }
    }
  }

  // MARK: Adding up

  /// Counts of a phase that ended between two points, until the next one takes them over.
  private var pending: TimelinePoint?

  private mutating func add(_ point: TimelinePoint, offset: UInt64) {
    var point = point
    point.active = 0
    point.waiting = 0
    pending = pending.map { Self.sum($0, point) } ?? point
  }

  private mutating func collect(at now: UInt64) -> LoadProgress {
    let elapsed = now > start ? now - start : 0
    var point = TimelinePoint(
      elapsedNanoseconds: elapsed, isWarmUp: false, active: 0, waiting: 0, completed: 0, failed: 0,
      response: Histogram(), lag: Histogram())
    var parts = pending.map { [$0] } ?? []
    pending = nil
    for index in sections.indices where !sections[index].crew.isEmpty {
      let crew = sections[index].crew
      guard var collector = sections[index].collector else { continue }
      // Moved out and back, so that its counts aren't copied.
      sections[index].collector = nil
      let progress = collector.collect(crew, at: now)
      parts.append(progress.point)
      sections[index].tally = collector.tally(crew, offset: sections[index].offset, at: now)
      sections[index].tally.spans = progress.spans
      sections[index].collector = collector
    }
    point.isWarmUp = !parts.isEmpty && parts.allSatisfy(\.isWarmUp)
    for part in parts { point = Self.sum(point, part) }
    timeline.append(point)
    var progress = LoadProgress(
      elapsedNanoseconds: elapsed, plannedNanoseconds: planned, point: point,
      steps: sum { $0.steps }, iterations: iterations)
    progress.phases = sections.map(\.tally)
    for index in sections.indices { sections[index].tally.spans = [] }
    return progress
  }

  /// When the last phase ends, as far as that is known.
  private var planned: UInt64 {
    let spans = plan.phaseSpans
    var ends: [UInt64] = []
    for (index, section) in sections.enumerated() {
      if section.tally.hasEnded {
        ends.append((section.tally.startNanoseconds ?? 0) + section.tally.elapsedNanoseconds)
        continue
      }
      let start: UInt64 =
        switch section.start {
        case _ where section.tally.startNanoseconds != nil: section.tally.startNanoseconds ?? 0
        case .at: spans[index].start.nanoseconds
        case .with(let other): sections[other].tally.startNanoseconds ?? spans[index].start.nanoseconds
        case .after(let other): ends[other]
        }
      ends.append(start + section.plan.workload.duration.nanoseconds)
    }
    return ends.max() ?? 0
  }

  private var iterations: IterationTally {
    sections.reduce(into: IterationTally()) { $0.merge($1.tally.iterations) }
  }

  private func sum(_ part: (LoadPhaseTally) -> [StepTally]) -> [StepTally] {
    var steps = plan.steps.map { StepTally(checks: $0.checks.count) }
    for section in sections where section.tally.startNanoseconds != nil {
      for (index, tally) in part(section.tally).enumerated() where tally.attempts > 0 { steps[index].merge(tally) }
    }
    return steps
  }

  private static func sum(_ first: TimelinePoint, _ second: TimelinePoint) -> TimelinePoint {
    var sum = first
    sum.active += second.active
    sum.waiting += second.waiting
    sum.completed += second.completed
    sum.failed += second.failed
    sum.response.merge(second.response)
    sum.lag.merge(second.lag)
    return sum
  }

  private func result(_ last: LoadProgress, ending: LoadResult.Ending) -> LoadResult {
    var result = LoadResult(
      steps: last.steps, warmUpSteps: sum { $0.warmUpSteps }, iterations: last.iterations, connections: connections,
      timeline: timeline, generator: generator, elapsedNanoseconds: last.elapsedNanoseconds, ending: ending)
    result.exchanges = exchanges
    result.phases = last.phases
    result.firstByteNanoseconds =
      last.phases.compactMap { phase in
        phase.firstByteNanoseconds.map { $0 + (phase.startNanoseconds ?? 0) }
      }.min()
    return result
  }
}
