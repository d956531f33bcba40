import NIOCore
import NIOPosix
import Support

/// A wait on the event loops' clock, CLOCK_MONOTONIC by epoll, which a shifted wall clock leaves alone: `Task.sleep`
/// counts on CLOCK_BOOTTIME, which faketime shifts with the date, and never ends there.
package enum MonotonicSleep {
  /// - Throws: `CancellationError` at once when the task is cancelled.
  package static func wait(for duration: Duration) async throws {
    let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: .nanoseconds(duration.nanosecondCount)) {}
    do {
      try await withTaskCancellationHandler {
        try await timer.futureResult.get()
      } onCancel: {
        timer.cancel()
      }
    } catch {
      throw CancellationError()
    }
  }
}
