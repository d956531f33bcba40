import Timers

/// Why a run could not begin.
package struct EngineError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable {
    /// The host's name has no address.
    case unresolvable
    /// No address of the host accepts a connection.
    case unreachable
    /// The TLS handshake or the certificate failed.
    case tls
    /// Too few file descriptors or local ports for the load.
    case resources
    /// A thread or a kernel object could not be made.
    case system
  }

  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}

extension OwnThread {
  /// A thread of a run.
  static func started(_ run: @escaping @Sendable () -> Void) throws(EngineError) -> OwnThread {
    do throws(ThreadError) { return try OwnThread(run) } catch { throw EngineError(.system, error.description) }
  }
}
