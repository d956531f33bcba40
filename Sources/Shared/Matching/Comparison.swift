/// How a value has to stand to another one. Orders hold between numbers only.
package enum Comparison: String, Sendable, CaseIterable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  /// Whatever the other one is.
  case exists

  /// Whether it is more than being equal or not.
  package var isOrder: Bool {
    switch self {
    case .equal, .notEqual, .exists: false
    case .less, .lessOrEqual, .greater, .greaterOrEqual: true
    }
  }

  /// Those that are written as a sign.
  package static let signs = allCases.filter { $0 != .exists }

  /// The comparison whose sign `text` begins with, and what follows it; nil when it begins with none.
  package static func leading(_ text: Substring) -> (comparison: Comparison, rest: Substring)? {
    signs.filter { text.hasPrefix($0.rawValue) }.max { $0.rawValue.count < $1.rawValue.count }
      .map { ($0, text.dropFirst($0.rawValue.count)) }
  }

  package func holds(_ value: JSONValue, _ expected: JSONValue) -> Bool {
    switch self {
    case .exists: return true
    case .equal: return value == expected
    case .notEqual: return value != expected
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard case .number(let left) = value, case .number(let right) = expected else { return false }
      return holds(left, right)
    }
  }

  package func holds<Number: Comparable>(_ left: Number, _ right: Number) -> Bool {
    switch self {
    case .exists: true
    case .equal: left == right
    case .notEqual: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  package func contains(_ needle: [UInt8]) -> Bool {
    guard let first = needle.first else { return true }
    guard count >= needle.count else { return false }
    for start in 0...(count - needle.count) where self[start] == first {
      if self[start..<(start + needle.count)].elementsEqual(needle) { return true }
    }
    return false
  }
}
