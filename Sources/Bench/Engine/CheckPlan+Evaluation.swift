extension CheckPlan {
  /// Whether the check needs the response's body kept.
  var needsBody: Bool {
    if case .status = subject { false } else { true }
  }

  /// - Parameter body: the whole body; nil when it was larger than the engine keeps.
  func holds(status: Int, body: UnsafeBufferPointer<UInt8>?) -> Bool {
    switch subject {
    case .status(let ranges):
      return ranges.contains { $0.contains(status) }
    case .bodyContains(let needle):
      guard let body else { return false }
      return body.contains(needle)
    case .json(let path, let comparison, let expected):
      guard let body, let value = JSONScanner.value(at: path, in: body) else { return false }
      return comparison.holds(value, expected)
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
      return switch self {
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      default: left >= right
      }
    }
  }
}

extension JSONScanner.Value {
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
