import Synchronization

/// A server's own URL, which is known only once it listens.
final class AddressBox: Sendable {
  private let value = Mutex("")
  var url: String { value.withLock { $0 } }
  func set(_ url: String) { value.withLock { $0 = url } }
}
