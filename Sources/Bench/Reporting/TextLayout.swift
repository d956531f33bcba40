/// Columns of text, a character a column.
enum TextLayout {
  static func left(_ text: String, _ width: Int) -> String {
    let count = text.count
    if count > width { return text.prefix(max(0, width - 1)) + "…" }
    return text + String(repeating: " ", count: width - count)
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  static func cut(_ text: String, _ width: Int) -> String {
    text.count > width ? text.prefix(max(0, width - 1)) + "…" : text
  }

  /// Breaks at spaces; a longer word stands alone, cut.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).map { cut($0, width) }
  }
}
