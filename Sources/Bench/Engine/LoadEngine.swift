import Glibc
import Histograms
import Synchronization
import Timers

/// Runs a plan: starts the workers, collects what they count, and tells an observer once a second.
package enum LoadEngine {
  /// Ends a run from another thread or a signal handler.
  package final class Control: Sendable {
    private let flag = Atomic<Bool>(false)

    package init() {}

    /// Safe in a signal handler.
    package func interrupt() { flag.store(true, ordering: .relaxed) }

    package var isInterrupted: Bool { flag.load(ordering: .relaxed) }
  }

  /// What an observer wants after it has seen a second of the run.
  package enum Wish: Sendable { case goOn, abort }

  /// Runs the plan to its end. Blocks: to be called on a thread that is the caller's own.
  /// - Parameters:
  ///   - address: where `Preflight.reach` got through.
  ///   - observe: called on the calling thread, once a second and once at the end.
  /// - Throws: `EngineError` when the run can't begin, or a worker could not go on; what happens to requests is in the
  ///   result.
  package static func run(
    _ plan: LoadPlan, to address: SocketAddress, control: Control = Control(),
    observe: (LoadProgress) -> Wish = { _ in .goOn }
  ) throws(EngineError) -> LoadResult {
    try run(plan, to: address, control: control, mayMove: { _ in true }, observe: observe)
  }

  /// The same, for a target whose name may get another address meanwhile.
  /// - Parameter mayMove: whether connections may go there; asked on a thread of its own.
  package static func run(
    _ plan: LoadPlan, to address: SocketAddress, control: Control,
    mayMove: @escaping @Sendable (SocketAddress) -> Bool, observe: (LoadProgress) -> Wish
  ) throws(EngineError) -> LoadResult {
    try run(
      plan, to: address, control: control,
      resolve: { endpoint throws(EngineError) in try SocketAddress.resolve(endpoint).filter(mayMove) },
      observe: observe)
  }

  /// - Parameter resolve: looks up the endpoint's name, on a thread that nobody waits for.
  static func run(
    _ plan: LoadPlan, to address: SocketAddress, control: Control, resolve: @escaping AddressBook.Resolve,
    observe: (LoadProgress) -> Wish
  ) throws(EngineError) -> LoadResult {
    if !plan.phases.isEmpty {
      var run = PhasedRun(plan, to: address, resolve: resolve)
      return try run.run(control: control, observe: observe)
    }
    let compiled = CompiledPlan(plan)
    let book = try AddressBook(address)
    defer { _ = book.stop() }
    try book.watch(
      plan.endpoint, every: plan.transport.nameTTL, timeout: plan.transport.timeouts.name, resolve: resolve)
    var crew: [Crew] = []
    // Threads are up and their tables touched before the clock starts.
    let start = MonotonicClock.now() + 20_000_000
    for number in 0..<plan.workers {
      crew.append(try Crew(compiled, book: book, number: number, start: start))
    }
    let timer = ControlTimer()
    try timer.start(at: start)
    var collector = Collector(plan, start: start)
    var ending = LoadResult.Ending.completed
    var second: UInt64 = 1
    while !crew.allSatisfy(\.link.hasFinishedNow) {
      let due = start + second * 1_000_000_000
      let isFinal = waitUntil(due, crew, control)
      if isFinal { break }
      second += 1
      var progress = collector.collect(crew, at: MonotonicClock.now())
      progress.hostGaps = timer.gaps
      if observe(progress) == .abort {
        ending = .aborted
        break
      }
    }
    if control.isInterrupted { ending = .interrupted }
    for member in crew {
      if ending != .completed { member.stop() }
      member.join()
    }
    var result = collector.finish(crew, at: MonotonicClock.now(), ending: ending)
    result.generator.controlLag = timer.stop()
    result.generator.hostGaps = timer.gaps
    result.names = book.stop()
    result.exchanges = compiled.exchanges.withLock { $0 }
    if var progress = collector.lastProgress {
      progress.hostGaps = result.generator.hostGaps
      _ = observe(progress)
    }
    for member in crew {
      if let defect = member.link.defect.withLock({ $0 }) { throw EngineError(.system, defect) }
    }
    return result
  }

  /// - Returns: true when every worker has finished, or the run is to be interrupted.
  private static func waitUntil(_ due: UInt64, _ crew: [Crew], _ control: Control) -> Bool {
    while true {
      if control.isInterrupted || crew.allSatisfy(\.link.hasFinishedNow) { return true }
      let now = MonotonicClock.now()
      if now >= due { return false }
      var pause = timespec(nanoseconds: min(due - now, 20_000_000))
      nanosleep(&pause, nil)
    }
  }
}

extension WorkerLink {
  var hasFinishedNow: Bool { hasFinished.load(ordering: .acquiring) }
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
