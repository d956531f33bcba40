import CPostgres

/// What a statement gave: rows of columns, all counted from 0. Owns libpq's result, and stays on the connection's thread.
package final class PostgresRows {
  private let result: OpaquePointer
  package let count: Int
  package var columns: Int { Int(PQnfields(result)) }

  init(_ result: OpaquePointer) {
    self.result = result
    count = Int(PQntuples(result))
  }

  deinit { PQclear(result) }

  /// Rows that an INSERT, UPDATE or DELETE touched, or a SELECT gave.
  package var affected: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

  /// Such as `COMMIT` or `INSERT 0 1`.
  var command: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

  /// Nil for NULL.
  package func text(_ row: Int, _ column: Int) -> String? {
    guard row < count, column < columns, PQgetisnull(result, Int32(row), Int32(column)) == 0,
      let value = PQgetvalue(result, Int32(row), Int32(column))
    else { return nil }
    return String(cString: value)
  }

  package func real(_ row: Int, _ column: Int) -> Double? { text(row, column).flatMap { Double($0) } }

  /// - Throws: `PostgresError` code `.answer` for NULL.
  package func required(_ row: Int, _ column: Int) throws(PostgresError) -> String {
    guard let value = text(row, column) else { throw unexpected(row, column, "a value") }
    return value
  }

  /// - Throws: `PostgresError` code `.answer` for NULL or what is no number.
  package func integer(_ row: Int, _ column: Int) throws(PostgresError) -> Int64 {
    guard let value = text(row, column).flatMap({ Int64($0) }) else { throw unexpected(row, column, "an integer") }
    return value
  }

  private func unexpected(_ row: Int, _ column: Int, _ what: String) -> PostgresError {
    let name = PQfname(result, Int32(column)).map { String(cString: $0) } ?? "\(column)"
    return PostgresError(.answer, "row \(row), column \(name): \(what) was expected")
  }
}
