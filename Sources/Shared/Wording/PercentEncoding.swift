package enum PercentEncoding {
  /// All but RFC 3986's unreserved characters as `%XX`, byte by byte in UTF-8.
  /// - Parameter kept: ASCII characters that stand as they are, too.
  package static func encoded(_ text: String, keeping kept: String = "") -> String {
    text.utf8.reduce(into: "") { encoded, byte in
      let scalar = Unicode.Scalar(byte)
      switch scalar {
      case "A"..."Z", "a"..."z", "0"..."9", "-", ".", "_", "~": encoded.unicodeScalars.append(scalar)
      case _ where byte < 128 && kept.unicodeScalars.contains(scalar): encoded.unicodeScalars.append(scalar)
      default:
        encoded += "%" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
      }
    }
  }
}
