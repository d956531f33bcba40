import Synchronization
import Wording

/// A clock that only moves when somebody waits, or when it is moved.
final class VirtualWait: Sendable {
  private let time: Mutex<Double>
  /// Called with the time after each wait.
  private let onWait: @Sendable (Double) -> Void

  init(at start: Double, onWait: @escaping @Sendable (Double) -> Void = { _ in }) {
    time = Mutex(start)
    self.onWait = onWait
  }

  var now: Double { time.withLock { $0 } }

  func move(by seconds: Double) { time.withLock { $0 += seconds } }

  @Sendable func wait(_ duration: Duration) async {
    let now = time.withLock { time in
      time += duration.seconds
      return time
    }
    onWait(now)
    await Task.yield()
  }
}
