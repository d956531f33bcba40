/// An address, and whether load may go there without asking.
package enum IPAddress: Sendable, Hashable {
  case v4([UInt8])
  case v6([UInt8])

  /// Reads `127.0.0.1`, `::1`, `fe80::1%eth0` and `::ffff:10.0.0.1`; nil for anything else, octal and short forms too.
  package init?(_ text: some StringProtocol) {
    let text = String(text)
    if let bytes = Self.parseV4(text) {
      self = .v4(bytes)
    } else if let bytes = Self.parseV6(String(text.prefix { $0 != "%" })) {
      self = .v6(bytes)
    } else {
      return nil
    }
  }

  /// From 4 or 16 bytes in network order.
  package init?(bytes: [UInt8]) {
    switch bytes.count {
    case 4: self = .v4(bytes)
    case 16: self = .v6(bytes)
    default: return nil
    }
  }

  /// Loopback, private (RFC 1918, RFC 4193), link-local, or unspecified (which reaches this machine).
  package var isLoopbackOrPrivate: Bool {
    switch self {
    case .v4(let bytes):
      return bytes[0] == 127 || bytes[0] == 10 || bytes[0] == 172 && bytes[1] & 0xF0 == 16
        || bytes[0] == 192 && bytes[1] == 168 || bytes[0] == 169 && bytes[1] == 254
        || bytes.allSatisfy { $0 == 0 }
    case .v6(let bytes):
      if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
        return IPAddress.v4(Array(bytes.suffix(4))).isLoopbackOrPrivate
      }
      return bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] <= 1 || bytes[0] & 0xFE == 0xFC
        || bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }
  }

  private static func parseV4(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      guard (1...3).contains(part.count), part.count == 1 || part.first != "0",
        part.allSatisfy({ ("0"..."9").contains($0) }), let byte = UInt8(part)
      else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// Source: RFC 4291 §2.2.
  private static func parseV6(_ text: String) -> [UInt8]? {
    guard text.contains(":"), text.count <= 45 else { return nil }
    var halves: [[UInt8]] = [[]]
    var groups = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if text.hasPrefix("::") { groups.removeFirst() }
    if text.hasSuffix("::") { groups.removeLast() }
    for (index, group) in groups.enumerated() {
      if group.isEmpty {
        guard halves.count == 1 else { return nil }
        halves.append([])
      } else if index == groups.count - 1, let embedded = parseV4(group) {
        halves[halves.count - 1] += embedded
      } else if group.count <= 4, group.allSatisfy(\.isHexDigit), group.utf8.count == group.count,
        let value = UInt16(group, radix: 16)
      {
        halves[halves.count - 1] += [UInt8(value >> 8), UInt8(value & 0xFF)]
      } else {
        return nil
      }
    }
    let known = halves.reduce(0) { $0 + $1.count }
    if halves.count == 1 { return known == 16 ? halves[0] : nil }
    guard known <= 14 else { return nil }
    return halves[0] + Array(repeating: 0, count: 16 - known) + halves[1]
  }
}
