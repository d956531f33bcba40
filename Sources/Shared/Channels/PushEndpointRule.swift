package import Curl

/// Where pushes may go. An endpoint is what a stranger says it is: it is https on the standard port of a push service that is
/// known by name, or, where that is allowed, of this machine.
package struct PushEndpointRule: Sendable, Equatable {
  /// The services of Chrome, Firefox, Edge and Safari.
  package static let standardHosts = [
    "fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.services.mozilla.com", "*.notify.windows.com",
    "*.push.apple.com",
  ]
  /// In bytes.
  private static let longest = 2_048

  private let hosts: [String]
  private let allowsLoopback: Bool

  package struct Refusal: Error, Sendable, CustomStringConvertible {
    package var description: String
  }

  /// An endpoint that may be sent to.
  package struct Target: Sendable, Equatable {
    /// `https://fcm.googleapis.com`: whom a token is for, and all of an endpoint that may be told.
    package var origin: String
    /// What may be connected to.
    package var addresses: CurlAddressRule
  }

  /// - Parameters:
  ///   - hosts: names in lower case; `*.example.org` is every name below that one.
  ///   - allowsLoopback: http and https to this machine's own addresses, on any port.
  package init(hosts: [String] = standardHosts, allowsLoopback: Bool = false) {
    self.hosts = hosts
    self.allowsLoopback = allowsLoopback
  }

  /// - Throws: `Refusal`, which repeats at most the host.
  package func target(of endpoint: String) throws(Refusal) -> Target {
    guard endpoint.utf8.count <= Self.longest, endpoint.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }),
      let url = CurlURL(endpoint), !url.host.isEmpty, url.user == nil, url.password == nil, url.fragment == nil
    else {
      throw Refusal(
        description:
          "the endpoint: an https:// URL of at most \(Self.longest) bytes was expected, without user and fragment")
    }
    let port = url.port.map { ":\($0)" } ?? ""
    if allowsLoopback, url.isLoopback, ["http", "https"].contains(url.scheme) {
      return Target(origin: "\(url.scheme)://\(url.host)\(port)", addresses: .loopbackOnly)
    }
    guard url.scheme == "https", (url.port ?? 443) == 443 else {
      throw Refusal(description: "the endpoint: https:// on the standard port was expected")
    }
    guard hosts.contains(where: { Self.isHost(url.host, $0) }) else {
      throw Refusal(description: "the endpoint: \(url.host) is no push service that is known (PUSH_ALLOWED_HOSTS)")
    }
    return Target(origin: "https://\(url.host)", addresses: .publicOnly)
  }

  private static func isHost(_ host: String, _ pattern: String) -> Bool {
    guard pattern.hasPrefix("*.") else { return host == pattern }
    return host.count >= pattern.count && host.hasSuffix(pattern.dropFirst())
  }
}
