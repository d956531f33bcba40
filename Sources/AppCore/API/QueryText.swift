import HTTPService
import HTTPTypes

/// The query of a URL, as forms write it.
enum QueryText {
  /// Bytes of a whole query, as sent.
  static let maximumBytes = 2_048

  /// The last value of a name, decoded; others are ignored. Nil where there is none.
  /// - Throws: `HTTPProblem` for a query that is too long.
  static func last(_ name: String, of query: String?) throws(HTTPProblem) -> String? {
    guard let query else { return nil }
    return try pairs(query).last { $0.name == name }?.value
  }

  /// Names and values in order, decoded.
  /// - Parameter most: bytes of the whole.
  /// - Throws: `HTTPProblem` for a query that is too long.
  static func pairs(_ query: String, upTo most: Int = maximumBytes) throws(HTTPProblem) -> [(
    name: String, value: String
  )] {
    guard query.utf8.count <= most else {
      throw HTTPProblem(.unprocessableContent, "a query of at most \(most) bytes was expected")
    }
    return query.utf8.split(separator: UInt8(ascii: "&")).map { pair in
      let name = pair.prefix { $0 != UInt8(ascii: "=") }
      return (decoded(name), decoded(pair.dropFirst(name.count + 1)))
    }
  }

  /// `%XX` and `+` of a form's query; what is no valid escape stays as it is, what is no UTF-8 is replaced.
  private static func decoded(_ value: Substring.UTF8View) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(value.count)
    var rest = value
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        let digits = rest.prefix(2).compactMap(hexadecimal)
        guard digits.count == 2 else {
          bytes.append(byte)
          continue
        }
        bytes.append(digits[0] << 4 | digits[1])
        rest = rest.dropFirst(2)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
