package import Addresses

/// Where a request may connect to, judged by the address itself, at the moment of connecting: whatever a name resolved to
/// before, and however the address was written.
package enum CurlAddressRule: Sendable, Equatable {
  case any
  /// Only what the public internet leads to.
  case publicOnly
  case loopbackOnly

  package func allows(_ address: IPAddress) -> Bool {
    switch self {
    case .any: true
    case .publicOnly: address.isPublic
    case .loopbackOnly: address.isLoopback
    }
  }
}
