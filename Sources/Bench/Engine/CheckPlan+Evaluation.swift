extension CheckPlan {
  /// Whether the check needs the response's body kept.
  var needsBody: Bool {
    switch subject {
    case .status, .header, .size, .duration: return false
    case .json, .bodyContains, .bodyMatches: return true
    case .captured(let capture):
      switch capture.source {
      case .json, .regex: return true
      case .header, .cookie: return false
      }
    }
  }

  /// Whether the check needs the response's head kept.
  var needsHead: Bool {
    switch subject {
    case .status, .json, .bodyContains, .bodyMatches, .size, .duration: return false
    case .header: return true
    case .captured(let capture):
      switch capture.source {
      case .json, .regex: return false
      case .header, .cookie: return true
      }
    }
  }

  func holds(_ view: ResponseView) -> Bool {
    switch subject {
    case .status(let ranges):
      return ranges.contains { $0.contains(view.status) }
    case .bodyContains(let needle):
      guard let body = view.body else { return false }
      return body.contains(needle)
    case .bodyMatches(let pattern):
      guard let body = view.body else { return false }
      return pattern.firstMatch(in: body) != nil
    case .json(let path, let comparison, let expected):
      guard let body = view.body, let value = JSONScanner.value(at: path, in: body) else { return false }
      return comparison.holds(value, expected)
    case .header(let name, let comparison, let expected):
      guard let value = view.head.values(of: name).first else { return false }
      return comparison.holds(JSONScanner.Value(value, like: expected), expected)
    case .size(let comparison, let bytes):
      return comparison.holds(Double(view.bodyBytes), bytes)
    case .duration(let comparison, let nanoseconds):
      return comparison.holds(Double(view.duration), nanoseconds)
    case .captured(let capture):
      return capture.value(in: view) != nil
    }
  }
}

extension CheckPlan.Comparison {
  func holds(_ value: JSONScanner.Value, _ expected: JSONScalar) -> Bool {
    switch self {
    case .exists: return true
    case .equal: return value.equals(expected)
    case .notEqual: return !value.equals(expected)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard case .number(let left) = value, case .number(let right) = expected else { return false }
      return holds(left, right)
    }
  }

  func holds<Number: Comparable>(_ left: Number, _ right: Number) -> Bool {
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

extension JSONScanner.Value {
  /// A header's text: as a number where one is expected and it is one.
  init(_ text: [UInt8], like expected: JSONScalar) {
    if case .number = expected, let number = JSONNumeral(lenient: text) {
      self = .number(number)
    } else {
      self = .string(text)
    }
  }

  /// A scalar as text, a number as it was written; nil for objects and arrays.
  var text: [UInt8]? {
    switch self {
    case .string(let bytes): bytes
    case .number(let number): number.text
    case .bool(let flag): Array((flag ? "true" : "false").utf8)
    case .null: Array("null".utf8)
    case .object, .array: nil
    }
  }

  func equals(_ scalar: JSONScalar) -> Bool {
    switch (self, scalar) {
    case (.string(let left), .string(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.bool(let left), .bool(let right)): left == right
    case (.null, .null): true
    default: false
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  func contains(_ needle: [UInt8]) -> Bool {
    guard let first = needle.first else { return true }
    guard count >= needle.count else { return false }
    for start in 0...(count - needle.count) where self[start] == first {
      if self[start..<(start + needle.count)].elementsEqual(needle) { return true }
    }
    return false
  }
}

extension JSONPath {
  /// The text of the scalar there; nil when there is none.
  package func scalarText(in json: [UInt8]) -> [UInt8]? {
    json.withUnsafeBufferPointer { JSONScanner.value(at: self, in: $0)?.text }
  }
}
