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
      case .below: compare(observed, value(of: right, in: result), <)
      case .atMost: compare(observed, value(of: right, in: result), <=)
      case .above: compare(observed, value(of: right, in: result), >)
      case .atLeast: compare(observed, value(of: right, in: result), >=)
      }
    return Outcome(condition: text, isMet: isMet, observed: observed.map { String($0.prefix(80)) })
  }

  private func compare(_ left: String?, _ right: String?, _ holds: (Double, Double) -> Bool) -> Bool {
    guard let left = left.flatMap(Double.init), let right = right.flatMap(Double.init) else { return false }
    return holds(left, right)
  }

  private func matches(_ observed: String?, _ operand: Operand, in result: ProbeResult) -> Bool {
    switch operand {
    case .any(let choices): return choices.contains { matches(observed, $0, in: result) }
    case .pattern(let pattern): return observed.map { Glob.matches(pattern, $0) } ?? false
    default:
      guard let observed, let wanted = value(of: operand, in: result) else { return false }
      if let left = Double(observed), let right = Double(wanted) { return left == right }
      return observed == wanted
    }
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
