import Dispatch
import Foundation
import Glibc
import Synchronization
import Timers

/// Ends the process when its services don't, on the timers' thread: whatever holds them up can't hold that up.
package final class LastResort: Sendable {
  static let graceful = Duration.seconds(10)
  /// How long cancelled services may take.
  private static let patience = Duration.seconds(4)

  private struct Stuck: Error, CustomStringConvertible {
    var description = "the service did not stop in time after it was asked to"
  }

  private struct State {
    var isDisarmed = false
    var sources: [any DispatchSourceSignal] = []
    var alarms: [TimerThread.Alarm] = []
  }

  private let sayAndCode: @Sendable (any Error) -> Int32
  private let timers: TimerThread
  private let state = Mutex(State())

  init(timers: TimerThread, sayAndCode: @escaping @Sendable (any Error) -> Int32) {
    self.timers = timers
    self.sayAndCode = sayAndCode
  }

  /// A service has failed: the process ends soon, with that error.
  func arm(for error: any Error) {
    guard !(error is CancellationError) else { return }
    arm(after: Self.patience, error)
  }

  /// Watches for the signals beside the services' own watch, which needs threads that may all be held up.
  func armOnSignals() {
    state.withLock { state in
      for number in [SIGTERM, SIGINT] {
        let source = DispatchSource.makeSignalSource(signal: number, queue: DispatchQueue(label: "last resort"))
        source.setEventHandler { [weak self] in
          self?.arm(after: Self.graceful + Self.patience, Stuck())
        }
        source.resume()
        state.sources.append(source)
      }
    }
  }

  func disarm() {
    state.withLock { state in
      state.isDisarmed = true
      for source in state.sources { source.cancel() }
      for alarm in state.alarms { timers.cancel(alarm) }
      (state.sources, state.alarms) = ([], [])
    }
  }

  private func arm(after patience: Duration, _ error: any Error) {
    state.withLock { state in
      // A failure comes sooner than the end of a graceful stop, and counts beside it.
      guard !state.isDisarmed, state.alarms.isEmpty || !(error is Stuck) else { return }
      state.alarms.append(
        timers.set(after: patience) { [self] in
          let code = sayAndCode(error)
          guard !self.state.withLock({ $0.isDisarmed }) else { return }
          _exit(code)
        })
    }
  }
}
