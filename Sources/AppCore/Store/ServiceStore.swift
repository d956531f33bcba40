package import AppDomain

/// Everything that the service keeps, in one database. Both adapters pass the same conformance tests.
package protocol ServiceStore: ScheduleStore, LeaderStore, BootStore, DutyChangeLog, SubscriberStore, OutboxStore {
  /// Where it is, for messages: never with a user or a password.
  var place: String { get }

  /// Migrations that were applied when it was opened, the oldest first.
  var appliedMigrations: [String] { get }

  /// All rows of all tables, counted and hashed on one snapshot.
  func digests() async throws -> [TableDigest]

  /// Rows of a table by rising key, after `key` (from the first when nil).
  func rows(of table: StoreTable, after key: StoreValue?, limit: Int) async throws -> [[StoreValue]]

  /// What a copy into this store has done so far; nil when none was begun.
  func copyProgress() async throws -> CopyProgress?

  /// Marks the store as the target of a copy. Until it is finished, it can't be opened for anything else.
  func beginCopy(from source: String) async throws

  /// Appends rows and moves the mark from `key` to the last row's, in one transaction.
  /// - Throws: `StoreError` code `.copyRefused` when the mark is elsewhere: another copy runs.
  func append(_ rows: [[StoreValue]], to table: StoreTable, after key: StoreValue?) async throws

  /// Empties the tables and takes the mark away.
  func discardCopy() async throws

  /// Takes the mark away; new rows get ids after the copied ones.
  func finishCopy() async throws

  /// Closes all connections; nothing can be read or written afterwards.
  func close() async throws
}

/// How far a copy into a store has come.
package struct CopyProgress: Sendable, Equatable {
  package var source: String
  /// The last key that was copied, by table.
  package var keys: [String: StoreValue]
}
