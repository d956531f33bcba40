/// The request that follows a redirect, made of the one before it.
///
/// Source: RFC 9110 §15.4: after 303 a GET, after 301 and 302 a GET instead of a POST, after 307 and 308 the same again.
struct Redirect {
  /// Statuses whose Location is followed.
  static func isOne(_ status: Int) -> Bool { [301, 302, 303, 307, 308].contains(status) }

  /// The request that was answered, as it went out.
  var request: [UInt8]
  var status: Int
  /// Of all Location fields; one is expected.
  var locations: [[UInt8]]
  /// `http` or `https`.
  var scheme: String
  /// The next request gets its cookies from elsewhere.
  var dropsCookies: Bool

  /// The next request.
  /// - Throws: why there is none: the location leads nowhere, or away from the origin whose name the request's Host
  ///   header has.
  func next() throws(WebURLDefect) -> [UInt8] {
    let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    guard let head = request.firstRange(of: end) else { throw WebURLDefect("the request has no head") }
    var lines = String(decoding: request[..<head.lowerBound], as: UTF8.self).utf8
      .split(separator: 0x0A).map { String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self) }
    let parts = lines[0].split(separator: " ")
    guard parts.count == 3 else { throw WebURLDefect("the request has no target") }
    let host = lines.first { $0.lowercased().hasPrefix("host:") }?.dropFirst(5).drop { $0 == " " } ?? ""
    let current = try WebURL(scheme: scheme, authority: host.utf8, target: parts[1].utf8)
    let path = String(decoding: try location(from: current).target, as: UTF8.self)
    let becomesGet = status == 303 && parts[0] != "HEAD" || (status == 301 || status == 302) && parts[0] == "POST"
    lines[0] = "\(becomesGet ? "GET" : parts[0]) \(path) HTTP/1.1"
    lines.removeAll { line in
      let name = line.prefix { $0 != ":" }.lowercased()
      return name == "cookie" && dropsCookies || becomesGet && name.hasPrefix("content-")
    }
    let text = Array(lines.map { $0 + "\r\n" }.joined().utf8) + [0x0D, 0x0A]
    return becomesGet ? text : text + request[head.upperBound...]
  }

  private func location(from current: WebURL) throws(WebURLDefect) -> WebURL {
    guard let location = locations.first else { throw WebURLDefect("there is no Location") }
    guard locations.allSatisfy({ $0 == location }) else { throw WebURLDefect("there are several Locations") }
    let url = try current.resolving(location)
    guard url.hasSameOrigin(as: current) else {
      let port = url.port == (url.scheme == "https" ? 443 : 80) ? "" : ":\(url.port)"
      throw WebURLDefect("it leads to \(url.scheme)://\(url.host)\(port), which is not the target")
    }
    return url
  }
}
