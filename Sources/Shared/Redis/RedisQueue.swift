import Foundation
import Timers
import Wording

/// The work that waits, and the thread that does it.
///
/// `@unchecked`: everything that changes is used under `condition`.
final class RedisQueue: @unchecked Sendable {
  struct Job: Sendable {
    let commands: [RedisCommand]
    let take: @Sendable (RedisClient.Answer) -> Void
  }

  private static let maximumWaiting = 200
  private static let closed = RedisError(.closed, "the connection to Redis is closed")
  private static let unconnected = RedisError(.away, "there is no connection to Redis")

  private let connect: @Sendable () throws(RedisError) -> RedisConnection
  private let onChange: @Sendable (RedisClient.State) -> Void
  private let backoff = Backoff(base: .milliseconds(200), cap: .seconds(5), jitter: .equal)
  private let condition = NSCondition()
  private var jobs: [Job] = []
  private var isConnected = false
  private var isClosed = false

  init(
    onChange: @escaping @Sendable (RedisClient.State) -> Void,
    connect: @escaping @Sendable () throws(RedisError) -> RedisConnection
  ) {
    self.onChange = onChange
    self.connect = connect
  }

  var hasConnection: Bool { condition.withLock { isConnected } }

  func submit(_ job: Job) {
    let refusal: RedisError? = condition.withLock {
      if isClosed { return Self.closed }
      guard isConnected else { return Self.unconnected }
      guard jobs.count < Self.maximumWaiting else {
        return RedisError(.busy, "\(jobs.count) pieces of work wait for Redis already")
      }
      jobs.append(job)
      condition.signal()
      return nil
    }
    if let refusal { job.take(.failure(refusal)) }
  }

  func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
    refuse(Self.closed)
  }

  private func refuse(_ reason: RedisError) {
    let waiting = condition.withLock {
      defer { jobs = [] }
      isConnected = false
      return jobs
    }
    for job in waiting { job.take(.failure(reason)) }
  }

  // MARK: On the thread

  /// Until it is closed.
  func run() {
    var failures = 0
    var state: RedisClient.State?
    func tell(_ new: RedisClient.State) {
      if new != state { onChange(new) }
      state = new
    }
    while true {
      do throws(RedisError) {
        var connection = try connect()
        guard open() else { return }
        failures = 0
        tell(.connected)
        while let job = next() {
          if connection.isStale {
            // The server ends connections that it thinks idle: no sign of trouble. Whoever asks goes without, since a new one
            // may take as long as a name takes to be resolved.
            job.take(.failure(Self.unconnected))
            refuse(Self.unconnected)
            tell(.renewing)
            connection = try connect()
            guard open() else { return }
            tell(.connected)
          } else {
            try serve(job, by: connection)
          }
        }
        return
      } catch {
        failures += 1
        refuse(Self.unconnected)
        tell(.away(error))
        guard pause(backoff.delay(after: failures, random: .random(in: 0..<1))) else { return }
      }
    }
  }

  /// Takes work from here on. False when it is closed.
  private func open() -> Bool {
    condition.withLock {
      isConnected = !isClosed
      return isConnected
    }
  }

  /// - Throws: what ended the connection.
  private func serve(_ job: Job, by connection: RedisConnection) throws(RedisError) {
    do throws(RedisError) {
      job.take(.success(try connection.perform(job.commands)))
    } catch {
      job.take(.failure(error))
      throw error
    }
  }

  /// Nil when it is closed.
  private func next() -> Job? {
    condition.withLock {
      while jobs.isEmpty, !isClosed { condition.wait() }
      return isClosed ? nil : jobs.removeFirst()
    }
  }

  /// False when it is closed.
  private func pause(_ duration: Duration) -> Bool {
    let end = Date(timeIntervalSinceNow: duration.seconds)
    return condition.withLock {
      while !isClosed, condition.wait(until: end) {}
      return !isClosed
    }
  }
}
