/// A file of settings, `.env`: lines of `NAME=value`, with `export` in front or not; `#` begins a comment. A value in single
/// quotes is taken as it stands, one in double quotes may hold `\n`, `\"`, `\\` and `\$`, and nothing is put in place of
/// names in values.
struct SettingsFile: Equatable {
  private(set) var values: [String: String] = [:]

  struct Malformed: Error, Equatable {
    /// From 1.
    var line: Int
    var expected: String
  }

  /// - Throws: `Malformed` for the first line that can't be read: what is passed over in silence would be missing.
  init(_ text: String) throws(Malformed) {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() {
      guard let (name, value) = try Self.entry(line, number: index + 1) else { continue }
      values[name] = value
    }
  }

  private static func entry(
    _ line: Substring, number: Int
  ) throws(Malformed) -> (name: String, value: String)? {
    var rest = trimmed(line)
    if rest.first == "\u{FEFF}" { rest = trimmed(rest.dropFirst()) }
    if rest.isEmpty || rest.first == "#" { return nil }
    if rest.hasPrefix("export ") { rest = trimmed(rest.dropFirst("export ".count)) }
    guard let equals = rest.firstIndex(of: "=") else { throw Malformed(line: number, expected: "NAME=value") }
    let name = trimmed(rest[..<equals])
    guard let first = name.unicodeScalars.first, isLetter(first),
      name.unicodeScalars.allSatisfy({ isLetter($0) || ("0"..."9").contains($0) })
    else { throw Malformed(line: number, expected: "a name of letters, digits and _ before the =") }
    let value = trimmed(rest[rest.index(after: equals)...])
    guard let quote = value.first, quote == "'" || quote == "\"" else {
      return (String(name), unquoted(value))
    }
    guard let (text, end) = quoted(value.dropFirst(), by: quote) else {
      throw Malformed(line: number, expected: "the value's closing \(quote) on the same line")
    }
    let after = trimmed(end)
    guard after.isEmpty || after.first == "#" else {
      throw Malformed(line: number, expected: "nothing but a comment behind the closing \(quote)")
    }
    return (String(name), text)
  }

  /// Up to a `#` that begins a word.
  private static func unquoted(_ value: Substring) -> String {
    var end = value.startIndex
    while end < value.endIndex {
      if value[end] == "#", end == value.startIndex || value[value.index(before: end)].isWhitespace { break }
      end = value.index(after: end)
    }
    return String(trimmed(value[..<end]))
  }

  private static func quoted(_ text: Substring, by quote: Character) -> (text: String, rest: Substring)? {
    var value = ""
    var rest = text
    while let next = rest.popFirst() {
      if next == quote { return (value, rest) }
      guard quote == "\"", next == "\\", let escaped = rest.first else {
        value.append(next)
        continue
      }
      switch escaped {
      case "n": value.append("\n")
      case "\"", "\\", "$": value.append(escaped)
      default: value += "\\\(escaped)"
      }
      rest.removeFirst()
    }
    return nil
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("A"..."Z").contains(scalar) || ("a"..."z").contains(scalar) || scalar == "_"
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
