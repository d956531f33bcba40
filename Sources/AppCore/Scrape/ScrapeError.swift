package import Terminal

/// Why a visit to the schedule's source yielded nothing at all.
package struct ScrapeError: ExitStating, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable, CaseIterable {
    /// A page could not be fetched, or answered with an error status.
    case unreachable
    /// The portal page, the worksheet list or every worksheet is not what it should be.
    case notASchedule
    /// A URL, given or found on a page, that must not be fetched.
    case refusedURL
    /// The page is larger, deeper or wider than a schedule can be.
    case outOfBounds
    case cancelled
  }

  package var code: Code
  /// What was wrong, on which page, what to do.
  package var message: String
  package var underlying: (any Error)?

  package init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.underlying = underlying
  }

  package var description: String { message }

  package var exitStatus: ExitStatus {
    switch code {
    case .unreachable: .unavailable
    case .notASchedule, .refusedURL, .outOfBounds: .badData
    case .cancelled: .interrupted
    }
  }
}
