/// A name's cell taken apart: `Dr. X- MBBS MD (Internal Medicine)`, `Dr. X, MBBS`, `Dr. X – MD`, `Dr. X (MBBS)`.
package struct DoctorName: Sendable, Hashable {
  package var name: String
  /// Nil where the cell holds a name only.
  package var qualification: String?

  /// Characters of a cell that are looked at: taking a name apart costs the square of its length.
  private static let longestCell = 200

  package init(name: String, qualification: String? = nil) {
    self.name = name
    self.qualification = qualification
  }

  /// Splits at the first comma, dash or bracket that a qualification follows. A dash inside a name (`Anne-Marie`) and a
  /// comma between two doctors stay.
  package init(cell: String) {
    let text = Array(cell.prefix(Self.longestCell))
    for index in text.indices where DoctorName.isSeparator(text, at: index) {
      let name = DoctorName.trimmed(text[..<index])
      var rest = DoctorName.trimmed(text[(index + 1)...])
      if text[index] == "(", rest.hasSuffix(")") { rest.removeLast() }
      guard !name.isEmpty, !rest.isEmpty else { continue }
      self.init(name: name, qualification: rest)
      return
    }
    self.init(name: DoctorName.trimmed(text[...]))
  }

  private static func isSeparator(_ text: [Character], at index: Int) -> Bool {
    let rest = text[(index + 1)...].drop { $0.isWhitespace || dashes.contains($0) }
    let word = String(rest.prefix { $0.isLetter || $0 == "." }.filter(\.isLetter)).uppercased()
    guard word != "DR" && word != "PROF" else { return false }
    switch text[index] {
    case ",", ";": return true
    case "(": return degrees.contains(word)
    case let character where dashes.contains(character):
      let isSpaced = (index > 0 && text[index - 1].isWhitespace) || text[(index + 1)...].first?.isWhitespace == true
      return isSpaced || character == "—" || degrees.contains(word)
    default: return false
    }
  }

  private static func trimmed(_ characters: ArraySlice<Character>) -> String {
    let isEdge = { (character: Character) in character.isWhitespace || dashes.contains(character) || character == "," }
    return String(characters.drop(while: isEdge).reversed().drop(while: isEdge).reversed())
  }

  private static let dashes: Set<Character> = ["-", "‐", "‑", "–", "—", "−"]
  private static let degrees: Set<String> = [
    "MBBS", "MD", "MS", "MCH", "DM", "DNB", "BDS", "MDS", "BAMS", "BHMS", "BPT", "MPT", "DGO", "DCH", "DO", "DOMS",
    "DLO", "DPM", "DVD", "DDVL", "FRCS", "MRCP", "MRCS", "FRCP", "FCPS", "PGDM", "PHD", "MPHIL", "FICS", "DIPLOMA",
  ]
}
