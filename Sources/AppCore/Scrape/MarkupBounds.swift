/// A linear look at a page before it is parsed. libxml2 compares each attribute of a tag with all before it, so a single
/// tag of a few megabytes would keep it busy for minutes; no schedule has such tags.
enum MarkupBounds {
  static let maxAttributes = 200

  /// The offset of the first tag with more than `maxAttributes` attributes. Follows libxml2's recovery: quotes count
  /// only after `=`, and scripts, styles and comments hold no tags.
  static func firstOverloadedTag(in page: [UInt8]) -> Int? {
    var index = 0
    while let open = page[index...].firstIndex(of: UInt8(ascii: "<")) {
      index = open + 1
      guard index < page.count else { return nil }
      if page[index...].starts(with: "!--".utf8) {
        guard let end = page[(index + 3)...].firstRange(of: Array("-->".utf8)) else { return nil }
        index = end.upperBound
        continue
      }
      guard isLetter(page[index]) else { continue }
      let name = page[index...].prefix(16).prefix(while: isLetter)
      var tag = TagScanner(page: page, index: index)
      guard tag.attributesStayBelow(maxAttributes) else { return open }
      index = tag.index
      let element = String(decoding: name, as: UTF8.self).lowercased()
      if element == "script" || element == "style" { index = end(ofRaw: element, in: page, from: index) }
    }
    return nil
  }

  private static func end(ofRaw element: String, in page: [UInt8], from start: Int) -> Int {
    var index = start
    let name = Array(element.utf8)
    while let open = page[index...].firstRange(of: [UInt8(ascii: "<"), UInt8(ascii: "/")]) {
      index = open.upperBound
      if page[index...].prefix(name.count).map({ $0 | 0x20 }) == name { return index }
    }
    return page.count
  }

  static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
}

/// Walks through one start tag.
private struct TagScanner {
  let page: [UInt8]
  var index: Int

  mutating func attributesStayBelow(_ limit: Int) -> Bool {
    skip { !TagScanner.isSpace($0) && $0 != UInt8(ascii: ">") }
    for _ in 0...limit {
      skip { TagScanner.isSpace($0) || $0 == UInt8(ascii: "/") }
      guard index < page.count, page[index] != UInt8(ascii: ">") else { return true }
      skip { !TagScanner.isSpace($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "/") }
      skip(while: TagScanner.isSpace)
      guard index < page.count, page[index] == UInt8(ascii: "=") else { continue }
      index += 1
      skip(while: TagScanner.isSpace)
      guard index < page.count else { return true }
      let quote = page[index]
      if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
        index += 1
        skip { $0 != quote }
        index = min(index + 1, page.count)
      } else {
        skip { !TagScanner.isSpace($0) && $0 != UInt8(ascii: ">") }
      }
    }
    return false
  }

  private mutating func skip(while matches: (UInt8) -> Bool) {
    while index < page.count, matches(page[index]) { index += 1 }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
}
