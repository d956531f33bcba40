package import AppStore
import Wording

/// Copies everything that one store holds into an empty one, in steps that a kill can't damage.
///
/// Every step appends some rows and moves a mark in one transaction of the target, so that the next run goes on where the
/// last one ended. In the end both stores are hashed; the mark goes, and with it the target's closure, only when they are
/// equal.
package struct StoreCopy: Sendable {
  package static let batchSize = 5_000

  package struct Progress: Sendable {
    package var table: String
    package var rows: Int
  }

  private let source: SQLScheduleStore
  private let target: SQLScheduleStore
  private let onProgress: @Sendable (Progress) -> Void

  package init(
    from source: SQLScheduleStore, to target: SQLScheduleStore,
    onProgress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.source = source
    self.target = target
    self.onProgress = onProgress
  }

  /// - Parameter restart: throws away what an unfinished copy left in the target; a finished store is never emptied.
  /// - Returns: what both stores hold.
  /// - Throws: `StoreError` code `.copyRefused` when the target holds anything else, `.differs` when the source changed
  ///   meanwhile; `PostgresError`, and what SQLite throws.
  package func run(restart: Bool = false) async throws -> [TableDigest] {
    if let progress = try await target.copyProgress() {
      if restart {
        try await target.discardCopy()
      } else if progress.source != source.place {
        throw StoreError(
          .copyRefused,
          "\(target.place) holds half a copy of \(progress.source), not of \(source.place): complete that one, or begin "
            + "anew with --restart")
      }
    }
    if try await target.copyProgress() == nil { try await begin() }
    var keys = try await target.copyProgress()?.keys ?? [:]
    for table in StoreTable.all {
      var copied = 0
      while true {
        let rows = try await source.rows(of: table, after: keys[table.name], limit: Self.batchSize)
        guard let last = rows.last?.first else { break }
        try await target.append(rows, to: table, after: keys[table.name])
        keys[table.name] = last
        copied += rows.count
        onProgress(Progress(table: table.name, rows: copied))
      }
    }
    let (held, copied) = (try await source.digests(), try await target.digests())
    guard held == copied else { throw difference(held, copied) }
    try await target.finishCopy()
    return copied
  }

  private func begin() async throws {
    for table in StoreTable.all {
      guard try await target.rows(of: table, after: nil, limit: 1).isEmpty else {
        throw StoreError(
          .copyRefused,
          "\(target.place) is not empty (it has rows in \(table.name)): nothing was copied; name an empty database")
      }
    }
    try await target.beginCopy(from: source.place)
  }

  private func difference(_ held: [TableDigest], _ copied: [TableDigest]) -> StoreError {
    let tables = zip(held, copied).filter { $0.0 != $0.1 }.map { held, copied in
      "\(held.table): \(CountText.plural(held.rows, "row")) there, \(copied.rows) here"
    }
    return StoreError(
      .differs,
      "the copy in \(target.place) is not what \(source.place) holds (\(tables.joined(separator: "; "))): the source was "
        + "written to meanwhile; stop the service and copy again with --restart")
  }
}
