package import Glibc

/// An IPv4 or IPv6 address. An IPv4 address that is written as an IPv6 one (`::ffff:10.0.0.1`) is that IPv4 address.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
  /// 16 bytes in network order, IPv4 in its mapped form.
  package let bits: UInt128

  private static let mapped: UInt128 = 0xFFFF_0000_0000

  package init(bits: UInt128) { self.bits = bits }

  /// Reads `192.0.2.1`, `2001:db8::1` or the latter in brackets; nil for anything else, such as a name, a zone, or the
  /// decimal and octal forms that some resolvers know.
  package init?(_ text: some StringProtocol) {
    let text = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : String(text)
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bits = Self.mapped | UInt128(UInt32(bigEndian: four.s_addr))
      return
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    bits = withUnsafeBytes(of: &six) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
  }

  /// Nil for an address of another family.
  package init?(_ address: UnsafePointer<sockaddr>) {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      let four = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr.s_addr }
      bits = Self.mapped | UInt128(UInt32(bigEndian: four))
    case AF_INET6:
      var six = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { $0.pointee.sin6_addr }
      bits = withUnsafeBytes(of: &six) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
    default: return nil
    }
  }

  package var isIPv4: Bool { bits >> 32 == 0xFFFF }

  /// What one subscriber of a network has: an IPv4 address, the first 64 bits of an IPv6 one. Source: RFC 6177 §2.
  package var site: IPAddress { isIPv4 ? self : IPAddress(bits: (bits >> 64) << 64) }

  package var isLoopback: Bool { AddressBlock.loopback.contains { $0.contains(self) } }

  /// Whether the public internet leads there. What carries an IPv4 address in an IPv6 one is what that one is.
  package var isPublic: Bool {
    if let inner = embedded { return inner.isPublic }
    return !AddressBlock.special.contains { $0.contains(self) }
  }

  /// The IPv4 address inside `64:ff9b::/96` (RFC 6052 §2.1), `2002::/16` (RFC 3056 §2), or the compatible form `::a.b.c.d`
  /// (RFC 4291 §2.5.5.1).
  private var embedded: IPAddress? {
    let low = UInt128(UInt32(truncatingIfNeeded: bits))
    if bits >> 32 == UInt128(0x0064_FF9B) << 64 || (bits >> 32 == 0 && low > 1) {
      return IPAddress(bits: Self.mapped | low)
    }
    if bits >> 112 == 0x2002 {
      return IPAddress(bits: Self.mapped | UInt128(UInt32(truncatingIfNeeded: bits >> 80)))
    }
    return nil
  }

  package var description: String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    if isIPv4 {
      var four = in_addr(s_addr: UInt32(truncatingIfNeeded: bits).bigEndian)
      inet_ntop(AF_INET, &four, &buffer, socklen_t(buffer.count))
    } else {
      var six = in6_addr()
      withUnsafeMutableBytes(of: &six) { bytes in
        for index in 0..<16 { bytes[index] = UInt8(truncatingIfNeeded: bits >> (120 - 8 * index)) }
      }
      inet_ntop(AF_INET6, &six, &buffer, socklen_t(buffer.count))
    }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
