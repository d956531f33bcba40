import BenchEngine
import Documents
import Matching

/// What a JSON check expects: `> 0`, `exists`, `!= "5"`, `healthy`.
struct CheckExpression {
  var comparison: Comparison
  var scalar: JSONValue
  /// What is compared with, as it was written: quotes taken off.
  var operand: String
  /// As labels show it.
  var text: String

  /// Without an operator the value itself is expected: a number, `true`, `false` and `null` as JSON has them, other
  /// words as text. Quotes after an operator make a text of anything.
  /// - Parameter isText: the author quoted it, so that without an operator it is a text.
  /// - Returns: nil when an ordering has no number to compare with.
  static func parse(_ expression: String, isText: Bool) -> CheckExpression? {
    let trimmed = Substring(expression).trimmed
    if trimmed == "exists" { return CheckExpression(comparison: .exists, scalar: .null, operand: "", text: "exists") }
    guard let (comparison, rest) = Comparison.leading(trimmed) else {
      let value = isText ? JSONValue.string(Array(expression.utf8)) : scalar(trimmed)
      return CheckExpression(
        comparison: .equal, scalar: value, operand: isText ? expression : String(trimmed),
        text: "is \(expression.excerpt)")
    }
    let operand = rest.trimmed
    let value = scalar(operand)
    if comparison.isOrder {
      guard case .number = value else { return nil }
    }
    guard !operand.isEmpty else { return nil }
    return CheckExpression(
      comparison: comparison, scalar: value, operand: String(unquoted(operand) ?? operand),
      text: "\(comparison.rawValue) \(String(operand).excerpt)")
  }

  private static func scalar(_ text: Substring) -> JSONValue {
    if let inside = unquoted(text) { return .string(Array(inside.utf8)) }
    let plain = DocumentScalar(text: String(text))
    if plain.isNull { return .null }
    if let boolean = plain.boolean { return .bool(boolean) }
    if let number = JSONNumeral(text.utf8) { return .number(number) }
    return .string(Array(text.utf8))
  }

  private static func unquoted(_ text: Substring) -> Substring? {
    guard text.count >= 2, let quote = text.first, quote == "\"" || quote == "'", text.last == quote else { return nil }
    return text.dropFirst().dropLast()
  }

  /// For a header, which is a text whatever it looks like: only an order is one of numbers.
  var headerScalar: JSONValue {
    comparison == .equal || comparison == .notEqual ? .string(Array(operand.utf8)) : scalar
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

extension StatusRange {
  /// As labels show it: `200` or `200..299`.
  var text: String { lowest == highest ? "\(lowest)" : "\(lowest)..\(highest)" }

  /// Reads `200` or `200..299`, within 100...599.
  static func parse(_ text: String) -> StatusRange? {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false)
      .map { $0.count == 3 && $0.allSatisfy { ("0"..."9").contains($0) } ? Int($0) : nil }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
      (100...599).contains(first), (100...599).contains(last), first <= last
    else { return nil }
    return StatusRange(first, last)
  }
}
