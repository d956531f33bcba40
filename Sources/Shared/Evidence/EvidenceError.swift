package import Terminal

/// Why a piece of evidence could not be read or written.
package struct EvidenceError: ExitStating, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    /// Another kind of report, or no report at all.
    case wrongSchema
    /// A version that this build does not know.
    case unknownVersion
    /// A field is missing, of the wrong type or out of its bounds.
    case malformed
    case unreadable, tooLarge, unwritable
  }

  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }

  package var exitStatus: ExitStatus { code == .unwritable ? .unavailable : .badData }
}
