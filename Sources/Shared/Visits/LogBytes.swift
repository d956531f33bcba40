import Digests

/// A part of a log line. Bytes, not characters: logs hold whatever a client sent.
package typealias LogBytes = ArraySlice<UInt8>

extension LogBytes {
  package func hasPrefix(_ text: StaticString) -> Bool {
    guard count >= text.utf8CodeUnitCount else { return false }
    for offset in 0..<text.utf8CodeUnitCount where self[startIndex + offset] != text.utf8Start[offset] { return false }
    return true
  }

  /// Where `text` begins at or after `from`.
  package func index(of text: StaticString, from: Int? = nil) -> Int? {
    let length = text.utf8CodeUnitCount
    guard length > 0, count >= length else { return nil }
    let first = text.utf8Start[0]
    var index = Swift.max(startIndex, from ?? startIndex)
    let last = endIndex - length
    while index <= last {
      if self[index] == first, self[index...].hasPrefix(text) { return index }
      index += 1
    }
    return nil
  }

  package func index(of byte: UInt8, from: Int) -> Int? {
    var index = from
    while index < endIndex {
      if self[index] == byte { return index }
      index += 1
    }
    return nil
  }

  /// Without spaces, tabs and returns at both ends.
  package var trimmed: LogBytes {
    var low = startIndex
    var high = endIndex
    while low < high, self[low].isBlank { low += 1 }
    while high > low, self[high - 1].isBlank { high -= 1 }
    return self[low..<high]
  }

  /// Digits only, at most 18 of them.
  package var integer: Int? {
    guard !isEmpty, count <= 18 else { return nil }
    var value = 0
    for byte in self {
      guard byte.isDigit else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }

  /// FNV-1a, finished with a mixer so that short texts spread.
  package func hash(from seed: UInt64 = FNV1a.basis) -> UInt64 {
    var hash = FNV1a.hash(self, from: seed)
    hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    return hash ^ (hash >> 33)
  }

  /// At most `limit` bytes as text without control characters.
  package func text(limit: Int = 200) -> String {
    let text = String(decoding: prefix(limit), as: UTF8.self)
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
  }
}

extension LogBytes {
  /// Words between blanks.
  var words: [LogBytes] { split { $0.isBlank } }

  var isDash: Bool { count == 1 && first == UInt8(ascii: "-") }

  func equals(_ text: StaticString) -> Bool { count == text.utf8CodeUnitCount && hasPrefix(text) }

  /// Without what `\"` and `\x22` stand for a quote and `\x5C` for a backslash: servers differ in how they escape.
  var unquoted: LogBytes {
    guard contains(UInt8(ascii: "\\")) else { return self }
    var clean: [UInt8] = []
    var index = startIndex
    while index < endIndex {
      let rest = self[index...]
      if rest.hasPrefix("\\x22") || rest.hasPrefix("\\\"") {
        clean.append(UInt8(ascii: "\""))
        index += rest.hasPrefix("\\x22") ? 4 : 2
      } else if rest.hasPrefix("\\x5C") || rest.hasPrefix("\\x5c") || rest.hasPrefix("\\\\") {
        clean.append(UInt8(ascii: "\\"))
        index += rest.hasPrefix("\\\\") ? 2 : 4
      } else {
        clean.append(self[index])
        index += 1
      }
    }
    return clean[...]
  }
}

extension UInt8 {
  var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
  package var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  package var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
  package var isUpper: Bool { self >= 0x41 && self <= 0x5A }
  package var lowered: UInt8 { isUpper ? self + 0x20 : self }
}
