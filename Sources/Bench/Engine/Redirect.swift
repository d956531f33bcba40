/// The request that follows a redirect, made of the one before it.
///
/// Source: RFC 9110 §15.4: after 303 a GET, after 301 and 302 a GET instead of a POST, after 307 and 308 the same again.
struct Redirect {
  /// The request that was answered, as it went out.
  var request: [UInt8]
  var status: Int
  var location: [UInt8]
  /// `http` or `https`.
  var scheme: String

  /// The next request, without cookies; nil when the location is no path on the same origin, whose name the request's
  /// Host header has.
  func next() -> [UInt8]? {
    let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    guard let head = request.firstRange(of: end) else { return nil }
    var lines = String(decoding: request[..<head.lowerBound], as: UTF8.self).utf8
      .split(separator: 0x0A).map { String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self) }
    let parts = lines[0].split(separator: " ")
    guard parts.count == 3 else { return nil }
    let host = lines.first { $0.lowercased().hasPrefix("host:") }?.dropFirst(5).drop { $0 == " " }
    guard let path = path(host: String(host ?? ""), from: String(parts[1])) else { return nil }
    let becomesGet = status == 303 && parts[0] != "HEAD" || (status == 301 || status == 302) && parts[0] == "POST"
    lines[0] = "\(becomesGet ? "GET" : parts[0]) \(path) HTTP/1.1"
    lines.removeAll { line in
      let name = line.prefix { $0 != ":" }.lowercased()
      return name == "cookie" || becomesGet && name.hasPrefix("content-")
    }
    let text = Array(lines.map { $0 + "\r\n" }.joined().utf8) + [0x0D, 0x0A]
    return becomesGet ? text : text + request[head.upperBound...]
  }

  /// The location as what a request line takes.
  private func path(host: String, from current: String) -> String? {
    guard !location.isEmpty, location.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    var rest = Substring(String(decoding: location, as: UTF8.self)).prefix { $0 != "#" }
    if let separator = rest.firstRange(of: "://"), !rest.hasPrefix("/") {
      guard rest[..<separator.lowerBound].lowercased() == scheme else { return nil }
      rest = rest[separator.lowerBound...].dropFirst()
    }
    if rest.hasPrefix("//") {
      let authority = rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
      guard Self.withoutPort(authority.lowercased(), scheme) == Self.withoutPort(host.lowercased(), scheme) else {
        return nil
      }
      let tail = rest.dropFirst(2 + authority.count)
      return tail.hasPrefix("/") ? String(tail) : "/" + tail
    }
    if rest.hasPrefix("/") { return String(rest) }
    // Beside the current path; what climbs up is left to the service to say plainly.
    guard !rest.isEmpty, !rest.hasPrefix(".") else { return nil }
    let before = current.prefix { $0 != "?" }
    if rest.hasPrefix("?") { return "\(before)\(rest)" }
    guard let slash = before.lastIndex(of: "/") else { return nil }
    return "\(before[...slash])\(rest)"
  }

  private static func withoutPort(_ authority: String, _ scheme: String) -> String {
    let port = scheme == "https" ? ":443" : ":80"
    return authority.hasSuffix(port) ? String(authority.dropLast(port.count)) : authority
  }
}
