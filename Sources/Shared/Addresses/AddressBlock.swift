/// Addresses with a common beginning, such as `10.0.0.0/8` or `fc00::/7`.
package struct AddressBlock: Sendable, Hashable {
  private let bits: UInt128
  /// Of the 128.
  private let length: Int

  /// Reads CIDR notation; an address alone is a block of one. Nil for anything else. Source: RFC 4632 §3.1.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(first) else { return nil }
    let whole = address.isIPv4 && !first.contains(":") ? 32 : 128
    var length = whole
    if parts.count == 2 {
      guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]),
        number <= whole
      else { return nil }
      length = number
    }
    self.length = length + 128 - whole
    bits = address.bits & Self.mask(self.length)
  }

  package func contains(_ address: IPAddress) -> Bool { address.bits & Self.mask(length) == bits }

  private static func mask(_ length: Int) -> UInt128 { length == 0 ? 0 : UInt128.max << (128 - length) }

  /// Blocks that are written in the source: one that can't be read is left out, which a test holds against.
  package static func list(_ texts: [String]) -> [AddressBlock] { texts.compactMap { AddressBlock($0) } }

  package static let loopback = list(["127.0.0.0/8", "::1"])

  /// Inside a site: RFC 1918 §3, RFC 4193 §3.1, RFC 6598 §7, RFC 3927 §2.1, RFC 4291 §2.5.6.
  package static let site = list([
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10",
  ])

  /// What is not globally reachable. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), as of
  /// 2025; multicast: RFC 5771, RFC 4291 §2.7; site-local: RFC 3879.
  static let special =
    loopback + site
    + list([
      "0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
      "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
      "3fff::/20", "5f00::/16", "fec0::/10", "ff00::/8",
    ])
}
