/// Addresses as logs write them.
enum ClientAddress {
  /// The visitor of `X-Forwarded-For: visitor, proxy, proxy`: the first that is an address.
  static func first(of list: LogBytes) -> LogBytes? {
    for part in list.split(separator: UInt8(ascii: ",")) {
      let address = LogLine.withoutPort(part.trimmed)
      if isAddress(address) { return address }
    }
    return nil
  }

  /// Four numbers with dots, or hexadecimal with two colons and more.
  static func isAddress(_ text: LogBytes) -> Bool {
    if text.count(where: { $0 == UInt8(ascii: ":") }) >= 2 {
      return text.count <= 45
        && text.allSatisfy { $0.isDigit || (0x61...0x66).contains($0.lowered) || $0 == 0x3A || $0 == 0x2E }
    }
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { $0.integer.map { $0 < 256 } ?? false }
  }

  /// Loopback and the private ranges. Source: RFC 1918, RFC 4193; RFC 4291 for IPv4 within IPv6.
  static func isPrivate(_ address: LogBytes) -> Bool {
    if address.hasPrefix("::ffff:") { return isPrivate(address.dropFirst(7)) }
    if address.hasPrefix("10.") || address.hasPrefix("127.") || address.hasPrefix("192.168.") { return true }
    if address == [0x3A, 0x3A, 0x31][...] { return true }
    if address.hasPrefix("fd") || address.hasPrefix("fc") { return address.contains(0x3A) }
    guard address.hasPrefix("172.") else { return false }
    return (16...31).contains(address.dropFirst(4).prefix(while: \.isDigit).integer ?? 0)
  }
}
