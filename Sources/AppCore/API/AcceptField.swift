/// What a client says that it takes: `Accept` or `Accept-Encoding`. Source: RFC 9110 §12.4, §12.5.
struct AcceptField {
  private typealias Part = Slice<UnsafeBufferPointer<UInt8>>

  let text: String

  init(_ text: String) { self.text = text }

  /// Whether it names `value` by itself, with a weight above 0; what `*` stands for is not looked at.
  func takes(_ value: StaticString) -> Bool {
    var text = text
    return text.withUTF8 { text in
      value.withUTF8Buffer { wanted in
        var rest = text[...]
        while let item = Self.next(&rest, before: UInt8(ascii: ",")) {
          var parts = item
          guard let name = Self.next(&parts, before: UInt8(ascii: ";")),
            Self.trimmed(name).elementsEqual(wanted, by: { $0 | 0x20 == $1 | 0x20 })
          else { continue }
          if !Self.hasZeroWeight(parts) { return true }
        }
        return false
      }
    }
  }

  private static func hasZeroWeight(_ parameters: Part) -> Bool {
    var rest = parameters
    while let parameter = next(&rest, before: UInt8(ascii: ";")).map(trimmed) {
      guard parameter.first.map({ $0 | 0x20 }) == UInt8(ascii: "q"), parameter.dropFirst().first == UInt8(ascii: "=")
      else { continue }
      let weight = parameter.dropFirst(2)
      if !weight.isEmpty, weight.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }) { return true }
    }
    return false
  }

  /// Takes off what stands before the next mark; nil when nothing is left.
  private static func next(_ rest: inout Part, before mark: UInt8) -> Part? {
    guard !rest.isEmpty else { return nil }
    let end = rest.firstIndex(of: mark) ?? rest.endIndex
    defer { rest = rest[min(end + 1, rest.endIndex)...] }
    return rest[..<end]
  }

  private static func trimmed(_ part: Part) -> Part {
    var part = part.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    while let last = part.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { part.removeLast() }
    return part
  }
}
