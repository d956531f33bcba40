import Synchronization

/// A piece of work that waits for a connection, shared by the caller's task and the pool's threads.
final class PostgresJob: Sendable {
  let deadline: ContinuousClock.Instant
  private let cancelled = Atomic(false)
  private let work: @Sendable (PostgresWorker) -> Void
  private let refuse: @Sendable (PostgresError) -> Void

  /// Exactly one of the closures is called, once.
  init(
    deadline: ContinuousClock.Instant, work: @escaping @Sendable (PostgresWorker) -> Void,
    refuse: @escaping @Sendable (PostgresError) -> Void
  ) {
    self.deadline = deadline
    self.work = work
    self.refuse = refuse
  }

  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
  func cancel() { cancelled.store(true, ordering: .relaxed) }

  func perform(on worker: PostgresWorker) { work(worker) }
  func refuse(_ error: PostgresError) { refuse(error) }
}
