package import AppDomain

/// A value of a statement or of a table, the same on both databases. Dates are text, `2026-11-23`.
package enum SQLValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)

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

/// What is kept in one column.
package protocol SQLConvertible {
  var sqlValue: SQLValue { get }

  /// Nil for NULL, and for what is no such value.
  init?(_ row: any SQLRow, _ column: Int)
}

extension Optional<any SQLConvertible> {
  var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

extension String: SQLConvertible {
  package var sqlValue: SQLValue { .text(self) }

  package init?(_ row: any SQLRow, _ column: Int) {
    guard let text = row.text(column) else { return nil }
    self = text
  }
}

extension Int64: SQLConvertible {
  package var sqlValue: SQLValue { .integer(self) }

  package init?(_ row: any SQLRow, _ column: Int) {
    guard let number = row.integer(column) else { return nil }
    self = number
  }
}

extension Int: SQLConvertible {
  package var sqlValue: SQLValue { .integer(Int64(self)) }

  package init?(_ row: any SQLRow, _ column: Int) {
    guard let number = row.integer(column) else { return nil }
    self.init(exactly: number)
  }
}

extension Double: SQLConvertible {
  package var sqlValue: SQLValue { .real(self) }

  package init?(_ row: any SQLRow, _ column: Int) {
    guard let number = row.real(column) else { return nil }
    self = number
  }
}

extension CalendarDay: SQLConvertible {
  package var sqlValue: SQLValue { .text(iso8601) }

  package init?(_ row: any SQLRow, _ column: Int) {
    guard let text = row.text(column) else { return nil }
    self.init(iso8601: text)
  }
}
