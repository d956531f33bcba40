import Foundation
import Matching

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

  indirect enum Operand: Sendable, Equatable {
    case status
    /// Milliseconds to the last byte.
    case responseTime
    case connected
    case address
    /// Milliseconds until the certificate expires.
    case certificate
    /// The whole body where the path has no part.
    case body(JSONPath)
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
      case .exists: isThere(left, in: result)
      case .less, .lessOrEqual, .greater, .greaterOrEqual: isInOrder(observed, value(of: right, in: result))
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

  /// Whole numbers are compared exactly; what is no number is in no order.
  private func isInOrder(_ left: Value?, _ right: Value?) -> Bool {
    guard let left = left?.text, let right = right?.text else { return false }
    if let left = ConditionNumber.integer(left), let right = ConditionNumber.integer(right) {
      return comparison.holds(left, right)
    }
    guard let left = ConditionNumber.number(left), let right = ConditionNumber.number(right) else { return false }
    return comparison.holds(left, right)
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
      guard observed.isNumber || wanted.isNumber, let left = JSONNumeral(lenient: Array(observed.text.utf8)),
        let right = JSONNumeral(lenient: Array(wanted.text.utf8))
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
      if path.components.isEmpty {
        return result.status == nil ? nil : Value(text: String(decoding: result.body, as: UTF8.self))
      }
      guard result.isJSON, let value = path.value(in: result.body), let text = path.text(in: result.body) else {
        return nil
      }
      if case .number = value { return Value(text: String(decoding: text, as: UTF8.self), isNumber: true) }
      return Value(text: String(decoding: text, as: UTF8.self))
    case .header(let name): return result.header(name).map { Value(text: $0) }
    case .length(let inner):
      guard let whole = value(of: inner, in: result) else { return nil }
      guard case .body(let path) = inner else { return number(whole.text.count) }
      switch result.isJSON ? path.value(in: result.body) : nil {
      case .array(let count), .object(let count): return number(count)
      case nil: return number(result.body.count)
      default: return number(path.components.isEmpty ? result.body.count : whole.text.count)
      }
    case .exists(let inner): return Value(text: value(of: inner, in: result) == nil ? "false" : "true")
    case .literal(let text): return Value(text: text)
    case .pattern, .any: return nil
    }
  }
}

extension ProbeResult {
  /// Whether the whole body is JSON: half an answer is healthy in no part.
  fileprivate var isJSON: Bool {
    (try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)) != nil
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
