/// What a client says that it takes: `Accept` or `Accept-Encoding`. Source: RFC 9110 §12.4, §12.5.
struct AcceptField {
  let text: String

  init(_ text: String) { self.text = text }

  /// Whether it names `value` by itself, with a weight above 0; what `*` stands for is not looked at.
  func takes(_ value: StaticString) -> Bool {
    let wanted = value.withUTF8Buffer { Array($0) }
    return text.utf8.split(separator: UInt8(ascii: ",")).contains { item in
      var parts = item.split(separator: UInt8(ascii: ";"))[...]
      guard let name = parts.popFirst(), Self.trimmed(name).elementsEqual(wanted, by: { $0 | 0x20 == $1 | 0x20 })
      else { return false }
      return !parts.contains { Self.isZeroWeight(Self.trimmed($0)) }
    }
  }

  private static func isZeroWeight(_ parameter: Substring.UTF8View) -> Bool {
    guard parameter.first.map({ $0 | 0x20 }) == UInt8(ascii: "q"), parameter.dropFirst().first == UInt8(ascii: "=")
    else { return false }
    let weight = parameter.dropFirst(2)
    return !weight.isEmpty && weight.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
  }

  private static func trimmed(_ part: Substring.UTF8View) -> Substring.UTF8View {
    let start = part.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    let end = start.reversed().prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.count
    return start.dropLast(end)
  }
}
