/// A path to one value: `$.data[0].name`, `$['odd key']`, and `.length` of an array as the last part.
package struct JSONPath: Sendable, Equatable {
  package var components: [Component]

  package init(components: [Component]) { self.components = components }

  package enum Component: Sendable, Equatable {
    case key([UInt8])
    case index(Int)
    /// The number of elements of an array.
    case length
  }

  /// Reads `$.data[0].name`, `$['odd key']`, `$.data.length`.
  ///
  /// `.length` as the last part is an array's length; a key of that name is `['length']`.
  /// - Throws: `JSONPathError` with the offset of what is wrong.
  package static func parse(_ text: String) throws(JSONPathError) -> JSONPath {
    let characters = Array(text)
    guard characters.first == "$" else { throw JSONPathError(offset: 0, expected: "a path that begins with '$'") }
    var components: [Component] = []
    var offset = 1
    while offset < characters.count {
      guard components.count < 32 else { throw JSONPathError(offset: offset, expected: "at most 32 parts") }
      switch characters[offset] {
      case ".":
        let start = offset + 1
        offset = start
        while offset < characters.count, characters[offset] != ".", characters[offset] != "[" { offset += 1 }
        let key = String(characters[start..<offset])
        guard !key.isEmpty, !key.contains(where: { $0.isWhitespace || "]*'\"".contains($0) }) else {
          throw JSONPathError(offset: start, expected: "a key after '.', or ['odd key']")
        }
        components.append(key == "length" && offset == characters.count ? .length : .key(Array(key.utf8)))
      case "[":
        offset += 1
        let start = offset
        if offset < characters.count, characters[offset] == "'" || characters[offset] == "\"" {
          let quote = characters[offset]
          offset += 1
          let keyStart = offset
          while offset < characters.count, characters[offset] != quote { offset += 1 }
          guard offset < characters.count else { throw JSONPathError(offset: start, expected: "a closing quote") }
          components.append(.key(Array(String(characters[keyStart..<offset]).utf8)))
          offset += 1
        } else {
          while offset < characters.count, ("0"..."9").contains(characters[offset]) { offset += 1 }
          guard let index = Int(String(characters[start..<offset])), index <= 1_000_000 else {
            throw JSONPathError(offset: start, expected: "an index such as [0], or ['odd key']")
          }
          components.append(.index(index))
        }
        guard offset < characters.count, characters[offset] == "]" else {
          throw JSONPathError(offset: offset, expected: "']'")
        }
        offset += 1
      default:
        throw JSONPathError(offset: offset, expected: "'.' or '['")
      }
    }
    return JSONPath(components: components)
  }

  /// The value there; nil when there is none.
  package func value(in json: [UInt8]) -> JSONValue? {
    json.withUnsafeBufferPointer { JSONScanner.value(at: self, in: $0) }
  }

  /// The value there as it was written, a string's without its quotes and escapes; nil when there is none.
  package func text(in json: [UInt8]) -> [UInt8]? {
    json.withUnsafeBufferPointer { JSONScanner.text(at: self, in: $0) }
  }
}

/// Where a JSON path stops making sense.
package struct JSONPathError: Error, Sendable, Equatable {
  package var offset: Int
  package var expected: String
}
