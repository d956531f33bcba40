import Glibc

/// An http or https URL, and what a reference on its page means.
///
/// Source: RFC 3986 §5.2, and where browsers differ from it the WHATWG URL Standard (read 2026-11): `\` is `/`, tabs and
/// line ends are left out, `http:x` is relative, spaces and UTF-8 are percent-encoded, `0x7F.1` is an address.
struct WebURL: Sendable, Equatable {
  /// `http` or `https`.
  var scheme: String
  /// In lower case; an IPv6 address in brackets and in its canonical form.
  var host: String
  var port: UInt16
  /// As a request line takes it; begins with `/`.
  var path: [UInt8]
  /// Likewise, without `?`.
  var query: [UInt8]?

  /// - Parameters:
  ///   - authority: a host and perhaps a port, as a Host header has them.
  ///   - target: what was requested of it: path and query.
  init(scheme: String, authority: some Sequence<UInt8>, target: some Sequence<UInt8>) throws(WebURLDefect) {
    self.scheme = scheme
    (host, port) = try Self.hostAndPort(Array(authority), scheme)
    let (path, query) = Self.pathAndQuery(Array(target)[...])
    self.path = path.first == UInt8(ascii: "/") ? Array(path) : [UInt8(ascii: "/")]
    self.query = query.map(Array.init)
  }

  /// Path and query.
  var target: [UInt8] { query.map { path + [UInt8(ascii: "?")] + $0 } ?? path }

  func hasSameOrigin(as other: WebURL) -> Bool {
    scheme == other.scheme && host == other.host && port == other.port
  }

  /// What `reference` on this URL's page leads to, without its fragment.
  func resolving(_ reference: [UInt8]) throws(WebURLDefect) -> WebURL {
    var trimmed = reference[...].drop { $0 <= 0x20 }
    while let last = trimmed.last, last <= 0x20 { trimmed.removeLast() }
    let whole = trimmed.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    var rest = whole.prefix { $0 != UInt8(ascii: "#") }
    var named = scheme
    if let name = Self.scheme(of: rest) {
      guard name == "http" || name == "https" else {
        throw WebURLDefect("'\(name)' is neither http nor https")
      }
      rest = rest.dropFirst(name.utf8.count + 1)
      named = name
    }
    let slashes = rest.prefix(while: Self.isSlash).count
    if slashes >= 2 || named != scheme { return try Self.absolute(named, rest.dropFirst(slashes)) }
    var url = self
    if rest.isEmpty { return url }
    let (given, query) = Self.pathAndQuery(rest)
    url.query = query.map { Self.encoded($0, Self.staysInQuery) }
    if given.isEmpty { return url }
    url.path = Self.normalized(slashes == 1 ? given : path[...(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)] + given)
    return url
  }

  private static func absolute(_ scheme: String, _ rest: ArraySlice<UInt8>) throws(WebURLDefect) -> WebURL {
    let authority = rest.prefix { !isSlash($0) && $0 != UInt8(ascii: "?") }
    let (path, query) = pathAndQuery(rest[authority.endIndex...])
    var url = try WebURL(scheme: scheme, authority: authority, target: [])
    url.path = normalized(path)
    url.query = query.map { encoded($0, staysInQuery) }
    return url
  }

  // MARK: Parts

  /// In lower case; nil where the text begins with none.
  private static func scheme(of text: ArraySlice<UInt8>) -> String? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), let first = text.first, isLetter(first) else {
      return nil
    }
    let name = text[..<colon]
    guard name.allSatisfy({ isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }) else { return nil }
    return String(decoding: name, as: UTF8.self).lowercased()
  }

  private static func hostAndPort(_ authority: [UInt8], _ scheme: String) throws(WebURLDefect) -> (String, UInt16) {
    // RFC 9110 §4.2.4: a user in a reference that others wrote hides where it leads.
    guard !authority.contains(UInt8(ascii: "@")) else { throw WebURLDefect("it names a user") }
    let isBracketed = authority.first == UInt8(ascii: "[")
    var end = authority.endIndex
    if isBracketed {
      guard let close = authority.firstIndex(of: UInt8(ascii: "]")) else { throw WebURLDefect("'[' without ']'") }
      end = close + 1
    } else if let colon = authority.firstIndex(of: UInt8(ascii: ":")) {
      end = colon
    }
    let host = isBracketed ? try v6(authority[1..<(end - 1)]) : try name(authority[..<end])
    let tail = authority[end...]
    guard tail.count > 1 else {
      guard tail.isEmpty || tail.first == UInt8(ascii: ":") else { throw WebURLDefect("something behind its host") }
      return (host, scheme == "https" ? 443 : 80)
    }
    guard tail.first == UInt8(ascii: ":"), tail.dropFirst().allSatisfy(isDigit),
      let port = UInt16(String(decoding: tail.dropFirst(), as: UTF8.self))
    else { throw WebURLDefect("its port is none") }
    return (host, port)
  }

  private static func v6(_ text: ArraySlice<UInt8>) throws(WebURLDefect) -> String {
    var address = in6_addr()
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_pton(AF_INET6, String(decoding: text, as: UTF8.self), &address) == 1,
      inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count)) != nil
    else { throw WebURLDefect("no IPv6 address in its brackets") }
    return "[\(String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))]"
  }

  private static func name(_ text: ArraySlice<UInt8>) throws(WebURLDefect) -> String {
    let bytes = percentDecoded(text)
    guard !bytes.isEmpty else { throw WebURLDefect("it has no host") }
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"#/:<>?@[\\]^|%".utf8.contains($0) }) else {
      throw WebURLDefect("its host is no name in ASCII")
    }
    let host = String(decoding: bytes, as: UTF8.self).lowercased()
    // What ends in a number is an address or nothing.
    let last = host.split(separator: ".").last ?? ""
    guard last.allSatisfy({ ("0"..."9").contains($0) }) || last.hasPrefix("0x") else { return host }
    var address = in_addr()
    var buffer = [CChar](repeating: 0, count: Int(INET_ADDRSTRLEN))
    guard inet_aton(host, &address) != 0, inet_ntop(AF_INET, &address, &buffer, socklen_t(buffer.count)) != nil else {
      throw WebURLDefect("its host is no address")
    }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func pathAndQuery(
    _ text: ArraySlice<UInt8>
  ) -> (path: ArraySlice<UInt8>, query: ArraySlice<UInt8>?) {
    guard let mark = text.firstIndex(of: UInt8(ascii: "?")) else { return (text, nil) }
    return (text[..<mark], text[(mark + 1)...])
  }

  /// Without `.` and `..`, which may be percent-encoded, and with everything encoded that a path can't hold.
  private static func normalized(_ path: ArraySlice<UInt8>) -> [UInt8] {
    let segments = path.split(omittingEmptySubsequences: false, whereSeparator: isSlash)
    let parts = path.first.map(isSlash) == true ? segments.dropFirst() : segments[...]
    var kept: [[UInt8]] = []
    for (number, part) in parts.enumerated() {
      let isLast = number == parts.count - 1
      let plain = part.count <= 6 ? percentDecoded(part) : []
      if plain == [0x2E, 0x2E], !kept.isEmpty { kept.removeLast() }
      if plain == [0x2E] || plain == [0x2E, 0x2E] {
        if isLast { kept.append([]) }
      } else {
        kept.append(encoded(part, staysInPath))
      }
    }
    return [UInt8(ascii: "/")] + kept.joined(separator: [UInt8(ascii: "/")])
  }

  // MARK: Bytes

  private static func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private static func staysInPath(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && !"\"#<>?^`{}".utf8.contains(byte)
  }

  private static func staysInQuery(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && !"\"#<>'".utf8.contains(byte)
  }

  private static func encoded(_ bytes: ArraySlice<UInt8>, _ stays: (UInt8) -> Bool) -> [UInt8] {
    var result: [UInt8] = []
    for byte in bytes {
      if stays(byte) { result.append(byte) } else { ValueEncoding.percent.append([byte], to: &result) }
    }
    return result
  }

  private static func percentDecoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
        bytes[(index + 1)...(index + 2)].allSatisfy({ isDigit($0) || (0x61...0x66).contains($0 | 0x20) }),
        let byte = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
      {
        result.append(byte)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }
}

/// Why a reference leads nowhere, or where nobody may follow it.
struct WebURLDefect: Error, Equatable {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}
