import Foundation
import Timers
import Wording

/// The work that waits, and the threads that take it: one thread a connection, made when there is work and no idle one.
///
/// `@unchecked`: everything that changes is used under `condition`.
final class PostgresQueue: @unchecked Sendable {
  typealias Run = @Sendable (Result<PostgresWorker, PostgresError>) -> Void

  private struct Entry {
    let job: PostgresJob
    let run: Run
  }

  private static let maximumWaiting = 1_000

  private let condition = NSCondition()
  private let maximumThreads: Int
  private let idleTime: Duration
  private let startThread: ThreadStart
  private var jobs: [Entry] = []
  private var threads = 0
  private var idle = 0
  private var isClosed = false
  private var closers: [CheckedContinuation<Void, Never>] = []

  /// - Parameter idleTime: a connection that has had nothing to do for this long is closed, and its thread ends.
  init(
    maximumThreads: Int, idleTime: Duration = .seconds(300), startThread: @escaping ThreadStart = OwnThread.detached
  ) {
    self.maximumThreads = maximumThreads
    self.idleTime = idleTime
    self.startThread = startThread
  }

  /// - Parameters:
  ///   - run: called once, with the worker of the thread that it is called on, or with why there is none.
  ///   - makeWorker: called on the thread that the worker then owns.
  func submit(_ job: PostgresJob, run: @escaping Run, makeWorker: @escaping @Sendable () -> PostgresWorker) {
    let refusal: PostgresError? = condition.withLock {
      if isClosed { return Self.closed }
      // One that is cancelled later is found and withdrawn.
      if job.isCancelled { return job.refusal }
      if jobs.count >= Self.maximumWaiting {
        return PostgresError(.busy, "\(jobs.count) pieces of work wait for a connection already")
      }
      jobs.append(Entry(job: job, run: run))
      if idle < jobs.count, threads < maximumThreads {
        do throws(ThreadError) { try start(makeWorker) } catch {
          // Others that are at work will take it.
          if threads == 0 {
            jobs.removeAll { $0.job === job }
            return PostgresError(.busy, "no connection can be begun: \(error)")
          }
        }
      }
      // All: one that pauses between two tries may be woken too, and goes on pausing.
      condition.broadcast()
      return nil
    }
    if let refusal { run(.failure(refusal)) }
  }

  /// Takes a cancelled job out that no thread has begun.
  func withdraw(_ job: PostgresJob) {
    let waiting: Entry? = condition.withLock {
      guard let index = jobs.firstIndex(where: { $0.job === job }) else { return nil }
      return jobs.remove(at: index)
    }
    if let waiting { waiting.run(.failure(job.refusal ?? Self.closed)) }
  }

  /// Refuses what waits, lets what runs end, and returns when the last connection is closed.
  func close() async {
    await withCheckedContinuation { closer in
      let (waiting, isDone) = stop(telling: closer)
      for entry in waiting { entry.run(.failure(Self.closed)) }
      if isDone { closer.resume() }
    }
  }

  /// The same without waiting for the threads.
  func stop() {
    for entry in stop(telling: nil).0 { entry.run(.failure(Self.closed)) }
  }

  private func stop(telling closer: CheckedContinuation<Void, Never>?) -> ([Entry], isDone: Bool) {
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

  private func start(_ makeWorker: @escaping @Sendable () -> PostgresWorker) throws(ThreadError) {
    try startThread { [self] in
      let worker = makeWorker()
      repeat {
        while let entry = next() {
          entry.run(entry.job.refusal.map { .failure($0) } ?? .success(worker))
        }
        worker.close()
      } while !retire()
    }
    threads += 1
  }

  /// Ends the calling thread's part, unless work came while its connection was closed: whoever brought it counted on this
  /// thread, and started no other.
  private func retire() -> Bool {
    let closers: [CheckedContinuation<Void, Never>]? = condition.withLock {
      guard jobs.isEmpty else { return nil }
      threads -= 1
      guard isClosed, threads == 0 else { return [] }
      defer { self.closers = [] }
      return self.closers
    }
    for closer in closers ?? [] { closer.resume() }
    return closers != nil
  }

  /// Nil when there was nothing to do for the idle time, or the queue is closed.
  private func next() -> Entry? {
    condition.withLock {
      let end = Date(timeIntervalSinceNow: idleTime.seconds)
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
