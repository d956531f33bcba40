/// Addresses as logs write them.
package enum ClientAddress {
  /// The address in `203.0.113.9`, `203.0.113.9:5000`, `2001:db8::5`, `[2001:db8::5]` or `[2001:db8::5]:5000`; nil for
  /// anything else.
  package static func parse(_ text: LogBytes) -> LogBytes? {
    guard let first = text.first, text.count <= 64 else { return nil }
    if first == UInt8(ascii: "[") {
      guard let close = text.lastIndex(of: UInt8(ascii: "]")) else { return nil }
      let inner = text[(text.startIndex + 1)..<close]
      let port = text[(close + 1)...]
      guard isIPv6(inner), port.isEmpty || (port.first == UInt8(ascii: ":") && isPort(port.dropFirst())) else {
        return nil
      }
      return inner
    }
    if let colon = text.firstIndex(of: UInt8(ascii: ":")), text.lastIndex(of: UInt8(ascii: ":")) == colon {
      return isIPv4(text[..<colon]) && isPort(text[(colon + 1)...]) ? text[..<colon] : nil
    }
    if isIPv4(text) || isIPv6(text) { return text }
    // `2001:db8:0:0:0:0:0:5:5000`: eight groups and a port, without brackets.
    guard let colon = text.lastIndex(of: UInt8(ascii: ":")), text.count(where: { $0 == UInt8(ascii: ":") }) == 8,
      isIPv6(text[..<colon]), isPort(text[(colon + 1)...])
    else { return nil }
    return text[..<colon]
  }

  /// Whether a port stands behind the address.
  static func hasPort(_ text: LogBytes) -> Bool {
    if text.first == UInt8(ascii: "[") { return text.last != UInt8(ascii: "]") }
    return text.count(where: { $0 == UInt8(ascii: ":") }) == 1
  }

  enum Chain: Equatable {
    /// Nobody said anything: a dash, `unknown`, nothing.
    case absent
    case visitor(LogBytes)
    /// Something else than addresses.
    case malformed
  }

  /// The visitor of `X-Forwarded-For: visitor, proxy, proxy`: the first public address, else the first.
  /// - Source: RFC 7239 §5.2 and §6.2 for `unknown` and addresses; the header's order by common use.
  static func chain(_ list: LogBytes) -> Chain {
    let list = list.trimmed
    if list.isEmpty || list.isDash { return .absent }
    var first: LogBytes?
    var firstPublic: LogBytes?
    for part in list.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let part = part.trimmed
      if part.equals("unknown") || part.isDash { continue }
      guard let address = parse(part) else { return .malformed }
      first = first ?? address
      if firstPublic == nil, !isPrivate(address) { firstPublic = address }
    }
    return (firstPublic ?? first).map { .visitor($0) } ?? .absent
  }

  /// The visitor of a list as proxies write it; nil where none is named, or something else than addresses.
  package static func visitor(of list: LogBytes) -> LogBytes? {
    if case .visitor(let visitor) = chain(list) { visitor } else { nil }
  }

  /// Four numbers below 256 with dots.
  static func isIPv4(_ text: LogBytes) -> Bool {
    guard (7...15).contains(text.count) else { return false }
    var groups = 0
    var value = 0
    var digits = 0
    for byte in text {
      if byte == UInt8(ascii: ".") {
        guard digits > 0 else { return false }
        groups += 1
        (value, digits) = (0, 0)
      } else {
        guard byte.isDigit, digits < 3 else { return false }
        value = value * 10 + Int(byte - 0x30)
        digits += 1
        guard value < 256 else { return false }
      }
    }
    return groups == 3 && digits > 0
  }

  /// - Source: RFC 4291 §2.2; a zone (`%eth0`) may stand behind.
  static func isIPv6(_ text: LogBytes) -> Bool {
    let text = text.prefix { $0 != UInt8(ascii: "%") }
    guard (2...45).contains(text.count) else { return false }
    var groups = 0
    var hasGap = false
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == UInt8(ascii: ":") {
        let isDouble = index + 1 < text.endIndex && text[index + 1] == UInt8(ascii: ":")
        if isDouble {
          guard !hasGap else { return false }
          hasGap = true
          index += 2
          continue
        }
        guard index > text.startIndex, index + 1 < text.endIndex else { return false }
        index += 1
        continue
      }
      let start = index
      while index < text.endIndex, text[index] != UInt8(ascii: ":") { index += 1 }
      let group = text[start..<index]
      if index == text.endIndex, group.contains(UInt8(ascii: ".")) {
        guard isIPv4(group) else { return false }
        groups += 2
      } else {
        guard group.count <= 4, group.allSatisfy({ $0.isDigit || (0x61...0x66).contains($0.lowered) }) else {
          return false
        }
        groups += 1
      }
    }
    return hasGap ? groups <= 7 : groups == 8
  }

  private static func isPort(_ text: LogBytes) -> Bool {
    (1...5).contains(text.count) && (text.integer.map { $0 <= 65_535 } ?? false)
  }

  /// What stands for an address where logs hide them: letters and digits, no mark of an address among them.
  static func isPseudonym(_ text: LogBytes) -> Bool {
    (1...128).contains(text.count) && text.allSatisfy { $0.isLetter || $0.isDigit || "_-+/=".utf8.contains($0) }
  }

  /// A name of the domain system with a dot in it, or `localhost`.
  static func isHostName(_ text: LogBytes) -> Bool {
    if text.equals("localhost") { return true }
    let labels = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, text.count <= 253, let last = labels.last, last.count >= 2, last.allSatisfy(\.isLetter)
    else { return false }
    return labels.allSatisfy { label in
      (1...63).contains(label.count)
        && label.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }
  }

  /// Loopback, link-local and the private ranges. Source: RFC 1918, RFC 3927, RFC 6598, RFC 4193; RFC 4291 for IPv4
  /// within IPv6.
  package static func isPrivate(_ address: LogBytes) -> Bool {
    if address.hasPrefix("::ffff:") { return isPrivate(address.dropFirst(7)) }
    if address.hasPrefix("10.") || address.hasPrefix("127.") || address.hasPrefix("192.168.")
      || address.hasPrefix("169.254.")
    {
      return true
    }
    if address.equals("::1") { return true }
    if address.hasPrefix("fd") || address.hasPrefix("fc") || address.hasPrefix("fe80:") {
      return address.contains(UInt8(ascii: ":"))
    }
    if address.hasPrefix("100.") {
      return (64...127).contains(address.dropFirst(4).prefix(while: \.isDigit).integer ?? 0)
    }
    guard address.hasPrefix("172.") else { return false }
    return (16...31).contains(address.dropFirst(4).prefix(while: \.isDigit).integer ?? 0)
  }
}
