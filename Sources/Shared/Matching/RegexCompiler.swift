/// Turns a pattern into the instructions that `BoundedRegex` runs. Their targets are relative, so that parts can be put
/// behind each other and repeated as they are.
struct RegexCompiler {
  /// Instructions that a pattern may become; counted repetitions multiply them.
  static let limit = 8_000
  private static let deepest = 50

  private(set) var groups = 0
  private let text: [UInt8]
  private var offset = 0
  private var depth = 0

  private typealias Code = [BoundedRegex.Instruction]

  init(_ text: [UInt8]) { self.text = text }

  mutating func compile() throws(RegexError) -> [BoundedRegex.Instruction] {
    let body = try alternatives()
    guard offset == text.count else { throw error("no ')' without '('") }
    return [.save(0)] + body + [.save(1), .match]
  }

  private func error(_ expected: String) -> RegexError { RegexError(offset: offset, expected: expected) }

  private var next: UInt8? { offset < text.count ? text[offset] : nil }

  private mutating func take(_ byte: Character) -> Bool {
    guard next == byte.asciiValue else { return false }
    offset += 1
    return true
  }

  private mutating func alternatives() throws(RegexError) -> Code {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw error("at most \(Self.deepest) groups within each other") }
    var parts = [try sequence()]
    var count = parts[0].count
    while take("|") {
      let part = try sequence()
      count += part.count + 2
      guard count <= Self.limit else { throw error("a shorter pattern") }
      parts.append(part)
    }
    // In order of preference: each alternative, or those behind it.
    var code: Code = []
    code.reserveCapacity(count)
    var rest = count
    for part in parts.dropLast() {
      rest -= part.count + 2
      code.append(.split(1, part.count + 2))
      code += part
      code.append(.jump(rest + 1))
    }
    return code + (parts.last ?? [])
  }

  private mutating func sequence() throws(RegexError) -> Code {
    var code: Code = []
    while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      code += try repeated()
      guard code.count <= Self.limit else { throw error("a shorter pattern") }
    }
    return code
  }

  private mutating func repeated() throws(RegexError) -> Code {
    let code = try atom()
    guard let (least, most) = try quantifier() else { return code }
    let isLazy = take("?")
    guard (code.count + 2) * max(least, most ?? 1, 1) <= Self.limit else { throw error("fewer repetitions") }
    if let next, "*+?{".utf8.contains(next) { throw error("one quantifier, not two") }
    return Self.repeating(code, least, most, isLazy: isLazy)
  }

  private static func repeating(_ code: Code, _ least: Int, _ most: Int?, isLazy: Bool) -> Code {
    func split(over count: Int) -> BoundedRegex.Instruction { isLazy ? .split(count, 1) : .split(1, count) }
    var result: Code = []
    for _ in 0..<least { result += code }
    guard let most else { return result + [split(over: code.count + 2)] + code + [.jump(-code.count - 1)] }
    var optional: Code = []
    for _ in least..<max(most, least) {
      let inner = code + optional
      optional = [split(over: inner.count + 1)] + inner
    }
    return result + optional
  }

  private mutating func quantifier() throws(RegexError) -> (Int, Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard take("{") else { return nil }
    guard let least = number() else { throw error("a number such as {2} or {2,5}") }
    var most: Int? = least
    if take(",") { most = number() }
    guard take("}") else { throw error("'}'") }
    if let most, most < least { throw error("the smaller number first") }
    return (least, most)
  }

  private mutating func number() -> Int? {
    let start = offset
    while let byte = next, (0x30...0x39).contains(byte), offset - start < 4 { offset += 1 }
    return Int(String(decoding: text[start..<offset], as: UTF8.self))
  }

  private mutating func atom() throws(RegexError) -> Code {
    guard let byte = next else { throw error("something to match") }
    offset += 1
    switch byte {
    case UInt8(ascii: "("): return try group()
    case UInt8(ascii: "["): return [.set(try set())]
    case UInt8(ascii: "."):
      var newline = ByteSet()
      newline.insert(0x0A...0x0A)
      return [.set(newline.inverted)]
    case UInt8(ascii: "^"): return [.begin]
    case UInt8(ascii: "$"): return [.end]
    case UInt8(ascii: "\\"):
      let escaped = try escape()
      return [escaped.byte.map { .byte($0) } ?? .set(escaped.set)]
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
      offset -= 1
      throw error("something to repeat before it, or a backslash")
    default: return [.byte(byte)]
    }
  }

  private mutating func group() throws(RegexError) -> Code {
    var isCapturing = true
    if take("?") {
      guard take(":") else { throw error("(?:…): there is no look-around") }
      isCapturing = false
    }
    let isFirst = isCapturing && groups == 0
    if isCapturing { groups += 1 }
    let inner = try alternatives()
    guard take(")") else { throw error("')'") }
    return isFirst ? [.save(2)] + inner + [.save(3)] : inner
  }

  private mutating func set() throws(RegexError) -> ByteSet {
    var set = ByteSet()
    let isInverted = take("^")
    var isFirst = true
    while let byte = next, byte != UInt8(ascii: "]") || isFirst {
      isFirst = false
      offset += 1
      guard byte < 0x80 else { throw error("ASCII within [ ]") }
      var low = byte
      if byte == UInt8(ascii: "\\") {
        let escaped = try escape()
        guard let byte = escaped.byte else {
          set.formUnion(escaped.set)
          continue
        }
        low = byte
      }
      var high = low
      if next == UInt8(ascii: "-"), offset + 1 < text.count, text[offset + 1] != UInt8(ascii: "]") {
        high = text[offset + 1]
        offset += 2
        if high == UInt8(ascii: "\\") {
          guard let byte = try escape().byte else { throw error("a single character at a range's end") }
          high = byte
        }
        guard low <= high, high < 0x80 else { throw error("a range from low to high") }
      }
      set.insert(low...high)
    }
    guard take("]") else { throw error("']'") }
    return isInverted ? set.inverted : set
  }

  private mutating func escape() throws(RegexError) -> (byte: UInt8?, set: ByteSet) {
    guard let byte = next else { throw error("something after the backslash") }
    offset += 1
    var set = ByteSet()
    switch byte | 0x20 {
    case UInt8(ascii: "d"): set.insert(0x30...0x39)
    case UInt8(ascii: "w"):
      for range: ClosedRange<UInt8> in [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A] { set.insert(range) }
    case UInt8(ascii: "s"):
      set.insert(0x09...0x0D)
      set.insert(0x20...0x20)
    default:
      switch byte {
      case UInt8(ascii: "n"): return (0x0A, set)
      case UInt8(ascii: "r"): return (0x0D, set)
      case UInt8(ascii: "t"): return (0x09, set)
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A:
        offset -= 1
        throw error("one of \\d \\w \\s \\n \\r \\t, or an escaped sign: there are no back-references")
      default: return (byte, set)
      }
    }
    return (nil, byte & 0x20 == 0 ? set.inverted : set)
  }
}
