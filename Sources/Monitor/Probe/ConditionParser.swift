import Foundation
import Matching
import Wording

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
  private static let placeholders = [
    "[STATUS]", "[RESPONSE_TIME]", "[BODY]", "[CONNECTED]", "[HEADER]", "[IP]",
    "[CERTIFICATE_EXPIRATION]",
  ]

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
    if Self.isFixed(left), Self.isFixed(right) {
      throw ConditionError(
        column: leftColumn, what: "two fixed values",
        expected: Spelling.alternatives(Self.placeholders.map { $0 == "[HEADER]" ? "[HEADER].name" : $0 })
          + " on a side")
    }
    if comparison.isOrder {
      for (operand, column) in [(left, leftColumn), (right, rightColumn)] {
        switch operand {
        case .literal(let value) where ConditionNumber.number(value) == nil:
          throw ConditionError(
            column: column, what: "'\(value.prefix(40))' beside \(comparison.rawValue)",
            expected: "a number (of milliseconds, for times) or a duration such as 300ms or 48h")
        case .pattern, .any:
          throw ConditionError(
            column: column, what: "pat(…) or any(…) beside \(comparison.rawValue)",
            expected: "a number, or == between them")
        default: break
        }
      }
    }
    return Condition(text: text, left: left, comparison: comparison, right: right)
  }

  private static func isFixed(_ operand: Condition.Operand) -> Bool {
    switch operand {
    case .literal, .pattern, .any: true
    default: false
    }
  }

  private mutating func comparison() throws(ConditionError) -> Comparison {
    let rest = String(characters[index...])
    guard let found = Comparison.leading(rest[...])?.comparison else {
      throw problem("'\(rest.prefix(10))'", "a comparison: ==, !=, <, <=, > or >=")
    }
    index += found.rawValue.count
    return found
  }

  private mutating func operand(isRight: Bool = false) throws(ConditionError) -> Condition.Operand {
    if take("len(") { return .length(try inner()) }
    if take("has(") { return .exists(try inner()) }
    if take("pat(") {
      let start = index
      // On the left the comparison follows; on the right everything to the end belongs to it.
      let end =
        isRight ? characters[index...].lastIndex(of: ")") : characters[index...].firstIndex(of: ")")
      guard let end else { throw problem("the end", "')' after pat(") }
      index = end + 1
      return .pattern(Self.unquoted(String(characters[start..<end]).trimmingCharacters(in: .whitespaces)))
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
      let start = index
      if let quote = peek, quote == "\"" || quote == "'", let end = characters[(index + 1)...].firstIndex(of: quote) {
        index = end + 1
      }
      while let next = peek, next != ",", next != ")" { index += 1 }
      let choice = String(characters[start..<index]).trimmingCharacters(in: .whitespaces)
      guard !choice.isEmpty else { throw problem(found, "a value in any(…)") }
      choices.append(.literal(Self.unquoted(choice)))
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
    case "[CERTIFICATE_EXPIRATION]": return .certificate
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

  private mutating func path() throws(ConditionError) -> JSONPath {
    var path = JSONPath(components: [])
    while true {
      if take(".") {
        let key = word { !$0.isWhitespace && !".[]()=!<>,".contains($0) }
        guard !key.isEmpty else { throw problem(found, "a key after '.'") }
        path.components.append(.key(Array(key.utf8)))
      } else if take("[") {
        let digits = word(\.isNumber)
        guard let number = Int(digits), take("]") else { throw problem(found, "an index such as [0]") }
        path.components.append(.index(number))
      } else {
        return path
      }
    }
  }

  /// Up to the comparison on the left, up to the end on the right; quotes around it are taken off.
  private mutating func literal(isRight: Bool) throws(ConditionError) -> String {
    let raw: String
    if isRight {
      raw = word { _ in true }.trimmingCharacters(in: .whitespaces)
    } else if let quote = peek, quote == "\"" || quote == "'",
      let end = characters[(index + 1)...].firstIndex(of: quote)
    {
      raw = String(characters[index...end])
      index = end + 1
    } else {
      raw = word { !$0.isWhitespace && !"=!<>".contains($0) }
    }
    guard !raw.isEmpty else { throw problem(found, "a placeholder or a value") }
    return Self.unquoted(raw)
  }

  /// Without the quotes around it, as people write them in YAML.
  private static func unquoted(_ text: String) -> String {
    guard text.count >= 2, let quote = text.first, quote == "\"" || quote == "'", text.last == quote else {
      return text
    }
    return String(text.dropFirst().dropLast())
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
