/// Why the store could not be named, opened, copied or backed up.
package struct StoreError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable {
    /// The DATABASE_URL can't be used.
    case urlInvalid
    case cannotOpen
    /// The database refused while it was used.
    case failed
    /// A newer version of this program made it.
    case schemaTooNew
    /// A copy into it was begun and not finished.
    case halfCopied
    /// The target of a copy holds something else, or another copy runs.
    case copyRefused
    /// What was copied or restored is not what the source holds.
    case differs
    /// It has no indexes and should, or the other way round.
    case notScratch
    /// A backup could not be made, or not be verified.
    case backupFailed
  }

  package var code: Code
  package var description: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    description = message
  }
}
