/// Why Redis did not do what it was asked.
package struct RedisError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable {
    /// No URL that can be used.
    case urlInvalid
    /// There is no connection, and none is waited for.
    case away
    /// Too much waits for the connection already.
    case busy
    /// The connection was lost, or the answer did not come in time, or was none.
    case lost
    /// The server said no.
    case refused
    case closed
  }

  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
