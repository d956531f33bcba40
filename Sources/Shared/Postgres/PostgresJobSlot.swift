import Synchronization

/// Carries a cancellation to the job, also one that comes before there is a job.
final class PostgresJobSlot: Sendable {
  private let state = Mutex<(job: PostgresJob?, isCancelled: Bool)>((nil, false))

  func fill(_ job: PostgresJob) {
    state.withLock {
      $0.job = job
      if $0.isCancelled { job.cancel() }
    }
  }

  /// The job, as a thread begins it.
  /// - Throws: `PostgresError` code `.closed` when it was cancelled, `.timeout` when its time is over.
  func begin() throws(PostgresError) -> PostgresJob {
    guard let job = state.withLock({ $0.job }), !job.isCancelled else {
      throw PostgresError(.closed, "the work was cancelled by its caller")
    }
    guard .now < job.deadline else { throw PostgresError(.timeout, "no connection was free in time") }
    return job
  }

  /// Once the job has ended: its work holds this slot.
  func empty() { state.withLock { $0.job = nil } }

  func cancel() -> PostgresJob? {
    state.withLock {
      $0.isCancelled = true
      $0.job?.cancel()
      return $0.job
    }
  }
}
