import GRDB
package import Terminal

/// Why the ledger can't be used.
package struct LedgerError: ExitStating, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    case cannotOpen
    /// The file is no database, or a damaged one.
    case corrupt
    /// A newer version of this program made it.
    case tooNew
    case noSuchService
    /// Something that was seen could not be written, and is lost.
    case unwritten
  }

  package var code: Code
  package var description: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    description = message
  }

  package var exitStatus: ExitStatus {
    switch code {
    case .cannotOpen, .unwritten: .unavailable
    case .corrupt, .tooNew: .badData
    case .noSuchService: .noData
    }
  }
}

extension Ledger {
  /// Whether what could not be written for this error may be written later: the file's fault, not the entry's.
  package static func isPassing(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return false }
    return switch error.resultCode {
    case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_NOMEM,
      .SQLITE_PERM, .SQLITE_PROTOCOL:
      true
    default: false
    }
  }
}
