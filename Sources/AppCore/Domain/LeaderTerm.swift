/// One instance's right to scrape and to notify, until it expires by the database's clock.
///
/// Whoever writes on the strength of a term hands it to the store, which refuses the write when the epoch has moved or the
/// term has expired: an instance that was frozen and goes on believes in a term that is over.
package struct LeaderTerm: Sendable, Hashable {
  /// Who leads; unique to a run of the service.
  package var holder: String
  /// Rises with every change of leader. A holder that was late keeps it when nobody else has led meanwhile.
  package var epoch: Int64
  /// Seconds since 1970, by the database's clock, as of the last renewal that the caller knows of.
  package var expiresAt: Double

  package init(holder: String, epoch: Int64, expiresAt: Double) {
    self.holder = holder
    self.epoch = epoch
    self.expiresAt = expiresAt
  }

  /// The longest lease. An expiry further away than this was written before the clock was set back, and counts as past.
  package static let longestLease = Duration.seconds(60)
}

/// The row that says who leads. Every adapter passes the same conformance tests.
package protocol LeaderStore: Sendable {
  /// Renews the lead of who led last, in the same epoch, or takes it in a new one when nobody's term runs.
  /// - Parameter lease: from the moment the database grants it; at most `LeaderTerm.longestLease`.
  /// - Returns: the caller's term; nil while another's runs.
  func lead(as holder: String, lease: Duration) async throws -> LeaderTerm?

  /// The term that runs now; nil when nobody leads.
  func leader() async throws -> LeaderTerm?

  /// Ends the term at once, so that another needn't wait for its expiry; also for a caller whose task was cancelled. Does
  /// nothing when it is over already.
  func resign(_ term: LeaderTerm) async throws
}

/// The term under which something was to be written is over: nothing was written.
package struct LeaderTermEnded: Error, Sendable, Equatable, CustomStringConvertible {
  package var term: LeaderTerm

  package init(_ term: LeaderTerm) { self.term = term }

  package var description: String {
    "the term \(term.epoch) of \(term.holder) as leader is over: nothing was written; another instance leads now, or will"
  }
}
