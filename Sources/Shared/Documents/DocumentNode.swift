import Wording

/// A place in a file: both count from 1, columns in Unicode scalars.
package struct DocumentPosition: Sendable, Hashable, Comparable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place `columns` further on the same line.
  package func advanced(by columns: Int) -> DocumentPosition {
    DocumentPosition(line: line, column: column + columns)
  }

  package static func < (left: DocumentPosition, right: DocumentPosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One value of a YAML or JSON file with its place, so that every later complaint can say where.
package struct DocumentNode: Sendable {
  package var content: Content
  package var position: DocumentPosition

  package init(_ content: Content, at position: DocumentPosition) {
    self.content = content
    self.position = position
  }

  package enum Content: Sendable {
    case scalar(DocumentScalar)
    case list([DocumentNode])
    /// In the order of the file, without duplicates.
    case mapping([DocumentEntry])
  }

  /// `null`, `~` or nothing at all.
  package var isNull: Bool {
    guard case .scalar(let scalar) = content else { return false }
    return scalar.isNull
  }

  package var scalar: DocumentScalar? {
    guard case .scalar(let scalar) = content else { return nil }
    return scalar
  }

  /// What messages call this kind of value.
  var kindName: String {
    switch content {
    case .scalar(let scalar): scalar.isNull ? "nothing" : "'\(scalar.text.excerpt)'"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}

package struct DocumentEntry: Sendable {
  package var key: String
  package var keyPosition: DocumentPosition
  package var value: DocumentNode

  package init(key: String, keyPosition: DocumentPosition, value: DocumentNode) {
    self.key = key
    self.keyPosition = keyPosition
    self.value = value
  }
}

/// A scalar's text and whether the author marked it as a string.
///
/// Plain scalars are read by YAML 1.2's core schema, cut to what JSON knows: `null`, `~` and nothing are null, `true`
/// and `false` are booleans (`yes` is text), JSON numbers are numbers, everything else is text.
package struct DocumentScalar: Sendable, Equatable {
  package var text: String
  package var style: Style

  package init(text: String, style: Style = .plain) {
    self.text = text
    self.style = style
  }

  package enum Style: Sendable, Equatable {
    case plain, quoted
    /// `|` or `>`: its text begins on another line than its position.
    case block
  }

  package var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(text) }

  package var boolean: Bool? {
    guard style == .plain else { return nil }
    return ["true": true, "True": true, "TRUE": true, "false": false, "False": false, "FALSE": false][text]
  }

  /// The value when this is a plain JSON number.
  package var number: Double? {
    guard style == .plain, JSONNumber.isNumber(text), let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The place of the character `offset` scalars into the text, as near as the style allows.
  package func position(ofOffset offset: Int, in position: DocumentPosition) -> DocumentPosition {
    switch style {
    case .plain: position.advanced(by: offset)
    case .quoted: position.advanced(by: offset + 1)
    case .block: position
    }
  }
}

/// The grammar of a JSON number. Source: RFC 8259 §6.
package enum JSONNumber {
  package static func isNumber(_ text: some StringProtocol) -> Bool {
    var rest = Substring(text)
    if rest.first == "-" { rest.removeFirst() }
    guard let digits = takeDigits(&rest), digits.count == 1 || digits.first != "0" else { return false }
    if rest.first == "." {
      rest.removeFirst()
      guard takeDigits(&rest) != nil else { return false }
    }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
      guard takeDigits(&rest) != nil else { return false }
    }
    return rest.isEmpty
  }

  private static func takeDigits(_ text: inout Substring) -> Substring? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    text = text.dropFirst(digits.count)
    return digits.isEmpty ? nil : digits
  }
}

extension String {
  /// At most 40 characters of a value, on one line and without control characters, for a message.
  package var excerpt: String { DisplayText.line(self, limit: 40) }
}
