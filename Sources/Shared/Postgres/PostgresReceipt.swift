import Foundation

/// The identity of a transaction: a row that is committed with it, by which a second try learns whether the first was
/// applied. Why not `txid_status`: docs/decisions/receipts-of-transactions.md.
package struct PostgresReceipt<Value> {
  /// What the last run of the work gave, as soon as a COMMIT was sent for it.
  private var pending: Value?
  private let token = UUID().uuidString

  init() {}

  /// A COMMIT was sent, and nobody said what became of it.
  var isUncertain: Bool { pending != nil }

  /// While it is uncertain, the next try waits for the lost transaction's end: that may take longer than a statement is
  /// given.
  func allowsRetry(after error: PostgresError) -> Bool {
    error.isTransient || (isUncertain && error.sqlState == "57014")
  }

  /// Runs `work` in a transaction, or gives what it gave when that transaction turns out to be committed.
  mutating func commit(
    on connection: PostgresConnection, _ work: (PostgresConnection) throws -> Value
  ) throws -> Value {
    var isCommitting = false
    try connection.run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    do {
      // Waits while another session holds the same token uncommitted: afterwards that one is committed or gone.
      let isFirst =
        try connection.query(
          "INSERT INTO commit_receipts (token) VALUES ($1::uuid) ON CONFLICT DO NOTHING", [token]
        ).affected == 1
      if !isFirst, let pending {
        connection.rollback()
        return pending
      }
      pending = nil
      let value = try work(connection)
      _ = try connection.query("DELETE FROM commit_receipts WHERE committed_at < now() - interval '1 day'")
      pending = value
      isCommitting = true
      try connection.commit()
      return value
    } catch {
      // Whoever could still answer says that it was not committed.
      if isCommitting, connection.isUsable { pending = nil }
      connection.rollback()
      throw error
    }
  }
}

/// The table that `PostgresPool.write` needs. A receipt is kept for a day, longer than any caller's patience.
package enum PostgresReceipts {
  package static let schema: PostgresSQL = """
    CREATE TABLE commit_receipts (token uuid PRIMARY KEY, committed_at timestamptz NOT NULL DEFAULT now());
    CREATE INDEX commit_receipts_by_time ON commit_receipts (committed_at);
    """
}
