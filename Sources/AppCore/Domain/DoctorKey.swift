/// Names one doctor, however a sheet writes the name: without qualification, case, punctuation and white space that vary.
package struct DoctorKey: Sendable, Hashable, Comparable {
  /// Words of lower case with single blanks between them, 160 characters at most.
  let words: String

  /// Of a name's cell. Nil where nothing is left of it.
  package init?(cell: String) {
    // A cell's length is the sheet's to choose, and taking a name apart costs its square.
    words = Self.folded(DoctorName(cell: cell).name)
    if words.isEmpty { return nil }
  }

  /// Of an `id`, as a client sends it back. Nil where nothing is left of it.
  package init?(id: String) {
    words = Self.folded(String(id.prefix(200)))
    if words.isEmpty { return nil }
  }

  /// As URLs have it: `dr-a-kumar`.
  package var id: String { words.replacing(" ", with: "-") }

  package static func < (left: DoctorKey, right: DoctorKey) -> Bool { left.words < right.words }

  /// Whether a person who writes `text` means this doctor: by the key's id, the name, or the whole cell.
  package func isMeant(by text: String) -> Bool {
    Self.folded(String(text.prefix(200))) == words || DoctorKey(cell: text) == self
  }

  private static func folded(_ name: String) -> String {
    var folded = ""
    for scalar in name.lowercased().unicodeScalars {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
        .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
        folded.unicodeScalars.append(scalar)
      default:
        if folded.last != " ", !folded.isEmpty { folded += " " }
      }
    }
    if folded.last == " " { folded.removeLast() }
    // What an index takes in any script.
    return String(String.UnicodeScalarView(folded.unicodeScalars.prefix(160)))
  }
}
