package import AppDomain
import Services
import Synchronization

/// What this instance knows of its own lead: the term it was granted last, for as long as its lease has not run out here.
///
/// Only a hint that saves work: what decides is the store, which checks the term of every write.
package final class LeaderSeat: Sendable {
  private struct State {
    var term: LeaderTerm?
    var validUntil = ContinuousClock.now
  }

  private let state = Mutex(State())
  /// The store was asked for the first time, whatever it said.
  let decided = Once<Void>()

  package init() {}

  /// Nil when another leads, or nobody.
  package var term: LeaderTerm? {
    state.withLock { $0.validUntil > .now ? $0.term : nil }
  }

  /// - Returns: the term that was held until now.
  @discardableResult
  func set(_ term: LeaderTerm?, validUntil: ContinuousClock.Instant) -> LeaderTerm? {
    let before = state.withLock { state in
      let before = state.validUntil > .now ? state.term : nil
      state.term = term
      state.validUntil = validUntil
      return before
    }
    settle()
    return before
  }

  /// The store could not be asked: what was known stays, until its lease has run out.
  func settle() { decided.happen() }
}
