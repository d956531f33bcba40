package import AppDomain
import Synchronization

/// What is known of the store by what it was asked last: for `/health/full`, which only reads.
package final class StoreHealth: Sendable {
  /// A write that still found room does not end a full disk.
  private static let memory = 30.0

  private let classify: @Sendable (any Error) -> StoreOutage?
  private let now: @Sendable () -> Double
  private let fullAt = Mutex<Double?>(nil)

  /// - Parameters:
  ///   - classify: nil for an error that says nothing of the store.
  ///   - now: seconds; its origin doesn't matter, as long as it never goes back.
  package init(now: @escaping @Sendable () -> Double, classify: @escaping @Sendable (any Error) -> StoreOutage?) {
    self.now = now
    self.classify = classify
  }

  /// - Returns: what the error says of the store.
  @discardableResult
  package func failed(_ error: any Error) -> StoreOutage? {
    let outage = classify(error)
    if outage == .full { fullAt.withLock { $0 = now() } }
    return outage
  }

  /// Something was written.
  package func wrote() {
    let now = now()
    fullAt.withLock { if let at = $0, now - at > Self.memory { $0 = nil } }
  }

  /// Writes find no room.
  var isFull: Bool { fullAt.withLock { $0 != nil } }
}
