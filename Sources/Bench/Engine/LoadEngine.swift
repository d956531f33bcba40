import Synchronization

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
  ///   - observe: called on the calling thread, once a second and once at the end, whatever the end.
  /// - Throws: `EngineError` when the run can't begin, or a worker could not go on; all workers have ended by then, and
  ///   `observe` was told of what they had counted. What happens to requests is in the result.
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
    var run = LoadRun(plan)
    return try run.run(to: address, control: control, resolve: resolve, observe: observe)
  }
}

extension WorkerLink {
  var hasFinishedNow: Bool { hasFinished.load(ordering: .acquiring) }
}
