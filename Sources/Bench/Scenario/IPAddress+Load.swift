package import Addresses

extension IPAddress {
  /// Of a host as URLs and resolvers write it, with or without an IPv6 address' zone.
  package init?(host: some StringProtocol) {
    self.init(host.contains(":") ? String(host.prefix { $0 != "%" }) : String(host))
  }

  /// Whether load may go there without asking: loopback, private (RFC 1918, RFC 4193), link-local, or unspecified (which
  /// reaches this machine). What a provider shares among its customers (RFC 6598) is none of these.
  package var isLoopbackOrPrivate: Bool { Self.near.contains { $0.contains(self) } }

  private static let near =
    AddressBlock.loopback
    + AddressBlock.list([
      "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "0.0.0.0", "::", "fc00::/7", "fe80::/10",
    ])
}
