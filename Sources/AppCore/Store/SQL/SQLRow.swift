package import AppDomain
package import GRDB
package import Postgres

/// A row of an answer, valid while it is read. Columns are counted from 0; NULL is nil.
///
/// An enumeration and no protocol: what is read of each of thousands of rows is compiled for both.
package enum SQLRow {
  case sqlite(Row)
  case postgres(PostgresRows, Int)

  package func text(_ column: Int) -> String? {
    switch self {
    case .sqlite(let row): row[column]
    case .postgres(let rows, let row): rows.text(row, column)
    }
  }

  package func integer(_ column: Int) -> Int64? {
    switch self {
    case .sqlite(let row): row[column]
    case .postgres(let rows, let row): rows.text(row, column).flatMap { Int64($0) }
    }
  }

  package func real(_ column: Int) -> Double? {
    switch self {
    case .sqlite(let row): row[column]
    case .postgres(let rows, let row): rows.real(row, column)
    }
  }

  /// Nil for NULL, and for what is no such value.
  package subscript<Value: SQLReadable>(_ column: Int) -> Value? {
    get throws { Value(self, column) }
  }

  /// - Throws: `StoreError` code `.failed` for NULL, and for what is no such value.
  package subscript<Value: SQLReadable>(_ column: Int) -> Value {
    get throws {
      guard let value = Value(self, column) else {
        throw StoreError(.failed, "the database answered what was not expected: column \(column) is no \(Value.self)")
      }
      return value
    }
  }
}

/// What is read from one column.
package protocol SQLReadable {
  /// Nil for NULL, and for what is no such value.
  init?(_ row: SQLRow, _ column: Int)
}

extension String: SQLReadable {
  package init?(_ row: SQLRow, _ column: Int) {
    guard let text = row.text(column) else { return nil }
    self = text
  }
}

extension Int64: SQLReadable {
  package init?(_ row: SQLRow, _ column: Int) {
    guard let number = row.integer(column) else { return nil }
    self = number
  }
}

extension Int: SQLReadable {
  package init?(_ row: SQLRow, _ column: Int) {
    guard let number = row.integer(column) else { return nil }
    self.init(exactly: number)
  }
}

extension Double: SQLReadable {
  package init?(_ row: SQLRow, _ column: Int) {
    guard let number = row.real(column) else { return nil }
    self = number
  }
}

extension CalendarDay: SQLReadable {
  package init?(_ row: SQLRow, _ column: Int) {
    guard let text = row.text(column) else { return nil }
    self.init(iso8601: text)
  }
}
