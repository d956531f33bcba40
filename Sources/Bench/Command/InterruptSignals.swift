import Dispatch
import Foundation

/// The first SIGINT or SIGTERM ends what runs in order; the second ends the process.
final class InterruptSignals {
  private let sources: [any DispatchSourceSignal]

  /// - Parameters:
  ///   - repeated: instead of ending the process at the second signal and those after.
  ///   - interrupt: at the first signal.
  init(repeated: (@Sendable () -> Void)? = nil, _ interrupt: @escaping @Sendable () -> Void) {
    let counter = DispatchQueue(label: "outgrown.signals")
    let first = FirstTime()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: counter)
      source.setEventHandler {
        guard first.take() else {
          repeated?()
          return
        }
        interrupt()
        if repeated == nil { for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) } }
      }
      source.resume()
      return source
    }
  }

  func cancel() {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}

/// Touched on the signals' queue only, which `@unchecked` stands for.
private final class FirstTime: @unchecked Sendable {
  private var isTaken = false

  func take() -> Bool {
    defer { isTaken = true }
    return !isTaken
  }
}
