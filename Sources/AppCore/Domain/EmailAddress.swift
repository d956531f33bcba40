/// An e-mail address that can be written to: `local@domain`, ASCII, in lower case, without comments, quotes or display
/// name.
package struct EmailAddress: Sendable, Hashable {
  package let text: String

  /// Nil for anything else. White space around it is dropped.
  /// Source: RFC 5321 §4.1.2 (dot-string, domain) and §4.5.3.1 (64 octets before the @, 254 in all, by the path's limit
  /// of 256 with its brackets); RFC 1123 §2.1 (labels).
  package init?(_ text: String) {
    guard text.utf8.count <= 1_024 else { return nil }
    let trimmed = Self.trimmed(text).lowercased()
    let parts = trimmed.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard trimmed.utf8.count <= 254, parts.count == 2, let local = parts.first, let domain = parts.last,
      Self.isLocal(local), Self.isDomain(domain)
    else { return nil }
    self.text = trimmed
  }

  /// Of a mail address, what an operator may see: `a…@example.org`.
  package static func masked(_ text: String) -> String {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 ? "\(parts[0].prefix(1))…@\(parts[1])" : "…"
  }

  package var domain: String { String(text.drop { $0 != "@" }.dropFirst()) }

  private static func trimmed(_ text: String) -> String {
    let isSpace = { (character: Character) in character == " " || character == "\t" || character.isNewline }
    return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }

  private static func isLocal(_ local: some Collection<UInt8>) -> Bool {
    (1...64).contains(local.count)
      && local.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
        !atom.isEmpty && atom.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0) }
      }
  }

  private static func isDomain(_ domain: some Collection<UInt8>) -> Bool {
    let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return domain.count <= 253 && labels.count >= 2
      && labels.allSatisfy { label in
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && Array(label).last != UInt8(ascii: "-")
          && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
      }
      // An address of the form 10.0.0.1 is no domain's name.
      && labels.last?.contains { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } == true
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: false
    }
  }
}
