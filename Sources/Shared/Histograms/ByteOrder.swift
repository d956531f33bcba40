/// Big-endian integers, which HdrHistogram's headers are made of.
extension [UInt8] {
  mutating func appendBigEndian(_ value: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}

extension ArraySlice<UInt8> {
  /// Takes an integer off the front; nil when there are too few bytes.
  mutating func takeBigEndian<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type) -> Value? {
    let width = Value.bitWidth / 8
    guard count >= width else { return nil }
    let value = prefix(width).reduce(Value.zero) { $0 << 8 | Value($1) }
    removeFirst(width)
    return value
  }
}
