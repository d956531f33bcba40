import NIOCore
import NIOPosix
import Wording

/// The wait before a delayed answer, on the event loops' clock: of these there may be thousands at once, and
/// `Task.sleep` counts on a clock that faketime shifts with the date, and never ends there.
enum ResponseDelay {
  /// - Throws: `CancellationError` at once when the task is cancelled.
  static func wait(for duration: Duration) async throws {
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
