package import Matching

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
    case json(JSONPath, Comparison, JSONValue)
    /// The body holds these bytes.
    case bodyContains([UInt8])
    /// The body holds a match.
    case bodyMatches(BoundedRegex)
    /// A header's first value; the name in lower case.
    case header([UInt8], Comparison, JSONValue)
    /// The body's bytes.
    case size(Comparison, Double)
    /// Nanoseconds from the intended start.
    case duration(Comparison, Double)
    /// A value is found and kept for later requests. Where it isn't, the iteration ends as failed.
    case captured(CapturePlan)
  }
}

/// Where a value is found, and the slot that it is kept in.
package struct CapturePlan: Sendable {
  package var slot: Int
  package var source: Source
  /// Where nothing is found the slot is emptied, and the iteration goes on.
  package var isOptional: Bool
  /// As the author calls it.
  package var name: String
  /// Its number is counted: where in `StepMeasure.captured`.
  package var measuredAt: Int?

  /// Of a histogram's steps there are so many to a number's 1.
  package static let scale = 1_000.0

  package init(
    slot: Int, source: Source, isOptional: Bool = false, name: String = "", measuredAt: Int? = nil
  ) {
    self.slot = slot
    self.source = source
    self.isOptional = isOptional
    self.name = name
    self.measuredAt = measuredAt
  }

  package enum Source: Sendable {
    /// A string, number, boolean or null of the body.
    case json(JSONPath)
    /// The first group of the first match in the body, or the whole match where there is no group.
    case regex(BoundedRegex)
    /// A header's first value; the name in lower case.
    case header([UInt8])
    /// A cookie that the response sets.
    case cookie([UInt8])
  }

  /// The value's text; nil when there is none.
  func value(in view: ResponseView) -> [UInt8]? {
    switch source {
    case .json(let path):
      guard let body = view.body, let value = JSONScanner.value(at: path, in: body) else { return nil }
      return value.text
    case .regex(let pattern):
      guard let body = view.body, let range = pattern.firstMatch(in: body) else { return nil }
      return Array(body[range])
    case .header(let name):
      return view.head.values(of: name).first
    case .cookie(let name):
      var jar = CookieJar()
      for field in view.head.values(of: Array("set-cookie".utf8)) { jar.set(field) }
      return jar[name]
    }
  }
}
