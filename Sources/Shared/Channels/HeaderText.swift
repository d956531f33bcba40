import Foundation

/// Text for a mail's header fields: whatever it holds, one field comes of it.
enum HeaderText {
  /// The most that a folded line or an encoded word has. Source: RFC 5322 §2.1.1, RFC 2047 §2.
  private static let lineLength = 76
  private static let wordLength = 75

  /// Control characters and line ends become spaces, runs of white space one, ends are trimmed; at most `limit`
  /// characters.
  static func cleaned(_ text: String, limit: Int = 300) -> String {
    var cleaned = ""
    for scalar in text.unicodeScalars {
      let isBlank = scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
      if !isBlank {
        cleaned.unicodeScalars.append(scalar)
      } else if !cleaned.isEmpty, cleaned.unicodeScalars.last != " " {
        cleaned += " "
      }
    }
    cleaned = String(cleaned.prefix(limit))
    if cleaned.last == " " { cleaned.removeLast() }
    return cleaned
  }

  /// A field whose value is unstructured text, folded, without the line's end. Text that is not plain ASCII, or could be
  /// taken for an encoded word, is encoded. Source: RFC 2047 §5 (1).
  static func field(_ name: String, _ text: String) -> String {
    let text = cleaned(text)
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?")
    let words = isPlain ? text.split(separator: " ").map(String.init) : encodedWords(text, after: name.utf8.count + 2)
    // A word that no line holds can't be folded as it is.
    if isPlain, words.contains(where: { $0.utf8.count > lineLength - 1 }) {
      return fold(name, encodedWords(text, after: name.utf8.count + 2))
    }
    return fold(name, words)
  }

  /// A display name of an address, such as `Health Centre`: quoted, or encoded. Source: RFC 5322 §3.2.5, RFC 2047 §5 (3).
  static func phrase(_ text: String) -> String {
    let text = cleaned(text, limit: 100)
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?")
    guard isPlain else { return encodedWords(text, after: 20).joined(separator: "\r\n ") }
    return quoted(text)
  }

  /// A quoted string. Source: RFC 5322 §3.2.4.
  static func quoted(_ text: String) -> String {
    let escaped = cleaned(text, limit: 100).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(escaped)\""
  }

  private static func fold(_ name: String, _ words: [String]) -> String {
    var lines = ""
    var line = name + ":"
    for word in words {
      if line.utf8.count + 1 + word.utf8.count > lineLength, line != name + ":" {
        lines += line + "\r\n"
        line = ""
      }
      line += " " + word
    }
    return lines + line
  }

  /// `=?UTF-8?B?…?=`, whole characters in each. Source: RFC 2047 §2, §4.1, §5.
  private static func encodedWords(_ text: String, after used: Int) -> [String] {
    let frame = "=?UTF-8?B??=".utf8.count
    var words: [String] = []
    var chunk: [UInt8] = []
    var room = wordLength - used
    func close() {
      guard !chunk.isEmpty else { return }
      words.append("=?UTF-8?B?\(Data(chunk).base64EncodedString())?=")
      chunk = []
      room = wordLength - 1
    }
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if (chunk.count + bytes.count + 2) / 3 * 4 + frame > room { close() }
      chunk += bytes
    }
    close()
    return words
  }
}
