/// One expectation of an answer, in the syntax that Gatus' users know: `[STATUS] == 200`,
/// `[RESPONSE_TIME] < 300ms`, `[BODY].status == healthy`, `[CONNECTED] == true`, `[HEADER].x-version == pat(1.*)`,
/// `[STATUS] == any(200, 204)`, `len([BODY].items) > 0`, `has([BODY].error) == false`, `[CERTIFICATE_EXPIRATION] > 48h`.
/// - Source: Gatus 5, “Conditions”, and how it compares: integers of any base by value, all else as texts; what is a
///   number in JSON is one here.
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
    /// Milliseconds until the certificate expires.
    case certificate
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
      case .equal: isEqual(result)
      case .notEqual: isThere(left, in: result) && isThere(right, in: result) && !isEqual(result)
      case .below: order(observed, value(of: right, in: result)).map { $0 < 0 } ?? false
      case .atMost: order(observed, value(of: right, in: result)).map { $0 <= 0 } ?? false
      case .above: order(observed, value(of: right, in: result)).map { $0 > 0 } ?? false
      case .atLeast: order(observed, value(of: right, in: result)).map { $0 >= 0 } ?? false
      }
    let shown =
      switch left {
      case .literal, .pattern, .any: value(of: right, in: result)
      default: observed
      }
    return Outcome(condition: text, isMet: isMet, observed: shown.map { String($0.text.prefix(80)) })
  }

  /// Something to compare.
  struct Value {
    var text: String
    /// It is a number where it comes from, and no text that looks like one.
    var isNumber = false
  }

  /// Below, at or above 0 as the left number is below, at or above the right one, whole ones exactly; nil where one is
  /// none.
  private func order(_ left: Value?, _ right: Value?) -> Int? {
    guard let left = left?.text, let right = right?.text else { return nil }
    if let left = ConditionNumber.integer(left), let right = ConditionNumber.integer(right) {
      return left < right ? -1 : left > right ? 1 : 0
    }
    guard let left = ConditionNumber.number(left), let right = ConditionNumber.number(right) else { return nil }
    return left < right ? -1 : left > right ? 1 : 0
  }

  private func isThere(_ operand: Operand, in result: ProbeResult) -> Bool {
    switch operand {
    case .pattern, .any: true
    default: value(of: operand, in: result) != nil
    }
  }

  private func isEqual(_ result: ProbeResult) -> Bool {
    switch (left, right) {
    case (.pattern, .pattern), (.any, .any): false
    case (.pattern, let other), (.any, let other): matches(value(of: other, in: result), left, in: result)
    default: matches(value(of: left, in: result), right, in: result)
    }
  }

  private func matches(_ observed: Value?, _ operand: Operand, in result: ProbeResult) -> Bool {
    switch operand {
    case .any(let choices): return choices.contains { matches(observed, $0, in: result) }
    case .pattern(let pattern): return observed.map { Glob.matches(pattern, $0.text) } ?? false
    default:
      guard let observed, let wanted = value(of: operand, in: result) else { return false }
      if observed.text == wanted.text { return true }
      if let left = ConditionNumber.integer(observed.text), let right = ConditionNumber.integer(wanted.text) {
        return left == right
      }
      if let left = UInt64(observed.text), let right = UInt64(wanted.text) { return left == right }
      guard observed.isNumber || wanted.isNumber, let left = Double(observed.text), let right = Double(wanted.text)
      else {
        return false
      }
      return left == right
    }
  }

  private func value(of operand: Operand, in result: ProbeResult) -> Value? {
    func number(_ value: Int?) -> Value? { value.map { Value(text: "\($0)", isNumber: true) } }
    switch operand {
    case .status: return number(result.status)
    case .responseTime:
      return result.status == nil ? nil : Value(text: "\(result.phases.totalMilliseconds)", isNumber: true)
    case .connected: return Value(text: result.isConnected ? "true" : "false")
    case .address: return result.address.map { Value(text: $0) }
    case .certificate:
      return result.certificateSeconds.map { Value(text: "\(Int(($0 * 1_000).rounded()))", isNumber: true) }
    case .body(let path):
      if path.isEmpty { return result.status == nil ? nil : Value(text: String(decoding: result.body, as: UTF8.self)) }
      guard let value = JSONValue(result.body)?[path] else { return nil }
      switch value {
      case .integer, .unsigned, .number: return Value(text: value.text, isNumber: true)
      default: return Value(text: value.text)
      }
    case .header(let name): return result.header(name).map { Value(text: $0) }
    case .length(.body(let path)):
      return number(
        path.isEmpty ? JSONValue(result.body)?.count ?? result.body.count : JSONValue(result.body)?[path]?.count)
    case .length(let inner): return number(value(of: inner, in: result)?.text.count)
    case .exists(let inner): return Value(text: value(of: inner, in: result) == nil ? "false" : "true")
    case .literal(let text): return Value(text: text)
    case .pattern, .any: return nil
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
