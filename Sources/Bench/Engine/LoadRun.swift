import Glibc
import Histograms
import Measures
import Synchronization
import Timers

/// One run: starts each of its loads (its phases', or its own) when it is due, hands on what they do second by second, and
/// ends them all, whatever happens.
struct LoadRun {
  private let plan: LoadPlan
  private let feedCursors: [FeedCursor]
  private var loads: [Load]
  private var total: LoadResult
  /// Nanoseconds of the monotonic clock.
  private var start: UInt64 = 0
  /// Of loads that have ended since the last observation.
  private var lastSpans: [LoadSpan] = []
  /// What ends the run before its time.
  private var defect: EngineError?

  /// Threads are up and their tables touched this long before a load's clock starts.
  private static let lead: UInt64 = 20_000_000

  private struct Load {
    let plan: LoadPlan
    /// Index into the plan's phases.
    let phase: Int?
    let start: PhasePlan.Start
    /// When it began, since the run's start.
    var offset: UInt64?
    /// Since the run's start.
    var end: UInt64?
    /// Empty before it begins and after it has ended.
    var crew: [Crew] = []
    var compiled: CompiledPlan?
    var collector: Collector?
  }

  init(_ plan: LoadPlan) {
    self.plan = plan
    feedCursors = plan.feeds.map { _ in FeedCursor() }
    loads = plan.phases.enumerated().map { Load(plan: plan.plan(of: $1), phase: $0, start: $1.start) }
    if loads.isEmpty { loads = [Load(plan: plan, phase: nil, start: .at(.zero))] }
    total = LoadResult(plan)
    total.generator.workers = plan.allWorkers
  }

  /// - Throws: what kept it from beginning or from going on, after `observe` has been told of all that was counted.
  mutating func run(
    to address: SocketAddress, control: LoadEngine.Control, resolve: @escaping AddressBook.Resolve,
    observe: (LoadProgress) -> LoadEngine.Wish
  ) throws(EngineError) -> LoadResult {
    let book = try AddressBook(address)
    defer { _ = book.stop() }
    try book.watch(
      plan.endpoint, every: plan.transport.nameTTL, timeout: plan.transport.timeouts.name, resolve: resolve)
    start = MonotonicClock.now() + Self.lead
    let timer = ControlTimer()
    try timer.start(at: start)
    var second: UInt64 = 1
    while true {
      do throws(EngineError) { try beginDue(book) } catch { defect = error }
      endFinished()
      defect = defect ?? loads.lazy.flatMap(\.crew).compactMap(\.defect).first
      if defect != nil { total.ending = .failed } else if control.isInterrupted { total.ending = .interrupted }
      if total.ending != .completed || loads.allSatisfy({ $0.end != nil }) { break }
      let now = MonotonicClock.now()
      if now >= start + second * 1_000_000_000 {
        second += 1
        guard observe(collect(at: now, timer)) == .abort else { continue }
        total.ending = .aborted
        break
      }
      pause(until: start + second * 1_000_000_000, from: now)
    }
    for load in loads { load.crew.forEach { $0.stop() } }
    endFinished()
    total.generator.controlLag = timer.stop()
    let names = book.stop()
    total.lookUps = names.time
    total.connections.failedLookUps = names.failed
    total.connections.moves = names.moves
    let lastEnd = loads.compactMap(\.end).max()
    let end = total.ending == .completed ? lastEnd.map { start + $0 } : nil
    var progress = collect(at: end ?? MonotonicClock.now(), timer)
    progress.isLast = true
    _ = observe(progress)
    if let defect { throw defect }
    return total
  }

  private func pause(until due: UInt64, from now: UInt64) {
    // What follows a phase begins as soon as that has ended.
    let step: UInt64 = loads.contains { $0.offset == nil } ? 5_000_000 : 20_000_000
    var time = timespec(nanoseconds: min(due - now, step))
    nanosleep(&time, nil)
  }

  // MARK: Beginning and ending

  private mutating func beginDue(_ book: AddressBook) throws(EngineError) {
    let now = MonotonicClock.now()
    let elapsed = now > start ? now - start : 0
    for index in loads.indices where loads[index].offset == nil {
      let due: UInt64
      switch loads[index].start {
      case .at(let time): due = time.nanoseconds
      case .with(let other):
        guard let begun = loads[other].offset else { continue }
        due = begun
      case .after(let other):
        guard loads[other].end != nil else { continue }
        due = elapsed + Self.lead
      }
      if start + due <= now + Self.lead { try begin(index, at: max(due, elapsed), book) }
    }
  }

  /// - Parameter offset: nanoseconds since the run's start, at most a little ahead.
  private mutating func begin(_ index: Int, at offset: UInt64, _ book: AddressBook) throws(EngineError) {
    let plan = loads[index].plan
    let compiled = CompiledPlan(plan, feedCursors: feedCursors)
    // Threads that did start count too, and are ended with the rest.
    loads[index].compiled = compiled
    loads[index].collector = Collector(plan, start: start + offset)
    loads[index].offset = offset
    for number in 0..<plan.workers {
      loads[index].crew.append(try Crew(compiled, book: book, number: number, start: start + offset))
    }
  }

  /// Takes the last counts of loads whose threads have finished, or are to.
  private mutating func endFinished() {
    for index in loads.indices {
      let crew = loads[index].crew
      guard !crew.isEmpty, total.ending != .completed || crew.allSatisfy(\.link.hasFinishedNow) else { continue }
      let hasEnded = total.ending == .completed
      let ended = MonotonicClock.now()
      for member in crew { member.join() }
      let cutsOff = total.ending != .completed || crew.contains { $0.defect != nil }
      defect = defect ?? crew.lazy.compactMap(\.defect).first
      // A load is over when its workers have counted their last, though they may close connections still.
      let now = hasEnded ? ended : MonotonicClock.now()
      if var collector = loads[index].collector {
        add(collector.finish(crew, at: now, cutsOff: cutsOff), of: index)
        total.generator.peakWorkerBusy = max(total.generator.peakWorkerBusy, collector.peakWorkerBusy)
      }
      for member in crew {
        total.generator.workerCPUNanoseconds += member.snapshot.cpuNanoseconds
        total.generator.resourceFailures += member.snapshot.resourceFailures
      }
      total.exchanges += loads[index].compiled?.exchanges.withLock { $0 } ?? []
      loads[index].end = now > start ? now - start : 0
      loads[index].crew = []
      loads[index].compiled = nil
      loads[index].collector = nil
    }
  }

  // MARK: Adding up

  private mutating func add(_ span: LoadSpan, of index: Int) {
    var span = span
    span.phase = loads[index].phase
    span.offset = loads[index].offset ?? 0
    total.add(span)
    lastSpans.append(span)
  }

  private mutating func collect(at now: UInt64, _ timer: ControlTimer) -> LoadProgress {
    for index in loads.indices where !loads[index].crew.isEmpty {
      // Moved out and back, so that it isn't copied.
      guard var collector = loads[index].collector.take() else { continue }
      add(collector.collect(loads[index].crew, at: now), of: index)
      loads[index].collector = collector
    }
    total.elapsedNanoseconds = now > start ? now - start : 0
    total.generator.hostGaps = timer.gaps
    let spans = lastSpans
    lastSpans = []
    return LoadProgress(spans: spans, total: total, plannedNanoseconds: planned)
  }

  /// When the last load ends, as far as that is known.
  private var planned: UInt64 {
    let spans = plan.phaseSpans
    var ends: [UInt64] = []
    for load in loads {
      if let end = load.end {
        ends.append(end)
        continue
      }
      let start: UInt64 =
        switch load.start {
        case _ where load.offset != nil: load.offset ?? 0
        case .at(let time): time.nanoseconds
        case .with(let other): loads[other].offset ?? spans[other].start.nanoseconds
        case .after(let other): ends[other]
        }
      ends.append(start + load.plan.workload.duration.nanoseconds)
    }
    return ends.max() ?? 0
  }
}

/// One worker's thread and what the collector knows of it.
final class Crew {
  let link: WorkerLink
  private let thread: OwnThread
  private var isJoined = false
  /// The epoch whose predecessor's bank has been collected.
  var collectedEpoch = 0
  var lastCPU: UInt64 = 0

  init(
    _ compiled: CompiledPlan, book: AddressBook, number: Int, start: UInt64
  ) throws(EngineError) {
    let link = try WorkerLink(steps: compiled.plan.steps)
    self.link = link
    thread = try OwnThread.started {
      do throws(EngineError) {
        var worker = try Worker(compiled, link: link, book: book, number: number)
        worker.run(start: start)
      } catch {
        link.defect.withLock { $0 = error.message }
        link.finish(WorkerSnapshot())
      }
    }
  }

  /// A run that can't begin, for want of its other threads, sends nothing on behind its caller's back.
  deinit {
    stop()
    join()
  }

  func stop() {
    link.shouldStop.store(true, ordering: .relaxed)
    link.wake()
  }

  func join() {
    if isJoined { return }
    isJoined = true
    thread.join()
  }

  /// Why the worker ended before its time.
  var defect: EngineError? { link.defect.withLock { $0 }.map { EngineError(.system, $0) } }

  var snapshot: WorkerSnapshot { link.latestSnapshot(collectedEpoch: collectedEpoch) }

  /// Asks the worker to change banks.
  func request() {
    guard link.requestedEpoch.load(ordering: .relaxed) == collectedEpoch else { return }
    link.requestedEpoch.store(collectedEpoch + 1, ordering: .releasing)
    link.wake()
  }

  /// The bank that the worker has left since it was last asked; nil while it hasn't.
  func leftBank() -> UnsafeMutablePointer<StepRecorder>? {
    guard link.publishedEpoch.load(ordering: .acquiring) == collectedEpoch + 1 else { return nil }
    return link.bank(collectedEpoch)
  }
}
