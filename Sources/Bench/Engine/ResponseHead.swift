/// Reads header fields out of a response's head, as it came.
struct ResponseHead {
  /// From the status line to the empty line.
  let bytes: UnsafeBufferPointer<UInt8>

  /// The values of all fields of a name, without the blanks around them.
  /// - Parameter name: in lower case.
  func values(of name: [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for line in bytes.split(separator: 0x0A).dropFirst() {
      guard line.count > name.count, line[line.startIndex + name.count] == 0x3A,
        zip(line, name).allSatisfy({ Self.lowered($0) == $1 })
      else { continue }
      var value = line.dropFirst(name.count + 1).drop { $0 == 0x20 || $0 == 0x09 }
      while let last = value.last, last == 0x0D || last == 0x20 || last == 0x09 { value.removeLast() }
      found.append(Array(value))
    }
    return found
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}

/// What a check or a capture may look at.
struct ResponseView {
  var status: Int
  /// Nil when it was larger than the engine keeps.
  var body: UnsafeBufferPointer<UInt8>?
  var head: ResponseHead
  /// Of the body, without chunk framing.
  var bodyBytes: Int
  /// Nanoseconds from the intended start.
  var duration: UInt64
}
