package import Timers

/// One connection to one server, on a thread of its own, opened again whenever it is lost. It never makes anybody wait for
/// a server that is away: while there is no connection, all work is refused at once.
package final class RedisClient: Sendable {
  package enum State: Sendable, Equatable {
    case connected
    /// The server ended a connection that it thought idle, which is no sign of trouble; another is being opened.
    case renewing
    case away(RedisError)
  }

  package typealias Answer = Result<[RedisValue], RedisError>

  private let queue: RedisQueue

  /// Begins to connect.
  /// - Parameters:
  ///   - timeout: what one piece of work may take on the connection.
  ///   - onChange: told of the first connection or failure and of every change, on the client's thread.
  /// - Throws: `ThreadError`.
  package init(
    _ configuration: RedisConfiguration, timeout: Duration = .milliseconds(250),
    onChange: @escaping @Sendable (State) -> Void = { _ in }
  ) throws(ThreadError) {
    let queue = RedisQueue(onChange: onChange) { () throws(RedisError) in
      try RedisConnection(configuration, timeout: timeout)
    }
    try OwnThread.detached { queue.run() }
    self.queue = queue
  }

  deinit { queue.close() }

  package var isConnected: Bool { queue.hasConnection }

  /// Sends commands together, after all that was asked before.
  /// - Throws: `RedisError`; code `.lost` leaves open whether they were carried out.
  package func perform(_ commands: [RedisCommand]) async throws(RedisError) -> [RedisValue] {
    let answer = await withCheckedContinuation { continuation in
      submit(commands) { continuation.resume(returning: $0) }
    }
    return try answer.get()
  }

  /// The same for one who doesn't wait.
  /// - Parameter take: called once, on the client's thread, which it must not block, or at once where there is no connection.
  package func submit(_ commands: [RedisCommand], take: @escaping @Sendable (Answer) -> Void) {
    queue.submit(RedisQueue.Job(commands: commands, take: take))
  }

  /// Refuses all that waits and all that comes; the connection ends once it has done what it is at.
  package func close() { queue.close() }
}
