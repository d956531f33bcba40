import Matching

/// A path on the first line, a server's JSON behind it.
enum JSONTarget {
  static func run(_ input: UnsafeBufferPointer<UInt8>) {
    let input = FuzzInput(input)
    guard let path = try? JSONPath.parse(input.lineText) else { return }
    input.rest.withUnsafeBufferPointer { bytes in
      guard let value = JSONScanner.value(at: path, in: bytes) else { return }
      switch value {
      case .number(let number): require(number.nearest.isFinite, "JSON knows no \(number)")
      case .string(let text): require(text.count <= bytes.count, "\(text.count) bytes out of \(bytes.count)")
      case .array(let count), .object(let count):
        require(count <= bytes.count, "\(count) parts in \(bytes.count) bytes")
      case .bool, .null: break
      }
      require(path.value(in: input.rest)?.text == value.text, "not the same value twice")
    }
  }
}
