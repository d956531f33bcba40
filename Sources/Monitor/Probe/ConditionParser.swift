import Foundation
import Support

/// Why a condition can't be read.
package struct ConditionError: Error, Sendable, CustomStringConvertible {
  /// From 1, in characters.
  package var column: Int
  package var what: String
  package var expected: String

  package var description: String { "\(what), expected \(expected)" }
}

extension Condition {
  /// The longest condition that is read.
  package static let maximumLength = 500

  /// - Throws: `ConditionError` with the column.
  package init(parsing text: String) throws(ConditionError) {
    var parser = ConditionParser(text)
    self = try parser.condition()
  }
}

private struct ConditionParser {
  private static let placeholders = ["[STATUS]", "[RESPONSE_TIME]", "[BODY]", "[CONNECTED]", "[HEADER]", "[IP]"]

  private let text: String
  private let characters: [Character]
  private var index = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  mutating func condition() throws(ConditionError) -> Condition {
    guard characters.count <= Condition.maximumLength else {
      throw ConditionError(
        column: 1, what: "a condition of \(characters.count) characters",
        expected: "at most \(Condition.maximumLength)")
    }
    skipSpaces()
    let leftColumn = index + 1
    let left = try operand()
    switch left {
    case .literal, .pattern, .any:
      throw ConditionError(
        column: leftColumn, what: "a fixed value on the left",
        expected: Spelling.alternatives(Self.placeholders.map { $0 == "[HEADER]" ? "[HEADER].name" : $0 }))
    default: break
    }
    skipSpaces()
    if index == characters.count {
      // `[CONNECTED]` and `has(…)` speak for themselves.
      switch left {
      case .connected, .exists: return Condition(text: text, left: left, comparison: .equal, right: .literal("true"))
      default: throw problem("the end", "a comparison: ==, !=, <, <=, > or >=")
      }
    }
    let comparison = try comparison()
    skipSpaces()
    guard index < characters.count else { throw problem("the end", "what to compare with, such as 200") }
    let rightColumn = index + 1
    let right = try operand(isRight: true)
    skipSpaces()
    guard index == characters.count else {
      throw problem("'\(String(characters[index...].prefix(20)))' after the condition", "nothing more")
    }
    if comparison != .equal, comparison != .notEqual {
      switch right {
      case .literal(let value) where Double(value) == nil:
        throw ConditionError(
          column: rightColumn, what: "'\(value.prefix(40))' after \(comparison.rawValue)",
          expected: "a number (response times are in milliseconds)")
      case .pattern, .any:
        throw ConditionError(
          column: rightColumn, what: "pat(…) or any(…) after \(comparison.rawValue)",
          expected: "a number, or == before it")
      default: break
      }
    }
    return Condition(text: text, left: left, comparison: comparison, right: right)
  }

  private mutating func comparison() throws(ConditionError) -> Condition.Comparison {
    // The cases are ordered so that `<=` is tried before `<`.
    for candidate in Condition.Comparison.allCases where take(candidate.rawValue) { return candidate }
    throw problem("'\(String(characters[index...].prefix(10)))'", "a comparison: ==, !=, <, <=, > or >=")
  }

  private mutating func operand(isRight: Bool = false) throws(ConditionError) -> Condition.Operand {
    if take("len(") { return .length(try inner()) }
    if take("has(") { return .exists(try inner()) }
    if take("pat(") {
      let start = index
      guard let end = characters[index...].lastIndex(of: ")") else { throw problem("the end", "')' after pat(") }
      index = end + 1
      return .pattern(String(characters[start..<end]))
    }
    if take("any(") { return .any(try choices()) }
    if peek == "[" { return try placeholder() }
    return .literal(try literal(isRight: isRight))
  }

  private mutating func inner() throws(ConditionError) -> Condition.Operand {
    skipSpaces()
    let operand = try placeholder()
    skipSpaces()
    guard take(")") else { throw problem(found, "')'") }
    return operand
  }

  private mutating func choices() throws(ConditionError) -> [Condition.Operand] {
    var choices: [Condition.Operand] = []
    while true {
      skipSpaces()
      if let quote = peek, quote == "\"" || quote == "'",
        let end = characters[(index + 1)...].firstIndex(of: quote)
      {
        choices.append(.literal(String(characters[(index + 1)..<end])))
        index = end + 1
        skipSpaces()
      } else {
        let start = index
        while let next = peek, next != ",", next != ")" { index += 1 }
        let choice = String(characters[start..<index]).trimmingCharacters(in: .whitespaces)
        guard !choice.isEmpty else { throw problem(found, "a value in any(…)") }
        choices.append(.literal(choice))
      }
      if take(")") { return choices }
      guard take(",") else { throw problem("the end", "')' after any(") }
    }
  }

  private mutating func placeholder() throws(ConditionError) -> Condition.Operand {
    let start = index
    guard peek == "[", let end = characters[index...].firstIndex(of: "]") else {
      throw problem(found, Spelling.alternatives(Self.placeholders))
    }
    let name = String(characters[start...end])
    index = end + 1
    switch name {
    case "[STATUS]": return .status
    case "[RESPONSE_TIME]": return .responseTime
    case "[CONNECTED]": return .connected
    case "[IP]": return .address
    case "[BODY]": return .body(try path())
    case "[HEADER]":
      guard take(".") else { throw problem(found, "'.' and a header's name") }
      let name = word { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
      guard !name.isEmpty else { throw problem(found, "a header's name") }
      return .header(name.lowercased())
    default:
      let near = Spelling.closest(to: name, among: Self.placeholders)
      throw ConditionError(
        column: start + 1, what: "unknown placeholder '\(name.prefix(40))'",
        expected: near ?? Spelling.alternatives(Self.placeholders))
    }
  }

  private mutating func path() throws(ConditionError) -> [JSONValue.Step] {
    var steps: [JSONValue.Step] = []
    while true {
      if take(".") {
        let key = word { !$0.isWhitespace && !".[]()=!<>,".contains($0) }
        guard !key.isEmpty else { throw problem(found, "a key after '.'") }
        steps.append(.key(key))
      } else if take("[") {
        let digits = word(\.isNumber)
        guard let number = Int(digits), take("]") else { throw problem(found, "an index such as [0]") }
        steps.append(.index(number))
      } else {
        return steps
      }
    }
  }

  /// Up to the comparison on the left, up to the end on the right; quotes around it are taken off.
  private mutating func literal(isRight: Bool) throws(ConditionError) -> String {
    let raw =
      isRight
      ? word { _ in true }.trimmingCharacters(in: .whitespaces)
      : word { !$0.isWhitespace && !"=!<>".contains($0) }
    guard !raw.isEmpty else { throw problem(found, "a placeholder or a value") }
    guard raw.count >= 2, let quote = raw.first, quote == "\"" || quote == "'", raw.last == quote else { return raw }
    return String(raw.dropFirst().dropLast())
  }

  private var peek: Character? { index < characters.count ? characters[index] : nil }
  private var found: String { peek.map { "'\($0)'" } ?? "the end" }

  private mutating func take(_ token: String) -> Bool {
    guard characters[index...].starts(with: token) else { return false }
    index += token.count
    return true
  }

  private mutating func word(_ belongs: (Character) -> Bool) -> String {
    let start = index
    while let next = peek, belongs(next) { index += 1 }
    return String(characters[start..<index])
  }

  private mutating func skipSpaces() {
    while let next = peek, next.isWhitespace { index += 1 }
  }

  private func problem(_ what: String, _ expected: String) -> ConditionError {
    ConditionError(column: index + 1, what: what, expected: expected)
  }
}
