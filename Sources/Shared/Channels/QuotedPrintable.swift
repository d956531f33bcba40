/// A body's text as lines of ASCII, at most 76 characters each, that any mail server carries.
/// Source: RFC 2045 §6.7.
enum QuotedPrintable {
  /// - Parameter text: lines ended by `\n`, `\r\n` or `\r`.
  /// - Returns: lines ended by CRLF, the last one too.
  static func encoded(_ text: String) -> String {
    let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      .split(separator: "\n", omittingEmptySubsequences: false)
    var encoded = ""
    encoded.reserveCapacity(text.utf8.count * 5 / 4)
    for line in lines.last?.isEmpty == true ? lines.dropLast() : lines[...] { append(line, to: &encoded) }
    return encoded
  }

  private static func append(_ line: Substring, to encoded: inout String) {
    let bytes = Array(line.utf8)
    var used = 0
    for (index, byte) in bytes.enumerated() {
      let isLast = index == bytes.count - 1
      let isBlank = byte == 0x20 || byte == 0x09
      let isLiteral = (byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "=")) || (isBlank && !isLast)
      let width = isLiteral ? 1 : 3
      // The last place of a line is for the `=` that joins it with the next; a line ends between characters.
      let isBoundary = byte & 0xC0 != 0x80
      let needed = isBoundary ? max(width, characterWidth(bytes[index...])) : width
      if used + needed > (isLast ? 76 : 75) {
        encoded += "=\r\n"
        used = 0
      }
      encoded += isLiteral ? String(Unicode.Scalar(byte)) : hexadecimal(byte)
      used += width
    }
    encoded += "\r\n"
  }

  private static func characterWidth(_ bytes: ArraySlice<UInt8>) -> Int {
    guard let first = bytes.first, first >= 0x80 else { return 1 }
    return 3 * (1 + bytes.dropFirst().prefix { $0 & 0xC0 == 0x80 }.count)
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    return "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
  }
}
