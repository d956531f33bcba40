package import AppDomain

/// A value of a statement or of a table, the same on both databases. Dates are text, `2026-11-23`.
package enum SQLValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)

  package static func integer(_ number: Int) -> SQLValue { .integer(Int64(number)) }
  package static func real(_ number: Double?) -> SQLValue { number.map { .real($0) } ?? .null }
  package static func text(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
  package static func date(_ day: CalendarDay) -> SQLValue { .text(day.iso8601) }

  /// Decimal text that reads back as the same value; nil for NULL.
  package var text: String? {
    switch self {
    case .null: nil
    case .integer(let number): String(number)
    case .real(let number): "\(number)"
    case .text(let text): text
    }
  }
}
