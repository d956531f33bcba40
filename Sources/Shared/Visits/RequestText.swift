/// A request's first line, as logs quote it.
enum RequestText {
  /// Methods of RFC 9110, RFC 5789 and WebDAV (RFC 4918), and the preface of HTTP/2 is none of them.
  private static let methods: [StaticString] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "PROPPATCH", "MKCOL",
    "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "PURGE", "SEARCH",
  ]

  static func isMethod(_ text: LogBytes) -> Bool { methods.contains { text.equals($0) } }

  /// The target of `GET /path HTTP/1.1`; the version may be missing, or be `1.1`, `2`, `h2`, as some servers write it.
  static func target(_ text: LogBytes) -> LogBytes? {
    guard let space = text.firstIndex(of: UInt8(ascii: " ")), isMethod(text[..<space]) else { return nil }
    var rest = text[(space + 1)...].trimmed
    if let last = rest.lastIndex(of: UInt8(ascii: " ")), isVersion(rest[(last + 1)...]) {
      rest = rest[..<last]
    } else if rest.contains(UInt8(ascii: " ")) {
      return nil
    }
    return isTarget(rest) ? rest : nil
  }

  /// - Source: RFC 9112 §3.2: origin, absolute, authority and asterisk form.
  static func isTarget(_ text: LogBytes) -> Bool {
    guard let first = text.first else { return false }
    if first == UInt8(ascii: "/") || text.equals("*") { return true }
    return text.index(of: "://") != nil || (text.lastIndex(of: UInt8(ascii: ":")).map { $0 > text.startIndex } ?? false)
  }

  private static func isVersion(_ text: LogBytes) -> Bool {
    let digits =
      text.hasPrefix("HTTP/") ? text.dropFirst(5) : text.first == UInt8(ascii: "h") ? text.dropFirst() : text
    return (1...3).contains(digits.count) && digits.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
  }

  /// Whether a line that could not be read speaks of a request all the same.
  static func isSpokenOf(in line: LogBytes) -> Bool {
    var from = line.startIndex
    while let index = line.index(of: "/", from: from) {
      from = index + 1
      // A method before the path, or a version: `GET /`, `"GET" "/`, ` HTTP/1.1`, `method=GET path=/`.
      if line[..<index].suffix(4).elementsEqual("HTTP".utf8), index + 1 < line.endIndex, line[index + 1].isDigit {
        return true
      }
      let before = line[max(line.startIndex, index - 48)..<index]
      let words = before.split { !($0.isLetter) }
      if words.contains(where: isMethod) { return true }
    }
    return false
  }

  static func status(_ text: LogBytes) -> Int? {
    guard text.count == 3, let code = text.integer, (100..<600).contains(code) else { return nil }
    return code
  }
}
