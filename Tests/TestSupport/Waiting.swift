import Foundation

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
}
