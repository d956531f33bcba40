import Postgres

extension PostgresPool {
  /// The one number that a statement gives.
  func number(_ sql: PostgresSQL) async throws -> Int64 {
    try await read { try $0.query(sql).integer(0, 0) }
  }
}
