/// A telephone number as the whole world dials it: `+` and 7 to 15 digits, without blanks.
package struct PhoneNumber: Sendable, Hashable {
  package let text: String

  /// Blanks, hyphens, dots and brackets between the digits are dropped. Nil for anything else, such as a number without its
  /// country. Source: ITU-T E.164 §6.2 (15 digits at most), E.123 §7 (what is written between them).
  package init?(_ text: String) {
    guard text.utf8.count <= 100 else { return nil }
    var number = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9": number.unicodeScalars.append(scalar)
      case "+" where number.isEmpty: number = "+"
      case "-", ".", "(", ")", "\u{2010}", "\u{2011}": guard !number.isEmpty else { return nil }
      case " ", "\u{A0}", "\u{202F}", "\t": continue
      default: return nil
      }
    }
    let digits = number.utf8.dropFirst()
    guard number.utf8.first == UInt8(ascii: "+"), (7...15).contains(digits.count), digits.first != UInt8(ascii: "0")
    else { return nil }
    self.text = number
  }

  /// For a page: `+91…10`.
  package static func masked(_ text: String) -> String { "\(text.prefix(3))…\(text.suffix(2))" }

  package static let expected = "a number with its country was expected, such as +91 98765 43210"
}
