import Synchronization

/// How often anybody may have the source read: once a minute, whoever asks.
package final class IngestLimit: Sendable {
  private static let interval = 60.0

  private let now: @Sendable () -> Double
  private let last = Mutex<Double?>(nil)

  /// - Parameter now: seconds; its origin doesn't matter, as long as it never goes back.
  package init(now: @escaping @Sendable () -> Double) { self.now = now }

  /// - Returns: nil when it is admitted, else the whole seconds since the last one and until the next.
  func admit() -> (since: Int, wait: Int)? {
    let now = now()
    return last.withLock { last in
      if let at = last, now - at < Self.interval {
        return (Int(now - at), max(1, Int((Self.interval - (now - at)).rounded(.up))))
      }
      last = now
      return nil
    }
  }
}
