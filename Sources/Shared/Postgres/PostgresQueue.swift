import Foundation
import Wording

/// The work that waits, and the threads that take it: one thread a connection, made when there is work and no idle one.
///
/// `@unchecked`: everything that changes is used under `condition`.
final class PostgresQueue: @unchecked Sendable {
  private static let maximumWaiting = 1_000
  /// A connection that has had nothing to do for this long is closed, and its thread ends.
  private static let idleTime = 300.0

  private let condition = NSCondition()
  private let maximumThreads: Int
  private var jobs: [PostgresJob] = []
  private var threads = 0
  private var idle = 0
  private var isClosed = false
  private var closers: [CheckedContinuation<Void, Never>] = []

  init(maximumThreads: Int) { self.maximumThreads = maximumThreads }

  /// - Parameter makeWorker: called on the thread that the worker then owns.
  func submit(_ job: PostgresJob, makeWorker: @escaping @Sendable () -> PostgresWorker) {
    let refusal: PostgresError? = condition.withLock {
      if isClosed { return Self.closed }
      if jobs.count >= Self.maximumWaiting {
        return PostgresError(.busy, "\(jobs.count) pieces of work wait for a connection already")
      }
      jobs.append(job)
      if idle < jobs.count, threads < maximumThreads {
        threads += 1
        start(makeWorker)
      }
      // All: one that pauses between two tries may be woken too, and goes on pausing.
      condition.broadcast()
      return nil
    }
    if let refusal { job.refuse(refusal) }
  }

  /// Takes a job out that no thread has begun.
  func withdraw(_ job: PostgresJob) {
    let wasWaiting = condition.withLock {
      guard let index = jobs.firstIndex(where: { $0 === job }) else { return false }
      jobs.remove(at: index)
      return true
    }
    if wasWaiting { job.refuse(PostgresError(.closed, "the work was cancelled by its caller")) }
  }

  /// Refuses what waits, lets what runs end, and returns when the last connection is closed.
  func close() async {
    await withCheckedContinuation { closer in
      let (waiting, isDone) = stop(telling: closer)
      for job in waiting { job.refuse(Self.closed) }
      if isDone { closer.resume() }
    }
  }

  /// The same without waiting for the threads.
  func stop() {
    for job in stop(telling: nil).0 { job.refuse(Self.closed) }
  }

  private func stop(telling closer: CheckedContinuation<Void, Never>?) -> ([PostgresJob], isDone: Bool) {
    condition.withLock {
      isClosed = true
      defer { jobs = [] }
      condition.broadcast()
      if threads > 0, let closer { closers.append(closer) }
      return (jobs, threads == 0)
    }
  }

  /// Blocks a thread between two tries; false when the queue is closed.
  func pause(_ duration: Duration) -> Bool {
    let end = Date(timeIntervalSinceNow: duration.seconds)
    return condition.withLock {
      while !isClosed, condition.wait(until: end) {}
      return !isClosed
    }
  }

  private static let closed = PostgresError(.closed, "the store is closed")

  private func start(_ makeWorker: @escaping @Sendable () -> PostgresWorker) {
    let thread = Thread { [self] in
      let worker = makeWorker()
      while let job = next() { job.perform(on: worker) }
      worker.close()
      let closers = condition.withLock {
        threads -= 1
        guard isClosed, threads == 0 else { return [CheckedContinuation<Void, Never>]() }
        defer { self.closers = [] }
        return self.closers
      }
      for closer in closers { closer.resume() }
    }
    thread.name = "postgres"
    thread.start()
  }

  /// Nil when the thread shall end.
  private func next() -> PostgresJob? {
    condition.withLock {
      let end = Date(timeIntervalSinceNow: Self.idleTime)
      while jobs.isEmpty {
        guard !isClosed else { return nil }
        idle += 1
        let isInTime = condition.wait(until: end)
        idle -= 1
        if !isInTime, jobs.isEmpty { return nil }
      }
      return jobs.removeFirst()
    }
  }
}
