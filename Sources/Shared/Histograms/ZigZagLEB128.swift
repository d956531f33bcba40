/// Variable-length signed integers of at most nine bytes, seven bits in each of the first eight and eight in the last.
///
/// Source: HdrHistogram, `ZigZagEncoding.java` (LEB128-64b9B-variant).
enum ZigZagLEB128 {
  static func append(_ value: Int64, to bytes: inout [UInt8]) {
    var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
    for _ in 0..<8 {
      guard rest > 0x7F else {
        bytes.append(UInt8(rest))
        return
      }
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Takes a value off the front; nil when the bytes end within it.
  static func take(from bytes: inout ArraySlice<UInt8>) -> Int64? {
    var value: UInt64 = 0
    for position in 0..<9 {
      guard let byte = bytes.popFirst() else { return nil }
      guard position < 8 else {
        value |= UInt64(byte) << 56
        break
      }
      value |= UInt64(byte & 0x7F) << UInt64(7 * position)
      if byte & 0x80 == 0 { break }
    }
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}
