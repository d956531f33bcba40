package import Documents

/// One place of a file's text that is to be written otherwise, on one line.
package struct TextEdit: Sendable, Equatable {
  package var position: DocumentPosition
  /// What stands there now; nothing is changed where something else does.
  package var expected: String
  package var replacement: String

  package init(at position: DocumentPosition, _ expected: String, _ replacement: String) {
    self.position = position
    self.expected = expected
    self.replacement = replacement
  }

  /// An unquoted value, written otherwise; nil for one that is quoted or runs over several lines.
  init?(plain node: DocumentNode, _ replacement: String) {
    guard let scalar = node.scalar, scalar.style == .plain, !scalar.text.isEmpty else { return nil }
    self.init(at: node.position, scalar.text, replacement)
  }

  /// An unquoted value in quotes.
  init?(quoting node: DocumentNode) {
    guard let text = node.scalar?.text, !text.contains("'") else { return nil }
    self.init(plain: node, "'\(text)'")
  }

  init(key entry: DocumentEntry, _ replacement: String) { self.init(at: entry.keyPosition, entry.key, replacement) }
}

/// A text by its lines, to be edited in places.
struct EditableText {
  private(set) var lines: [[Unicode.Scalar]]

  init(_ text: String) {
    // By scalars: a carriage return and a line feed are one character.
    lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
  }

  /// Whether the edit finds what it expects.
  func fits(_ edit: TextEdit) -> Bool {
    let (row, start) = (edit.position.line - 1, edit.position.column - 1)
    let expected = Array(edit.expected.unicodeScalars)
    return lines.indices.contains(row) && start >= 0 && start + expected.count <= lines[row].count
      && Array(lines[row][start..<start + expected.count]) == expected
  }

  /// - Parameter edits: which fit and don't meet.
  mutating func apply(_ edits: [TextEdit]) {
    // From the end, so that what is before keeps its place.
    for edit in edits.sorted(by: { $0.position > $1.position }) where fits(edit) {
      let start = edit.position.column - 1
      lines[edit.position.line - 1].replaceSubrange(
        start..<start + edit.expected.unicodeScalars.count, with: edit.replacement.unicodeScalars)
    }
  }

  var texts: [String] {
    lines.map { line in
      var text = String.UnicodeScalarView()
      text.append(contentsOf: line)
      return String(text)
    }
  }
}

extension TextEdit {
  func meets(_ other: TextEdit) -> Bool {
    guard position.line == other.position.line else { return false }
    func columns(_ edit: TextEdit) -> Range<Int> {
      edit.position.column..<edit.position.column + edit.expected.unicodeScalars.count
    }
    return columns(self).overlaps(columns(other))
  }
}
