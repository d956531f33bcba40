/// The Cookie lines that a request's author wrote.
enum CookieLine {
  private static let name = Array("cookie:".utf8)

  /// Takes all of them out of a request's head and joins their values.
  /// - Parameter head: lines with their ends, the request line first, without the empty line.
  static func take(from head: inout [UInt8]) -> [UInt8] {
    var own: [UInt8] = []
    var start = (head.firstIndex(of: 0x0A) ?? head.endIndex - 1) + 1
    while start < head.endIndex {
      let end = (head[start...].firstIndex(of: 0x0A) ?? head.endIndex - 1) + 1
      let line = head[start..<end]
      guard line.count >= name.count, zip(line, name).allSatisfy({ lowered($0) == $1 }) else {
        start = end
        continue
      }
      var value = line.dropFirst(name.count)
      while let last = value.last, last == 0x0D || last == 0x0A || last == 0x3B { value.removeLast() }
      let pairs = CookieJar.trimmed(value)
      if !own.isEmpty, !pairs.isEmpty { own += [0x3B, 0x20] }
      own += pairs
      head.removeSubrange(start..<end)
    }
    return own
  }

  /// Of `a=1; b=2`.
  static func names(in line: [UInt8]) -> [[UInt8]] {
    line.split(separator: 0x3B).map { CookieJar.trimmed($0.prefix { $0 != 0x3D }) }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
