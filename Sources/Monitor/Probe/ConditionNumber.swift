/// Numbers as conditions write them.
enum ConditionNumber {
  /// A whole number of base 10, 8 (`0o17`, `017`), 2 (`0b11`) or 16 (`0x1F`), with a sign and `_` between digits.
  /// - Source: Go 1.24, `strconv.ParseInt` with base 0, by which Gatus compares.
  static func integer(_ text: String) -> Int? {
    var digits = text[...]
    let isNegative = digits.first == "-"
    if isNegative || digits.first == "+" { digits = digits.dropFirst() }
    guard digits.first?.isASCII == true, digits.first?.isNumber == true else { return nil }
    var radix = 10
    let lowered = digits.prefix(2).lowercased()
    if let known = ["0x": 16, "0o": 8, "0b": 2][lowered] {
      radix = known
      digits = digits.dropFirst(2)
    } else if digits.count > 1, digits.first == "0" {
      radix = 8
      digits = digits.dropFirst()
    }
    guard digits.last != "_" else { return nil }
    let plain = digits.filter { $0 != "_" }
    guard plain.allSatisfy({ $0.isASCII && ($0.isNumber || $0.isLetter) }), let value = Int(plain, radix: radix) else {
      return nil
    }
    return isNegative ? -value : value
  }

  /// A number, or a duration in milliseconds.
  static func number(_ text: String) -> Double? {
    if let integer = integer(text) { return Double(integer) }
    if let number = Double(text), number.isFinite { return number }
    return milliseconds(text)
  }

  /// `300ms`, `1.5s`, `48h`, `1h30m`.
  /// - Source: Go 1.24, `time.ParseDuration`.
  static func milliseconds(_ text: String) -> Double? {
    let units: [(String, Double)] = [
      ("ns", 1e-6), ("us", 1e-3), ("µs", 1e-3), ("μs", 1e-3), ("ms", 1), ("s", 1e3), ("m", 6e4), ("h", 3.6e6),
    ]
    var rest = text[...]
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest = rest.dropFirst() }
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let value = Double(digits) else { return nil }
      rest = rest[digits.endIndex...]
      guard let (unit, scale) = units.first(where: { rest.hasPrefix($0.0) }) else { return nil }
      total += value * scale
      rest = rest.dropFirst(unit.count)
    }
    return isNegative ? -total : total
  }
}
