/// One value of a JSON text, or what one is compared with.
package enum JSONValue: Sendable, Equatable {
  case string([UInt8])
  case number(JSONNumeral)
  case bool(Bool)
  case null
  case object(count: Int)
  case array(count: Int)

  /// A header's text: as a number where one is expected and it is one.
  package init(_ text: [UInt8], like expected: JSONValue) {
    if case .number = expected, let number = JSONNumeral(lenient: text) {
      self = .number(number)
    } else {
      self = .string(text)
    }
  }

  /// A scalar as text, a number as it was written; nil for objects and arrays.
  package var text: [UInt8]? {
    switch self {
    case .string(let bytes): bytes
    case .number(let number): number.text
    case .bool(let flag): Array((flag ? "true" : "false").utf8)
    case .null: Array("null".utf8)
    case .object, .array: nil
    }
  }
}
