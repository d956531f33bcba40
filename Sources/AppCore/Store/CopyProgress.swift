/// How far a copy into a store has come.
package struct CopyProgress: Sendable, Equatable {
  package var source: String
  /// The last key that was copied, by table.
  package var keys: [String: SQLValue]
}

extension SQLScheduleStore {
  /// What a copy into this store has done so far; nil when none was begun. Until it is finished, the store can't be opened
  /// for anything else.
  package func copyProgress() async throws -> CopyProgress? {
    try await engine.read { session in
      guard try session.hasTable("store_copy") else { return nil }
      var progress = CopyProgress(source: "", keys: [:])
      try session.run("SELECT table_name, source, last_key FROM store_copy", each: [[]]) { row in
        progress.source = try row[1]
        let table = StoreTable.all.first { $0.name == row.text(0) }
        if let table, let text = row.text(2) { progress.keys[table.name] = SQLValue(text, table.key.kind) }
      }
      return progress
    }
  }
}
