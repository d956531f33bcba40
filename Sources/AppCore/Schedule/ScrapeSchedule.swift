package import AppDomain
package import Logging
import ServiceLifecycle
package import Services
package import Timers

/// Scrapes when it is due, while this instance leads.
package struct ScrapeSchedule: Service {
  /// Time that passed while the machine slept is noticed this late at most.
  static let longestWait = Duration.seconds(30)
  /// How soon a new lead is noticed.
  static let standby = Duration.seconds(1)

  private let timetable: ScrapeTimetable
  private let seat: LeaderSeat
  private let store: any ScheduleStore
  private let logger: Logger
  private let now: @Sendable () -> Double
  private let wait: Wait
  private let scrape: @Sendable () async -> IngestOutcome
  /// The first scrape has finished or failed, or was found not to be due, or another's to make.
  package let decided = Once<Void>()

  /// - Parameter now: seconds since 1970.
  package init(
    _ timetable: ScrapeTimetable, seat: LeaderSeat, store: any ScheduleStore, logger: Logger,
    now: @escaping @Sendable () -> Double, wait: @escaping Wait,
    scrape: @escaping @Sendable () async -> IngestOutcome
  ) {
    self.timetable = timetable
    self.seat = seat
    self.store = store
    self.logger = logger
    self.now = now
    self.wait = wait
    self.scrape = scrape
  }

  package func run() async throws {
    _ = await cancelWhenGracefulShutdown { await seat.decided.value() }
    await Repeating(with: ScrapeAgenda(timetable), wait: wait) { agenda in
      let pause = await step(&agenda)
      decided.happen()
      return pause
    }.run()
    decided.happen()
  }

  /// Scrapes when it is due.
  /// - Returns: how long there is nothing to do.
  private func step(_ agenda: inout ScrapeAgenda) async -> Duration {
    guard seat.term != nil else { return Self.standby }
    if agenda.due(at: now()) <= now() {
      // Another instance may have led meanwhile, or somebody asked for a scrape.
      do { agenda.learn(storedAt: try await store.scrapedAt()) } catch {
        logger.warning("the last scrape's time can't be read", metadata: ["error": "\(error)"])
        return Self.standby
      }
    }
    let due = agenda.due(at: now())
    let rest = due - now()
    guard rest <= 0 else { return min(.seconds(rest), Self.longestWait) }
    logger.info("a scrape is due", metadata: ["late_s": "\(Int(-rest))"])
    let outcome = await scrape()
    if Task.isCancelled { return .zero }
    agenda.finish(at: now(), isStored: outcome.status == .success, hasLost: outcome.change.removed > 0)
    return .zero
  }
}
