import GRDB

extension StoreError {
  /// What SQLite's error means and what to do; nil for an error that isn't SQLite's.
  package static func explaining(_ error: any Error) -> StoreError? {
    guard let error = error as? DatabaseError else { return nil }
    let advice =
      switch error.resultCode {
      case .SQLITE_FULL: ": the disk is full; make room and try again, nothing was half-written"
      case .SQLITE_BUSY, .SQLITE_LOCKED: ": another process holds the database; try again when it has ended"
      case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: ": check the rights on the file and its folder"
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: ": the file is damaged; restore a backup"
      case .SQLITE_IOERR: ": the disk failed"
      default: ""
      }
    return StoreError(.failed, "SQLite: \(error.message ?? "error") (code \(error.resultCode.rawValue))\(advice)")
  }
}
