import Dispatch
import Foundation
import Glibc
import Synchronization

/// Ends the process when its services don't, on a thread of its own: whatever holds them up can't hold this up.
package final class LastResort: Sendable {
  static let graceful = Duration.seconds(10)
  /// How long cancelled services may take.
  private static let patience = 4.0

  private struct Stuck: Error, CustomStringConvertible {
    var description = "the service did not stop in time after it was asked to"
  }

  private struct State {
    var isArmed = false
    var isDisarmed = false
    var sources: [any DispatchSourceSignal] = []
  }

  private let sayAndCode: @Sendable (any Error) -> Int32
  private let state = Mutex(State())

  init(sayAndCode: @escaping @Sendable (any Error) -> Int32) { self.sayAndCode = sayAndCode }

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
          self?.arm(after: Double(Self.graceful.components.seconds) + Self.patience, Stuck())
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
      state.sources = []
    }
  }

  private func arm(after seconds: Double, _ error: any Error) {
    let isFirst = state.withLock { state in
      // A failure comes sooner than the end of a graceful stop, and counts beside it.
      let isFirst = !state.isArmed || !(error is Stuck)
      state.isArmed = true
      return isFirst && !state.isDisarmed
    }
    guard isFirst else { return }
    let thread = Thread { [self] in
      for _ in 0..<Int(seconds * 20) {
        poll(nil, 0, 50)
        if state.withLock({ $0.isDisarmed }) { return }
      }
      let code = sayAndCode(error)
      guard !state.withLock({ $0.isDisarmed }) else { return }
      _exit(code)
    }
    thread.stackSize = 256 << 10
    thread.start()
  }
}
