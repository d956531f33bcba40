import AppDomain
import Testing

@testable import AppSchedule

struct ScrapeTimetableTests {
  private let date = CalendarDay(daysSinceEpoch: 20_782)

  private func time(_ hour: Double, day: Int = 0) -> Double {
    CampusTime.instant(of: date.adding(days: day), minute: 0) + hour * 3_600
  }

  /// Runs that follow one another over some days, each at once when it is due.
  private func runs(_ timetable: ScrapeTimetable, from start: Double, days: Double) -> [Double] {
    var times = [start]
    while let last = times.last, last < start + days * 86_400 { times.append(timetable.due(after: last)) }
    return times
  }

  @Test("by day every two hours from 06:00 to 22:00, at night every six hours, and never in two ways on one day")
  func standard() {
    let timetable = ScrapeTimetable(seed: 1)
    var slots: [Double] = [time(5)]
    for _ in 0..<20 { slots.append(timetable.slot(after: slots[slots.count - 1])) }
    #expect(
      Array(slots.dropFirst())
        == [6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48].map { time($0) })
  }

  @Test("jitter only delays, by less than five minutes, differs by seed and slot, and never loses or doubles a slot")
  func jitter() {
    let (one, two) = (ScrapeTimetable(seed: 1), ScrapeTimetable(seed: 2))
    let runs = runs(one, from: time(0), days: 365)
    #expect(runs.count == 365 * 10 + 2 || runs.count == 365 * 10 + 1)
    var delays: Set<Double> = []
    for (last, next) in zip(runs, runs.dropFirst()) {
      let delay = next - one.slot(after: last)
      #expect(delay >= 0 && delay < 300)
      delays.insert(delay)
    }
    #expect(delays.count > 3_000)
    #expect(one.due(after: time(9)) == one.due(after: time(9)))
    #expect(one.due(after: time(9)) != two.due(after: time(9)))
  }

  @Test("there is no daylight saving at the health centre: every day of the year has the same slots")
  func noDaylightSaving() {
    let timetable = ScrapeTimetable(seed: 3)
    for day in 0..<730 {
      #expect(timetable.slot(after: time(22, day: day)) == time(0, day: day + 1))
      #expect(timetable.slot(after: time(0, day: day)) == time(6, day: day))
      #expect(timetable.slot(after: time(5.99, day: day)) == time(6, day: day))
    }
  }

  @Test("an interval counts from the last scrape, a cron expression from the clock")
  func overrides() throws {
    let every = ScrapeTimetable(.every(.seconds(3_600)), seed: 1)
    let due = every.due(after: time(3.25))
    #expect(due >= time(4.25) && due < time(4.25) + 180)
    let cron = ScrapeTimetable(.cron(try #require(CronExpression("30 6-22/4 * * *"))), seed: 1)
    let next = cron.due(after: time(3.25))
    #expect(next >= time(6.5) && next < time(6.5) + 20)
  }

  @Test("a start scrapes when the data is older than the last slot, else at the next one")
  func start() {
    var agenda = ScrapeAgenda(ScrapeTimetable(seed: 1))
    #expect(agenda.due(at: time(9)) == time(9))
    agenda.learn(storedAt: time(8.2))
    #expect(agenda.due(at: time(9)) >= time(10))
    var stale = ScrapeAgenda(ScrapeTimetable(seed: 1))
    stale.learn(storedAt: time(7.9))
    #expect(stale.due(at: time(9)) <= time(9))
  }

  @Test("runs that were missed while the machine slept happen once at its wake")
  func missed() {
    var agenda = ScrapeAgenda(ScrapeTimetable(seed: 1))
    agenda.finish(at: time(8.01), isStored: true)
    let wake = time(13.5, day: 2)
    #expect(agenda.due(at: wake) <= wake)
    agenda.finish(at: wake, isStored: true)
    #expect(agenda.due(at: wake) >= time(14, day: 2))
  }

  @Test("a scrape that failed is tried again after growing waits, but no later than the next slot")
  func failures() {
    var agenda = ScrapeAgenda(ScrapeTimetable(seed: 1))
    agenda.finish(at: time(8), isStored: true)
    agenda.finish(at: time(10), isStored: false)
    let first = agenda.due(at: time(10)) - time(10)
    #expect(first >= 600 && first <= 720)
    agenda.finish(at: time(10.2), isStored: false)
    let second = agenda.due(at: time(10.2)) - time(10.2)
    #expect(second >= 1_200 && second <= 1_440)
    agenda.finish(at: time(11.9), isStored: false)
    let slot = agenda.due(at: time(11.9))
    #expect(slot >= time(12) && slot < time(12) + 300)
    // Somebody else stored one meanwhile.
    agenda.learn(storedAt: time(11.95))
    #expect(agenda.due(at: time(11.95)) >= time(12))
    agenda.finish(at: time(12), isStored: true)
    #expect(agenda.due(at: time(12)) >= time(14))
  }

  @Test("a scrape by which rows went is followed by another soon, and that one by the next slot")
  func confirmation() {
    var agenda = ScrapeAgenda(ScrapeTimetable(seed: 1))
    agenda.finish(at: time(8), isStored: true, hasLost: true)
    #expect(agenda.due(at: time(8)) == time(8) + 600)
    agenda.finish(at: time(8.2), isStored: false)
    #expect(agenda.due(at: time(8.2)) >= time(8.2) + 600)
    agenda.finish(at: time(8.4), isStored: true)
    #expect(agenda.due(at: time(8.4)) >= time(10))
    agenda.finish(at: time(9.95), isStored: true, hasLost: true)
    #expect(agenda.due(at: time(9.95)) < time(9.95) + 600, "the slot comes sooner")
    agenda.learn(storedAt: time(9.96))
    #expect(agenda.due(at: time(9.96)) >= time(10))
  }

  @Test("a clock that was set back does not put the next scrape off by more than one slot")
  func clockSetBack() {
    var agenda = ScrapeAgenda(ScrapeTimetable(seed: 1))
    agenda.finish(at: time(9, day: 30), isStored: true)
    let due = agenda.due(at: time(9))
    #expect(due >= time(10) && due < time(10) + 300)
  }
}
