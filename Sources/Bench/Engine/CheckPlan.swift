/// One expectation on a response. A failed check is counted in `checks`; it does not make a request `failed`.
package struct CheckPlan: Sendable {
  /// As reports show it, such as `status is 200` or `$.count > 0`.
  package var label: String
  package var subject: Subject

  package init(label: String, subject: Subject) {
    self.label = label
    self.subject = subject
  }

  package enum Subject: Sendable {
    case status([StatusRange])
    /// The body's value at `path` compared with `expected`.
    case json(JSONPath, Comparison, JSONScalar)
    /// The body holds these bytes.
    case bodyContains([UInt8])
  }

  /// Ordering comparisons hold between numbers only; `exists` ignores the expected value.
  package enum Comparison: Sendable, Equatable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, exists
  }
}

package enum JSONScalar: Sendable, Equatable {
  case string([UInt8])
  case number(Double)
  case bool(Bool)
  case null
}

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
}
