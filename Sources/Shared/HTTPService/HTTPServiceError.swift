package import Terminal

/// Why a server could not start.
package struct HTTPServiceError: ExitStating, Sendable, CustomStringConvertible {
  package enum Code: Sendable {
    /// Somebody else listens there, or the port needs privileges.
    case portUnavailable
    /// There is no such address on this machine.
    case addressInvalid
    case readyFileUnwritable
  }

  package var code: Code
  package var description: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    description = message
  }

  package var exitStatus: ExitStatus { code == .portUnavailable ? .unavailable : .invalidConfiguration }
}
