/// Why the store could not be opened or named.
package struct StoreError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable {
    /// The DATABASE_URL can't be used.
    case urlInvalid
    case cannotOpen
    /// A newer version of this program made it.
    case schemaTooNew
  }

  package var code: Code
  package var description: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    description = message
  }
}
