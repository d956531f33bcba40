import Foundation
import Synchronization

/// Waits for what another process does and nobody announces, by looking on a thread of its own: a task's sleep never
/// ends under a faked clock, and a test that waits leaves the pool's threads to the others.
package enum Waiting {
  /// False after about `seconds`.
  @discardableResult
  package static func until(
    upTo seconds: Int = 60, _ holds: @escaping @Sendable () -> Bool
  ) async -> Bool {
    await withCheckedContinuation { continuation in
      Thread {
        for _ in 0..<seconds * 200 {
          if holds() { return continuation.resume(returning: true) }
          poll(nil, 0, 5)
        }
        continuation.resume(returning: false)
      }.start()
    }
  }

  /// Runs twice as many pieces of work as there are cooperative threads, which something holds up until `release` is
  /// called: by a task that is begun after them, or, where none of those gets a thread, some seconds later by a thread.
  /// - Returns: whether the task got one.
  package static func whileBlocked(
    release: @escaping @Sendable () -> Void, by work: @escaping @Sendable (Int) async throws -> Void
  ) async throws -> Bool {
    let released = Mutex(false)
    let first: @Sendable () -> Bool = {
      let isFirst = released.withLock { isReleased in
        defer { isReleased = true }
        return !isReleased
      }
      if isFirst { release() }
      return isFirst
    }
    Thread {
      for _ in 0..<600 where !released.withLock({ $0 }) { poll(nil, 0, 5) }
      _ = first()
    }.start()
    return try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<2 * ProcessInfo.processInfo.activeProcessorCount {
        group.addTask {
          try await work(number)
          return false
        }
      }
      group.addTask { first() }
      return try await group.reduce(false) { $0 || $1 }
    }
  }
}
