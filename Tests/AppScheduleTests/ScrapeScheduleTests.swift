import AppDomain
import Logging
import ServiceLifecycle
import Services
import Synchronization
import TestSupport
import Testing

@testable import AppSchedule

@Suite(.timeLimit(.minutes(1)))
struct ScrapeScheduleTests {
  private static let midnight = CampusTime.instant(of: CalendarDay(daysSinceEpoch: 20_782), minute: 0)

  private final class Store: ScheduleStore {
    let stored: Mutex<Double?>

    init(storedAt: Double?) { stored = Mutex(storedAt) }

    func replace(_ days: [ScheduleDay], at time: Double, under term: LeaderTerm?) async throws -> ScheduleChange {
      ScheduleChange()
    }
    func duties(sheetContaining fragment: String?) async throws -> [StoredDuty] { [] }
    func rowCounts() async throws -> [CalendarDay: Int] { [:] }
    func scrapedAt() async throws -> Double? { stored.withLock { $0 } }
    func ping() async throws {}
  }

  private final class Box: Sendable {
    let store: Store
    let scrapes = Mutex<[Double]>([])
    init(storedAt: Double?) { store = Store(storedAt: storedAt) }
  }

  /// Runs the service in virtual time until `end`, hours after midnight.
  /// - Parameter suspends: hours at which the machine sleeps, and for how many.
  private func scrapes(
    from start: Double, to end: Double, storedAt: Double?, leads: Bool = true,
    suspends: (at: Double, hours: Double)? = nil
  ) async throws -> [Double] {
    let box = Box(storedAt: storedAt.map { Self.midnight + $0 * 3_600 })
    let (over, signal) = AsyncStream<Void>.makeStream()
    let slept = Mutex(false)
    let clock = Mutex<VirtualWait?>(nil)
    let virtual = VirtualWait(at: Self.midnight + start * 3_600) { now in
      let hour = (now - Self.midnight) / 3_600
      if let suspends, hour >= suspends.at,
        slept.withLock({ slept in
          defer { slept = true }
          return !slept
        })
      {
        clock.withLock { $0 }?.move(by: suspends.hours * 3_600)
      }
      if hour >= end { signal.finish() }
    }
    clock.withLock { $0 = virtual }
    let seat = LeaderSeat()
    let term = LeaderTerm(holder: "a", epoch: 1, expiresAt: 0)
    seat.set(leads ? term : nil, validUntil: .now + .seconds(3_600))
    let schedule = ScrapeSchedule(
      ScrapeTimetable(seed: 5), seat: seat, store: box.store, logger: silentLogger, now: { virtual.now },
      wait: virtual.wait,
      scrape: {
        box.scrapes.withLock { $0.append((virtual.now - Self.midnight) / 3_600) }
        box.store.stored.withLock { $0 = virtual.now }
        return IngestOutcome(status: .success, message: "", finishedAt: virtual.now)
      })
    let group = ServiceGroup(services: [schedule], logger: silentLogger)
    async let running: Void = group.run()
    await schedule.decided.value()
    for await _ in over {}
    await group.triggerGracefulShutdown()
    try await running
    return box.scrapes.withLock { $0 }.filter { $0 < end }
  }

  @Test("a day in virtual time: at the start, then by the timetable over midnight")
  func day() async throws {
    let hours = try await scrapes(from: 19.5, to: 34.5, storedAt: nil)
    #expect(hours.map { ($0 * 10).rounded(.down) / 10 } == [19.5, 20, 22, 24, 30, 32, 34])
    for hour in hours.dropFirst() {
      #expect(hour - hour.rounded(.down) < 0.1)
    }
  }

  @Test("fresh data is not read again at a start")
  func fresh() async throws {
    #expect(try await scrapes(from: 9, to: 9.9, storedAt: 8.2).isEmpty)
  }

  @Test("who doesn't lead doesn't scrape, and doesn't hold up the start")
  func follower() async throws {
    #expect(try await scrapes(from: 9, to: 9.2, storedAt: nil, leads: false).isEmpty)
  }

  @Test("a machine that slept over several slots scrapes once at its wake, and then by the timetable")
  func suspend() async throws {
    let hours = try await scrapes(from: 7, to: 40.5, storedAt: 6.9, suspends: (9, 28.5))
    #expect(hours.map { ($0 * 10).rounded(.down) / 10 } == [8, 37.5, 38, 40])
  }
}
