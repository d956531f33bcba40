/// The text of cells and tab names.
enum CellText {
  /// Longer cells are cut: no name, room or timing comes near it.
  static let maxCharacters = 500

  /// White space of every kind (also no-break and zero-width) folded to single spaces, none at the ends.
  static func folded(_ text: some StringProtocol) -> String {
    var folded = String.UnicodeScalarView()
    var count = 0
    var needsSpace = false
    for scalar in text.unicodeScalars {
      if isInvisible(scalar) { continue }
      if scalar.properties.isWhitespace || scalar.value < 0x20 || scalar.value == 0x7F {
        needsSpace = !folded.isEmpty
        continue
      }
      guard count < maxCharacters else { break }
      if needsSpace { folded.append(" ") }
      needsSpace = false
      folded.append(scalar)
      count += 1
    }
    return String(folded)
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
