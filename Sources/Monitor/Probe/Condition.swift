/// One expectation of an answer, in the syntax that Gatus' users know: `[STATUS] == 200`,
/// `[RESPONSE_TIME] < 300`, `[BODY].status == healthy`, `[CONNECTED] == true`, `[HEADER].x-version == pat(1.*)`,
/// `[STATUS] == any(200, 204)`, `len([BODY].items) > 0`, `has([BODY].error) == false`.
package struct Condition: Sendable, Equatable {
  /// As written.
  package var text: String
  var left: Operand
  var comparison: Comparison
  var right: Operand

  enum Comparison: String, Sendable, CaseIterable {
    case equal = "=="
    case notEqual = "!="
    case atMost = "<="
    case atLeast = ">="
    case below = "<"
    case above = ">"
  }

  indirect enum Operand: Sendable, Equatable {
    case status
    /// Milliseconds to the last byte.
    case responseTime
    case connected
    case address
    case body([JSONValue.Step])
    case header(String)
    case length(Operand)
    case exists(Operand)
    case literal(String)
    case pattern(String)
    case any([Operand])
  }

  /// How a condition came out.
  package struct Outcome: Sendable, Equatable {
    package var condition: String
    package var isMet: Bool
    /// The left side's value, shortened; nil when there was none.
    package var observed: String?
  }

  /// Judges an answer, or the lack of one.
  package func evaluate(_ result: ProbeResult) -> Outcome {
    let observed = value(of: left, in: result)
    let isMet =
      switch comparison {
      case .equal: matches(observed, right, in: result)
      case .notEqual: observed != nil && !matches(observed, right, in: result)
      case .below: order(observed, value(of: right, in: result)).map { $0 < 0 } ?? false
      case .atMost: order(observed, value(of: right, in: result)).map { $0 <= 0 } ?? false
      case .above: order(observed, value(of: right, in: result)).map { $0 > 0 } ?? false
      case .atLeast: order(observed, value(of: right, in: result)).map { $0 >= 0 } ?? false
      }
    return Outcome(condition: text, isMet: isMet, observed: observed.map { String($0.prefix(80)) })
  }

  /// Below, at or above 0 as the left number is below, at or above the right one; nil where one is none.
  private func order(_ left: String?, _ right: String?) -> Int? {
    guard let left, let right else { return nil }
    if let left = Int64(left), let right = Int64(right) { return left < right ? -1 : left > right ? 1 : 0 }
    guard let left = Double(left), let right = Double(right), !left.isNaN, !right.isNaN else { return nil }
    return left < right ? -1 : left > right ? 1 : 0
  }

  private func matches(_ observed: String?, _ operand: Operand, in result: ProbeResult) -> Bool {
    switch operand {
    case .any(let choices): return choices.contains { matches(observed, $0, in: result) }
    case .pattern(let pattern): return observed.map { Glob.matches(pattern, $0) } ?? false
    default:
      guard let observed, let wanted = value(of: operand, in: result) else { return false }
      if isText(left, in: result) || isText(operand, in: result) { return observed == wanted }
      return Self.isSame(observed, wanted)
    }
  }

  /// A text is compared as one, whatever it looks like: version 1.10 is not 1.1.
  private func isText(_ operand: Operand, in result: ProbeResult) -> Bool {
    switch operand {
    case .header: return true
    case .body(let path) where !path.isEmpty:
      if case .string? = JSONValue(result.body)?[path] { return true }
      return false
    default: return false
    }
  }

  /// Numbers by their value, whole ones exactly; everything else as it is written.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    if let one = Int64(one), let other = Int64(other) { return one == other }
    if let one = UInt64(one), let other = UInt64(other) { return one == other }
    guard let one = Double(one), let other = Double(other) else { return false }
    return one == other
  }

  private func value(of operand: Operand, in result: ProbeResult) -> String? {
    switch operand {
    case .status: result.status.map(String.init)
    case .responseTime: result.status == nil ? nil : "\(result.phases.totalMilliseconds)"
    case .connected: result.isConnected ? "true" : "false"
    case .address: result.address
    case .body(let path):
      path.isEmpty
        ? (result.status == nil ? nil : String(decoding: result.body, as: UTF8.self))
        : JSONValue(result.body)?[path]?.text
    case .header(let name): result.header(name)
    case .length(.body(let path)):
      path.isEmpty
        ? JSONValue(result.body).map { "\($0.count)" } ?? "\(result.body.count)"
        : JSONValue(result.body)?[path].map { "\($0.count)" }
    case .length(let inner): value(of: inner, in: result).map { "\($0.count)" }
    case .exists(let inner): value(of: inner, in: result) == nil ? "false" : "true"
    case .literal(let text): text
    case .pattern, .any: nil
    }
  }
}

/// `*` stands for any text.
enum Glob {
  static func matches(_ pattern: String, _ text: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last, parts.count > 1 else { return pattern == text }
    guard text.hasPrefix(first) else { return false }
    var rest = text.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.count >= last.count && rest.hasSuffix(last)
  }
}
