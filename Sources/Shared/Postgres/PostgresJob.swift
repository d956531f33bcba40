import Synchronization

/// A piece of work that waits for a connection: how long it may, and whether its caller still wants it.
final class PostgresJob: Sendable {
  let deadline: ContinuousClock.Instant
  private let cancelled = Atomic(false)

  init(deadline: ContinuousClock.Instant) { self.deadline = deadline }

  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
  func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Why it is not begun any more.
  var refusal: PostgresError? {
    if isCancelled { return PostgresError(.closed, "the work was cancelled by its caller") }
    return .now < deadline ? nil : PostgresError(.timeout, "no connection was free in time")
  }
}
