import Foundation
package import Postgres

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
  ) async throws -> SQLScheduleStore {
    let store: SQLScheduleStore
    switch self {
    case .sqlite(let path):
      if purpose == .read, !FileManager.default.fileExists(atPath: path) {
        throw StoreError(.cannotOpen, "there is no database \(place)")
      }
      store = try await SQLScheduleStore(path: path)
    case .postgres(let configuration):
      store = try await SQLScheduleStore(configuration, onRetry: onRetry)
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
