/// Why the ledger can't be used.
package struct LedgerError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    case cannotOpen
    /// The file is no database, or a damaged one.
    case corrupt
    /// A newer version of this program made it.
    case tooNew
    case noSuchService
  }

  package var code: Code
  package var description: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    description = message
  }
}
