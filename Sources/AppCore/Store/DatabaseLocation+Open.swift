import Foundation
package import Postgres
import Timers

extension DatabaseLocation {
  /// What an opener wants of the database.
  package enum Purpose: Sendable {
    /// Made when it is missing; a half-made copy is refused.
    case serve
    /// It must be there.
    case read
    /// The target of a copy: made when it is missing, a half-made copy is welcome.
    case copyTarget
  }

  /// Opens the store and brings its schema up to date.
  /// - Parameter onRetry: told before a failed statement is tried again, on a thread of the store.
  /// - Throws: `StoreError`, `PostgresError`.
  package func open(
    for purpose: Purpose = .serve, onRetry: @escaping @Sendable (PostgresRetry) -> Void = { _ in }
  ) async throws -> any ServiceStore {
    let store: any ServiceStore
    switch self {
    case .sqlite(let path):
      if purpose == .read, !FileManager.default.fileExists(atPath: path) {
        throw StoreError(.cannotOpen, "there is no database \(place)")
      }
      // It may wait for another process, and for the disk.
      store = try await OwnThread.run { () throws(StoreError) in try SQLiteScheduleStore(path: path) }
    case .postgres(let configuration):
      store = try await PostgresScheduleStore(configuration, onRetry: onRetry)
    }
    do {
      if purpose != .copyTarget, let copy = try await store.copyProgress() {
        throw StoreError(
          .halfCopied,
          "\(place) holds half a copy of \(copy.source): run `outgrown app copy-store` again to complete it, or with "
            + "--restart to begin anew")
      }
      return store
    } catch {
      try? await store.close()
      throw error
    }
  }
}
