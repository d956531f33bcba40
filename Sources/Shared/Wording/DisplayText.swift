/// Text from outside, made safe to show on a terminal and in a report.
package enum DisplayText {
  /// One line of at most `limit` characters without control characters, escape sequences' included, and without marks
  /// that turn the direction of writing.
  package static func line(_ text: some StringProtocol, limit: Int) -> String {
    var line = ""
    var count = 0
    var wasSpace = false
    for character in text.prefix(limit * 4) {
      let isHidden = character.unicodeScalars.contains { isUnsafe($0) }
      let isSpace = isHidden || character.isWhitespace
      if isSpace, wasSpace { continue }
      guard count < limit else { return String(line.dropLast()) + "…" }
      wasSpace = isSpace
      line.append(isSpace ? " " : character)
      count += 1
    }
    return line
  }

  /// `http://user:secret@host/` as `http://host/`.
  package static func withoutUserInfo(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@") else { return url }
    return String(url[..<scheme.upperBound] + url[url.index(after: at)...])
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    case .format: true
    default: false
    }
  }
}
