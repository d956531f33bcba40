/// Why a budget can't be judged. The place is an offset into the part of the text that is wrong.
package struct BudgetError: Error, Sendable, Equatable, CustomStringConvertible {
  package var code: Code
  package var part: Part
  /// Characters from the start of the part.
  package var offset: Int
  package var what: String
  package var expected: String

  package init(_ code: Code, part: Part, offset: Int, what: String, expected: String) {
    self.code = code
    self.part = part
    self.offset = offset
    self.what = what
    self.expected = expected
  }

  package enum Code: Sendable, Equatable {
    case syntax, unknownMetric, unknownTag, unknownMethod, unit
    /// Well-formed, but no step, journey or check is called that.
    case unknownTarget
  }

  package enum Part: Sendable, Equatable {
    /// `response_time{step:schedules}`
    case selector
    /// `p(95) < 300ms over 30s`
    case condition
    /// Both in one text, as on a command line.
    case whole
  }

  package var description: String {
    let place = part == .whole ? "column \(offset + 1): " : ""
    return "\(place)\(what), expected \(expected)"
  }
}
