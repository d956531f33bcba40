import BenchEngine

/// Values of one step that are known only when a request is made.
///
/// While the step is rendered as text, each stands there as one private character (U+F0000 and on), raw or
/// percent-encoded; the rendered bytes are cut at them afterwards. Texts of the author's that hold such a character are
/// refused when they are read.
final class ValueCollector {
  static let characters: ClosedRange<UInt32> = 0xF0000...0xF00FF

  private(set) var sources: [ValueSource] = []

  /// The character that stands for the value; nil when a step has more than 256.
  func marker(for source: ValueSource) -> String? {
    guard sources.count < 256, let scalar = Unicode.Scalar(0xF0000 + UInt32(sources.count)) else { return nil }
    sources.append(source)
    return String(Character(scalar))
  }

  /// Cuts rendered bytes into what stays and what is filled in.
  func parts(of bytes: some Collection<UInt8>, _ encoding: ValueEncoding) -> [RequestPart] {
    let bytes = Array(bytes)
    var parts: [RequestPart] = []
    var literal: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard let (value, length) = marker(in: bytes, at: index) else {
        literal.append(bytes[index])
        index += 1
        continue
      }
      if !literal.isEmpty { parts.append(.bytes(literal)) }
      literal = []
      parts.append(.value(sources[value], encoding))
      index += length
    }
    if !literal.isEmpty { parts.append(.bytes(literal)) }
    return parts
  }

  /// The value that is marked here, and how many bytes mark it: F3 B0 80+high 80+low, or the same percent-encoded.
  private func marker(in bytes: [UInt8], at index: Int) -> (value: Int, length: Int)? {
    var found: [UInt8] = []
    var length = 4
    if bytes[index] == 0xF3, index + 4 <= bytes.count {
      found = Array(bytes[index..<(index + 4)])
    } else if bytes[index] == UInt8(ascii: "%"), index + 12 <= bytes.count {
      length = 12
      for start in stride(from: index, to: index + 12, by: 3) {
        guard bytes[start] == UInt8(ascii: "%"),
          let byte = UInt8(String(decoding: bytes[(start + 1)...(start + 2)], as: UTF8.self), radix: 16)
        else { return nil }
        found.append(byte)
      }
    }
    guard found.count == 4, found[0] == 0xF3, found[1] == 0xB0, found[2] & 0xC0 == 0x80, found[3] & 0xC0 == 0x80 else {
      return nil
    }
    let value = Int(found[2] & 0x3F) << 6 | Int(found[3] & 0x3F)
    return value < sources.count ? (value, length) : nil
  }
}
