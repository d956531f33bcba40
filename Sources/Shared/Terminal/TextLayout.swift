/// Text in columns, a character a column.
package enum TextLayout {
  /// Filled up with spaces behind it; a longer one is cut.
  package static func left(_ text: String, _ width: Int) -> String {
    cut(text, width) + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Filled up with spaces before it.
  package static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  package static func cut(_ text: String, _ width: Int) -> String {
    text.count > width ? text.prefix(max(0, width - 1)) + "…" : text
  }

  /// Breaks at spaces; a longer word stands alone, cut.
  package static func wrap(_ text: String, width: Int) -> [String] {
    wrap(text, width: width, rest: "").map { cut($0, width) }
  }

  /// Breaks at spaces into lines of at most `width`, where the words allow it.
  /// - Parameters:
  ///   - first: what the first line begins with.
  ///   - rest: what the later ones begin with.
  package static func wrap(_ text: String, width: Int = 100, first: String = "", rest: String) -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = rest
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }
}
