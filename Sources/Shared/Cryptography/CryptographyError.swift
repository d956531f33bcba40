/// Why there is no key, no signature and no sealed text.
package struct CryptographyError: Error, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    /// What was given is no key of the kind that was expected.
    case keyInvalid
    /// OpenSSL did not do what it always does.
    case failed
  }

  package var code: Code
  /// What was expected; nothing of the key.
  package var message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
