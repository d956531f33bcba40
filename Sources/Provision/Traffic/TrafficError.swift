package import Terminal

/// Why traffic could not be told.
package struct TrafficError: ExitStating, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    case unreadable
    /// Not one line tells of a request.
    case noRequests
    /// Most lines are of a form that isn't known.
    case unknownForm
    /// Requests, but no times.
    case noTimes
    /// More than is kept in memory.
    case tooLarge
  }

  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }

  package var exitStatus: ExitStatus { .badData }
}
