import Digests

/// HTTP entity tags.
/// Source: RFC 9110 §8.8.3, §13.1.2.
enum EntityTag {
  /// A strong tag of a body's content: the first 128 bits of SHA-256, in hexadecimal.
  static func strong(of body: [UInt8]) -> String { "\"\(SHA256Digest.name(of: body))\"" }

  /// Whether an `If-None-Match` field names this strong tag, or any.
  static func matches(_ field: String, _ tag: String) -> Bool {
    if field == tag { return true }
    return field.split(separator: ",").contains { candidate in
      let candidate = candidate.drop { $0 == " " || $0 == "\t" }.prefixWithoutTrailingSpace
      return candidate == "*" || candidate == tag || candidate == "W/" + tag
    }
  }
}

extension Substring {
  fileprivate var prefixWithoutTrailingSpace: Substring {
    var text = self
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }
}
