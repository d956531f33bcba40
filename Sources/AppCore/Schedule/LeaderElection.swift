package import AppDomain
package import Logging
import ServiceLifecycle
import Services
package import Timers

/// Keeps asking the store for the lead, renews it while it is held, and gives it back at the end.
///
/// A lead moves when its lease has run out: at most `lease + poll` after its holder was killed or frozen.
package struct LeaderElection: Service {
  /// From the moment that the database grants it.
  static let lease = Duration.seconds(9)
  /// A holder may miss two renewals.
  static let renewal = Duration.seconds(3)
  static let poll = Duration.milliseconds(1_500)

  private let holder: String
  private let store: any LeaderStore
  private let seat: LeaderSeat
  private let logger: Logger
  private let wait: Wait
  private let onChange: @Sendable (LeaderTerm?) -> Void

  /// - Parameters:
  ///   - holder: unique to this run of the service.
  ///   - onChange: told when this instance has become leader, and when it is no longer.
  package init(
    holder: String, store: any LeaderStore, seat: LeaderSeat, logger: Logger,
    wait: @escaping Wait,
    onChange: @escaping @Sendable (LeaderTerm?) -> Void = { _ in }
  ) {
    self.holder = holder
    self.store = store
    self.seat = seat
    self.logger = logger
    self.wait = wait
    self.onChange = onChange
  }

  package func run() async throws {
    await Repeating(with: LeaderTerm?.none, wait: wait) { told in
      await ask()
      if !Task.isCancelled { tell(seat.term, after: &told) }
      return seat.term == nil ? Self.poll : Self.renewal
    }.run()
    await resign()
  }

  private func ask() async {
    // Counted from before the question: the database's lease begins no sooner.
    let start = ContinuousClock.now
    let known = seat.term
    do {
      // Who follows only reads.
      let other = try await known == nil ? store.leader() : nil
      let term = other != nil && other?.holder != holder ? nil : try await store.lead(as: holder, lease: Self.lease)
      seat.set(term, validUntil: start + Self.lease)
    } catch is CancellationError {
      return
    } catch {
      seat.settle()
      logger.warning("the lead can't be asked for", metadata: ["error": "\(error)"])
    }
  }

  private func tell(_ now: LeaderTerm?, after told: inout LeaderTerm?) {
    let before = told
    guard before?.epoch != now?.epoch else { return }
    told = now
    if let now {
      logger.info("this instance leads", metadata: ["epoch": "\(now.epoch)"])
    } else {
      logger.warning("this instance leads no longer", metadata: ["epoch": "\(before?.epoch ?? 0)"])
    }
    onChange(now)
  }

  private func resign() async {
    guard let term = seat.set(nil, validUntil: .now) else { return }
    do { try await store.resign(term) } catch {
      logger.warning("the lead was not given back", metadata: ["error": "\(error)"])
    }
  }
}
