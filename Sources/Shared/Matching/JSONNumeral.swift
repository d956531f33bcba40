/// A number as JSON writes it, compared by its exact value: 9007199254740993 is not 9007199254740992, and 1.0 is 1.
package struct JSONNumeral: Sendable {
  /// As it was written.
  package let text: [UInt8]
  /// The nearest, which is finite.
  package let nearest: Double

  /// Nil for what RFC 8259 §6 takes for no number, for more than 1,000 bytes, and for what is too large for others.
  package init?(_ text: some Collection<UInt8>) {
    let bytes = Array(text)
    guard bytes.count <= 1_000, Self.isNumber(bytes), let value = Double(String(decoding: bytes, as: UTF8.self)),
      value.isFinite
    else {
      return nil
    }
    self.text = bytes
    nearest = value
  }

  package init(_ number: Int) {
    text = Array(String(number).utf8)
    nearest = Double(number)
  }

  /// A number as people and other programs write it: with a plus, or with zeros in front, too.
  package init?(lenient text: some Collection<UInt8>) {
    if let strict = JSONNumeral(text) {
      self = strict
      return
    }
    let isPlain = text.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    guard isPlain, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
    self.text = Array("\(value)".utf8)
    nearest = value
  }

  private static func isNumber(_ bytes: [UInt8]) -> Bool {
    var index = 0
    func digits() -> Int {
      let start = index
      while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
      return index - start
    }
    func take(_ choices: String) -> Bool {
      guard index < bytes.count, choices.utf8.contains(bytes[index]) else { return false }
      index += 1
      return true
    }
    _ = take("-")
    let first = index
    let count = digits()
    guard count == 1 || count > 1 && bytes[first] != 0x30 else { return false }
    if take("."), digits() == 0 { return false }
    if take("eE") {
      _ = take("+-")
      if digits() == 0 { return false }
    }
    return index == bytes.count
  }

  /// `0.digits × 10^exponent`, without zeros at either end; no digits for zero.
  private var decimal: (isNegative: Bool, digits: [UInt8], exponent: Int) {
    var digits: [UInt8] = []
    var exponent = 0
    var isFraction = false
    for (index, byte) in text.enumerated() {
      switch byte {
      case 0x30...0x39:
        if !isFraction { exponent += 1 }
        if digits.isEmpty, byte == 0x30 { exponent -= 1 } else { digits.append(byte) }
      case 0x2E: isFraction = true
      case 0x45, 0x65:
        let written = String(decoding: text[(index + 1)...].drop { $0 == 0x2B }, as: UTF8.self)
        exponent += Int(written) ?? (written.hasPrefix("-") ? -1_000_000_000 : 1_000_000_000)
        while digits.last == 0x30 { digits.removeLast() }
        return (text.first == 0x2D && !digits.isEmpty, digits, digits.isEmpty ? .min : exponent)
      default: break
      }
    }
    while digits.last == 0x30 { digits.removeLast() }
    return (text.first == 0x2D && !digits.isEmpty, digits, digits.isEmpty ? .min : exponent)
  }
}

extension JSONNumeral: Comparable {
  package static func == (left: JSONNumeral, right: JSONNumeral) -> Bool {
    guard left.nearest == right.nearest else { return false }
    return left.text == right.text || left.decimal == right.decimal
  }

  package static func < (left: JSONNumeral, right: JSONNumeral) -> Bool {
    // Rounding keeps the order, so only equals are looked at more closely.
    if left.nearest != right.nearest { return left.nearest < right.nearest }
    let (one, other) = (left.decimal, right.decimal)
    if one.isNegative != other.isNegative { return one.isNegative }
    let (smaller, larger) = one.isNegative ? (other, one) : (one, other)
    if smaller.exponent != larger.exponent { return smaller.exponent < larger.exponent }
    return smaller.digits.lexicographicallyPrecedes(larger.digits)
  }
}

extension JSONNumeral: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  package init(integerLiteral value: Int) { self.init(value) }

  package init(floatLiteral value: Double) {
    text = Array("\(value)".utf8)
    nearest = value
  }
}
