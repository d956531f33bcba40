import Addresses
import Secrets

/// One pass over a text, from left to right, in time that its length alone decides.
struct ScrubbingScan {
  private let bytes: [UInt8]
  private var index = 0
  private var result: [UInt8] = []
  private let hasAt: Bool

  init(_ text: String) {
    bytes = Array(text.utf8)
    hasAt = bytes.contains(0x40) || text.contains("%40")
    result.reserveCapacity(bytes.count)
  }

  mutating func run() -> String {
    while index < bytes.count {
      let isStart = index == 0 || !Self.isWord(bytes[index - 1])
      if isStart, takeUserInfo() || takeAddress() || takePhone() || takeMail() || takeWord() { continue }
      result.append(bytes[index])
      index += 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func replace(upTo end: Int, with text: String) {
    result.append(contentsOf: text.utf8)
    index = end
  }

  private func end(from start: Int, limit: Int, while holds: (UInt8) -> Bool) -> Int {
    var end = start
    while end < bytes.count, end - start < limit, holds(bytes[end]) { end += 1 }
    return end
  }

  // MARK: What is looked for

  /// `//user:password@` of a URL.
  private mutating func takeUserInfo() -> Bool {
    guard bytes[index] == 0x2F, index > 0, bytes[index - 1] == 0x3A, index + 1 < bytes.count, bytes[index + 1] == 0x2F
    else { return false }
    let authority = end(from: index + 2, limit: 512) { $0 > 0x20 && !"/?#\"'<>".utf8.contains($0) }
    guard let at = bytes[(index + 2)..<authority].lastIndex(of: 0x40) else { return false }
    replace(upTo: at + 1, with: "//\(SentryScrubber.filtered)@")
    return true
  }

  private mutating func takeAddress() -> Bool {
    guard Self.isHex(bytes[index]) || bytes[index] == 0x3A else { return false }
    // The longest text of an address has 45 bytes (RFC 4291 §2.2, form 3).
    let whole = end(from: index, limit: 48) { Self.isHex($0) || $0 == 0x3A || $0 == 0x2E }
    if bytes[index..<whole].count(where: { $0 == 0x3A }) >= 2, whole == bytes.count || !Self.isWord(bytes[whole]) {
      var last = whole
      while last > index, bytes[last - 1] == 0x2E || (bytes[last - 1] == 0x3A && bytes[last - 2] != 0x3A) { last -= 1 }
      let text = String(decoding: bytes[index..<last], as: UTF8.self)
      if text != "::", IPAddress(text) != nil {
        replace(upTo: last, with: "[ip]")
        return true
      }
    }
    var four = end(from: index, limit: 48) { Self.isDigit($0) || $0 == 0x2E }
    while four > index, bytes[four - 1] == 0x2E { four -= 1 }
    let parts = bytes[index..<four].split(separator: 0x2E, omittingEmptySubsequences: false)
    guard parts.count == 4, parts.allSatisfy({ Int(String(decoding: $0, as: UTF8.self)).map { $0 < 256 } ?? false }),
      four == bytes.count || !Self.isLetter(bytes[four])
    else { return false }
    replace(upTo: four, with: "[ip]")
    return true
  }

  /// `+` and 8 to 15 digits, as ITU-T E.164 has them, with what people put between them.
  private mutating func takePhone() -> Bool {
    guard bytes[index] == 0x2B else { return false }
    var stop = end(from: index + 1, limit: 30) { Self.isDigit($0) || " -().".utf8.contains($0) }
    while stop > index + 1, !Self.isDigit(bytes[stop - 1]) { stop -= 1 }
    guard (8...15).contains(bytes[index..<stop].count(where: Self.isDigit)) else { return false }
    replace(upTo: stop, with: "[phone]")
    return true
  }

  /// The last label of the domain has a letter: `outgrown@0.1.0` is none. In URLs the `@` may be `%40`.
  private mutating func takeMail() -> Bool {
    // RFC 5321 §4.5.3.1.1.
    guard hasAt else { return false }
    let local = end(from: index, limit: 64, while: Self.isLocal)
    let isPlain = local < bytes.count && bytes[local] == 0x40
    let escaped = bytes[index..<local].firstRange(of: Array("%40".utf8))
    guard local > index, let start = escaped?.upperBound ?? (isPlain ? local + 1 : nil), escaped?.lowerBound != index
    else { return false }
    var domain = end(from: start, limit: 255) { Self.isWord($0) || $0 == 0x2D || $0 == 0x2E }
    while domain > start, bytes[domain - 1] == 0x2E || bytes[domain - 1] == 0x2D { domain -= 1 }
    let label = bytes[start..<domain].split(separator: 0x2E).last ?? []
    guard label.contains(where: { Self.isLetter($0) || $0 >= 0x80 }) else { return false }
    replace(upTo: domain, with: "[email]")
    return true
  }

  /// A name and its value (`password=x`, `"token": "x"`, `Authorization: Bearer x`), a bearer's token, or a word that is a
  /// secret by how it looks.
  private mutating func takeWord() -> Bool {
    // Signed tokens are long; everything else would be looked through again and again at each of its dots.
    let isToken = bytes[index...].starts(with: "eyJ".utf8)
    let stop = end(from: index, limit: isToken ? 8_192 : 256) { Self.isWord($0) || $0 == 0x2D || $0 == 0x2E }
    guard stop > index else { return false }
    let word = String(decoding: bytes[index..<stop], as: UTF8.self)
    if stop - index >= 16, SecretNames.isSecret(value: word) {
      replace(upTo: stop, with: SentryScrubber.filtered)
      return true
    }
    let scheme = word.lowercased()
    if scheme == "bearer" || scheme == "basic", stop < bytes.count, bytes[stop] == 0x20 {
      let token = end(from: stop + 1, limit: 8_192, while: Self.isValue)
      // Basic is a word of English, too.
      guard token - stop > 8,
        scheme == "bearer" || bytes[(stop + 1)..<token].contains(where: { Self.isDigit($0) || $0 == 0x3D })
      else {
        return copy(upTo: stop)
      }
      result.append(contentsOf: bytes[index...stop])
      replace(upTo: token, with: SentryScrubber.filtered)
      return true
    }
    guard stop - index <= 100, let (value, isQuoted) = valueStart(after: stop), SentryScrubber.hides(word, "") else {
      return copy(upTo: stop)
    }
    // A header's credential may have several words.
    let isHeader = !SecretNames.isSecret(word) && SecretNames.isCredential(header: word, value: "")
    let last = end(from: value, limit: .max) { byte in
      if isQuoted { return byte != 0x22 && byte != 0x27 && byte != 0x0A }
      return isHeader ? byte != 0x0A && byte != 0x22 && byte != 0x5D : Self.isValue(byte)
    }
    guard last > value else { return copy(upTo: stop) }
    result.append(contentsOf: bytes[index..<value])
    replace(upTo: last, with: SentryScrubber.filtered)
    return true
  }

  /// Behind a name: `=`, `: `, `": "`.
  private func valueStart(after stop: Int) -> (Int, isQuoted: Bool)? {
    var next = stop
    if next < bytes.count, bytes[next] == 0x22 || bytes[next] == 0x27 { next += 1 }
    next = end(from: next, limit: 3) { $0 == 0x20 }
    guard next < bytes.count, bytes[next] == 0x3D || bytes[next] == 0x3A else { return nil }
    next = end(from: next + 1, limit: 3) { $0 == 0x20 }
    guard next < bytes.count else { return nil }
    let isQuoted = bytes[next] == 0x22 || bytes[next] == 0x27
    return (isQuoted ? next + 1 : next, isQuoted)
  }

  private mutating func copy(upTo stop: Int) -> Bool {
    // Not further: an address may begin behind a dot or a dash.
    let stop = bytes[index..<stop].firstIndex { !Self.isWord($0) } ?? stop
    guard stop > index else { return false }
    result.append(contentsOf: bytes[index..<stop])
    index = stop
    return true
  }

  // MARK: Bytes

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
  private static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
  }
  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || byte == 0x5F || byte >= 0x80
  }
  /// RFC 5322 §3.2.3 without what stands between words of a log (`=`, `/`, quotes).
  private static func isLocal(_ byte: UInt8) -> Bool { isWord(byte) || ".+-%!#$&*~'".utf8.contains(byte) }
  private static func isValue(_ byte: UInt8) -> Bool { byte > 0x20 && !"\"',;&)}]<>".utf8.contains(byte) }
}
