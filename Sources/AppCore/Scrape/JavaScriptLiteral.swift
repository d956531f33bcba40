/// Reads the object literals of a page's script: `{name: "23\/11\/2026", gid: '1', initialSheet: ("1" == gid)}`.
///
/// Source: ECMA-262, 12.9.4 String Literals.
struct JavaScriptLiteral {
  private var rest: ArraySlice<UInt8>

  /// Longer strings are not read.
  static let maxStringBytes = 8_192
  private static let maxProperties = 64
  private static let maxExpressionBytes = 256

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The string values of the object that begins here, after white space; other values, also expressions, are passed over. Nil for
  /// anything that isn't such an object.
  mutating func object() -> [String: String]? {
    guard take("{") else { return nil }
    var properties: [String: String] = [:]
    for _ in 0..<JavaScriptLiteral.maxProperties {
      if take("}") { return properties }
      guard let key = string() ?? identifier(), take(":") else { return nil }
      if let value = text() { properties[key] = value }
      guard skipExpression() else { return nil }
      if !take(",") { return take("}") ? properties : nil }
    }
    return nil
  }

  /// One string, or several that are joined by `+`.
  private mutating func text() -> String? {
    guard var text = string() else { return nil }
    while text.utf8.count <= Self.maxStringBytes {
      let before = rest
      guard take("+"), let more = string() else {
        rest = before
        break
      }
      text += more
    }
    return text
  }

  /// Passes over what is left of a value, such as `("7" == gid)`, up to the comma or brace that ends it.
  private mutating func skipExpression() -> Bool {
    var depth = 0
    let end = rest.index(rest.startIndex, offsetBy: Self.maxExpressionBytes, limitedBy: rest.endIndex) ?? rest.endIndex
    while let byte = rest.first, rest.startIndex < end {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard string() != nil else { return false }
        continue
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ","), UInt8(ascii: "}"):
        if depth == 0 { return true }
        if byte == UInt8(ascii: "}") { depth -= 1 }
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        depth -= 1
        if depth < 0 { return false }
      case UInt8(ascii: ";"), UInt8(ascii: "<"): return false
      default: break
      }
      rest = rest.dropFirst()
    }
    return false
  }

  /// The string literal that begins here, in either kind of quotes, unescaped.
  mutating func string() -> String? {
    skipSpace()
    guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
    var units: [UInt8] = []
    var surrogates: [UInt16] = []
    var index = rest.startIndex + 1
    func flush() {
      if !surrogates.isEmpty { units += Array(String(decoding: surrogates, as: UTF16.self).utf8) }
      surrogates = []
    }
    while index < rest.endIndex, units.count <= JavaScriptLiteral.maxStringBytes {
      let byte = rest[index]
      index += 1
      if byte == quote {
        flush()
        rest = rest[index...]
        return String(decoding: units, as: UTF8.self)
      }
      if byte == 0x0A || byte == 0x0D { return nil }
      guard byte == UInt8(ascii: "\\") else {
        flush()
        units.append(byte)
        continue
      }
      guard let (code, next) = escape(at: index) else { return nil }
      index = next
      guard let code else { continue }
      if (0xD800...0xDFFF).contains(code) {
        surrogates.append(UInt16(code))
      } else {
        flush()
        units += Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
      }
    }
    return nil
  }

  /// The escape after a backslash: its code (nil: none, a continued line) and where it ends.
  private func escape(at index: Int) -> (code: UInt32?, next: Int)? {
    guard index < rest.endIndex else { return nil }
    let byte = rest[index]
    switch byte {
    case UInt8(ascii: "x"): return hex(at: index + 1, digits: 2)
    case UInt8(ascii: "u"):
      guard index + 1 < rest.endIndex, rest[index + 1] == UInt8(ascii: "{") else {
        return hex(at: index + 1, digits: 4)
      }
      let digits = rest[(index + 2)...].prefix(7).prefix { $0 != UInt8(ascii: "}") }
      guard (1...6).contains(digits.count), let (code, next) = hex(at: index + 2, digits: digits.count) else {
        return nil
      }
      return (code, next + 1)
    case UInt8(ascii: "n"): return (0x0A, index + 1)
    case UInt8(ascii: "t"): return (0x09, index + 1)
    case UInt8(ascii: "r"): return (0x0D, index + 1)
    case UInt8(ascii: "b"): return (0x08, index + 1)
    case UInt8(ascii: "f"): return (0x0C, index + 1)
    case UInt8(ascii: "v"): return (0x0B, index + 1)
    case UInt8(ascii: "0"): return (0xFFFD, index + 1)
    case 0x0D: return (nil, index + (rest[(index + 1)...].first == 0x0A ? 2 : 1))
    case 0x0A: return (nil, index + 1)
    case 0x80...: return (nil, index)
    default: return (UInt32(byte), index + 1)
    }
  }

  private func hex(at index: Int, digits: Int) -> (code: UInt32?, next: Int)? {
    guard index + digits <= rest.endIndex,
      let code = UInt32(String(decoding: rest[index..<(index + digits)], as: UTF8.self), radix: 16),
      rest[index] != UInt8(ascii: "+"), rest[index] != UInt8(ascii: "-")
    else { return nil }
    return (code, index + digits)
  }

  /// A name, a number or a keyword.
  private mutating func identifier() -> String? {
    skipSpace()
    let name = rest.prefix { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "."),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard !name.isEmpty, name.count <= 100 else { return nil }
    rest = rest[name.endIndex...]
    return String(decoding: name, as: UTF8.self)
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard rest.first == UInt8(ascii: mark) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
  }
}
