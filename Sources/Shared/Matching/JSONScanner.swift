/// Finds one value in a JSON text without building a tree: it walks to the path and skips everything else.
///
/// It accepts what RFC 8259 accepts along the path, and skips the rest by structure (strings, brackets) without
/// validating it. Nesting is bounded.
package struct JSONScanner {
  /// Brackets within brackets beyond this depth are refused.
  static let maximumDepth = 256

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  /// The value at `path`, or nil when the text is no JSON or has no such value.
  package static func value(at path: JSONPath, in bytes: UnsafeBufferPointer<UInt8>) -> JSONValue? {
    var scanner = JSONScanner(bytes: bytes)
    for component in path.components {
      guard component != .length else {
        guard case .array(let count)? = scanner.readValue() else { return nil }
        return .number(JSONNumeral(count))
      }
      guard scanner.enter(component) else { return nil }
    }
    return scanner.readValue()
  }

  /// A scalar's text, or an object or array as it was written.
  static func text(at path: JSONPath, in bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let value = value(at: path, in: bytes) else { return nil }
    if let text = value.text { return text }
    var scanner = JSONScanner(bytes: bytes)
    guard path.components.allSatisfy({ scanner.enter($0) }) else { return nil }
    scanner.skipBlanks()
    let start = scanner.index
    return scanner.skipValue() ? Array(bytes[start..<scanner.index]) : nil
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    // RFC 8259 §8.1 lets a reader pass over a byte order mark.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  // MARK: Descent

  private mutating func enter(_ component: JSONPath.Component) -> Bool {
    switch component {
    case .key(let key): enterMember(key)
    case .index(let position): enterElement(position)
    case .length: false
    }
  }

  private mutating func enterMember(_ key: [UInt8]) -> Bool {
    skipBlanks()
    guard take(0x7B) else { return false }
    skipBlanks()
    if take(0x7D) { return false }
    while true {
      skipBlanks()
      guard let name = readString() else { return false }
      skipBlanks()
      guard take(0x3A) else { return false }
      skipBlanks()
      if name == key { return true }
      guard skipValue() else { return false }
      skipBlanks()
      guard take(0x2C) else { return false }
    }
  }

  private mutating func enterElement(_ position: Int) -> Bool {
    skipBlanks()
    guard position >= 0, take(0x5B) else { return false }
    skipBlanks()
    if peek == 0x5D { return false }
    for _ in 0..<position {
      skipBlanks()
      guard skipValue() else { return false }
      skipBlanks()
      guard take(0x2C) else { return false }
    }
    skipBlanks()
    return true
  }

  private mutating func readValue() -> JSONValue? {
    skipBlanks()
    switch peek {
    case 0x22: return readString().map(JSONValue.string)
    case 0x7B: return count(isObject: true).map { .object(count: $0) }
    case 0x5B: return count(isObject: false).map { .array(count: $0) }
    case 0x74: return takeWord("true") ? .bool(true) : nil
    case 0x66: return takeWord("false") ? .bool(false) : nil
    case 0x6E: return takeWord("null") ? .null : nil
    default: return readNumber().map(JSONValue.number)
    }
  }

  /// The members or elements of the object or array that begins here.
  private mutating func count(isObject: Bool) -> Int? {
    let end: UInt8 = isObject ? 0x7D : 0x5D
    index += 1
    skipBlanks()
    if take(end) { return 0 }
    var count = 0
    while true {
      skipBlanks()
      if isObject {
        guard peek == 0x22, skipString() else { return nil }
        skipBlanks()
        guard take(0x3A) else { return nil }
        skipBlanks()
      }
      guard skipValue() else { return nil }
      count += 1
      skipBlanks()
      if take(end) { return count }
      guard take(0x2C) else { return nil }
    }
  }

  // MARK: Tokens

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    guard bytes.count - index >= word.utf8CodeUnitCount else { return false }
    for offset in 0..<word.utf8CodeUnitCount where bytes[index + offset] != word.utf8Start[offset] { return false }
    index += word.utf8CodeUnitCount
    return true
  }

  private mutating func skipBlanks() {
    while index < bytes.count, bytes[index] == 0x20 || (bytes[index] >= 0x09 && bytes[index] <= 0x0D) { index += 1 }
  }

  /// Skips one value, balanced by brackets.
  private mutating func skipValue() -> Bool {
    var depth = 0
    repeat {
      guard index < bytes.count else { return false }
      switch bytes[index] {
      case 0x22:
        guard skipString() else { return false }
      case 0x7B, 0x5B:
        depth += 1
        guard depth <= Self.maximumDepth else { return false }
        index += 1
      case 0x7D, 0x5D:
        guard depth > 0 else { return false }
        depth -= 1
        index += 1
      case 0x2C, 0x3A, 0x20, 0x09...0x0D:
        guard depth > 0 else { return false }
        index += 1
      default:
        skipPlain()
      }
    } while depth > 0
    return true
  }

  /// A number or a word.
  private mutating func skipPlain() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x2C, 0x3A, 0x5B, 0x5D, 0x7B, 0x7D, 0x22, 0x20, 0x09...0x0D: return
      default: index += 1
      }
    }
  }

  private mutating func skipString() -> Bool {
    index += 1
    while index < bytes.count {
      let byte = bytes[index]
      index += byte == 0x5C ? 2 : 1
      if byte == 0x22 { return true }
    }
    return false
  }

  private mutating func readString() -> [UInt8]? {
    guard peek == 0x22 else { return nil }
    let start = index + 1
    guard skipString(), index <= bytes.count else { return nil }
    let raw = bytes[start..<(index - 1)]
    guard raw.contains(0x5C) else { return Array(raw) }
    return Self.unescape(raw)
  }

  private mutating func readNumber() -> JSONNumeral? {
    let start = index
    skipPlain()
    return JSONNumeral(bytes[start..<index])
  }

  private static func unescape(_ raw: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(raw.count)
    var index = raw.startIndex
    while index < raw.endIndex {
      guard raw[index] == 0x5C else {
        result.append(raw[index])
        index += 1
        continue
      }
      guard index + 1 < raw.endIndex else { return nil }
      let escape = raw[index + 1]
      index += 2
      switch escape {
      case 0x22, 0x5C, 0x2F: result.append(escape)
      case 0x62: result.append(0x08)
      case 0x66: result.append(0x0C)
      case 0x6E: result.append(0x0A)
      case 0x72: result.append(0x0D)
      case 0x74: result.append(0x09)
      case 0x75:
        guard let scalar = unicode(raw, at: &index) else { return nil }
        result.append(contentsOf: Array(String(Character(scalar)).utf8))
      default: return nil
      }
    }
    return result
  }

  /// Reads four hexadecimal digits, and the second half of a surrogate pair if one follows.
  private static func unicode(_ raw: Slice<UnsafeBufferPointer<UInt8>>, at index: inout Int) -> Unicode.Scalar? {
    guard let first = fourDigits(raw, at: index) else { return nil }
    index += 4
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
    guard index + 6 <= raw.endIndex, raw[index] == 0x5C, raw[index + 1] == 0x75,
      let second = fourDigits(raw, at: index + 2), (0xDC00..<0xE000).contains(second)
    else { return nil }
    index += 6
    return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
  }

  private static func fourDigits(_ raw: Slice<UnsafeBufferPointer<UInt8>>, at index: Int) -> UInt32? {
    guard index + 4 <= raw.endIndex else { return nil }
    var value: UInt32 = 0
    for offset in 0..<4 {
      let byte = raw[index + offset]
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
      default: return nil
      }
    }
    return value
  }
}
