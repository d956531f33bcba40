/// A parameter of a statement: sent beside its text, never within it.
package enum PostgresValue: Sendable, Equatable {
  case null
  case text(String)
  case integer(Int64)
  case real(Double)
  case boolean(Bool)
  /// An array of any type that has a text form; nil is NULL.
  case array([String?])

  package static func text(_ value: String?) -> PostgresValue { value.map { .text($0) } ?? .null }
  package static func real(_ value: Double?) -> PostgresValue { value.map { .real($0) } ?? .null }
  package static func integers(_ values: [Int64]) -> PostgresValue { .array(values.map { String($0) }) }
  package static func reals(_ values: [Double]) -> PostgresValue { .array(values.map { "\($0)" }) }

  /// The server's text form; nil is NULL. Source: PostgreSQL manual, "Array Input and Output Syntax".
  var encoded: String? {
    switch self {
    case .null: nil
    case .text(let text): text
    case .integer(let number): String(number)
    case .real(let number): "\(number)"
    case .boolean(let value): value ? "t" : "f"
    case .array(let elements): "{" + elements.map(Self.element).joined(separator: ",") + "}"
    }
  }

  private static func element(_ text: String?) -> String {
    guard let text else { return "NULL" }
    var quoted = "\""
    quoted.reserveCapacity(text.utf8.count + 2)
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}

/// A statement's text. It is written as a literal without interpolation, so that no value gets into it by mistake.
package struct PostgresSQL: Sendable, Hashable, ExpressibleByStringLiteral {
  package let text: String

  package init(stringLiteral text: String) { self.text = text }

  /// For text that is put together from names which the program knows; never from anything that came from outside.
  package init(trusted text: String) { self.text = text }
}
