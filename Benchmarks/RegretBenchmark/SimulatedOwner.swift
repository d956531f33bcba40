import Foundation
import Statistics

/// Somebody with a small service: who comes to it, what it takes, and what they hold things to be worth.
struct SimulatedOwner {
  enum Database: String, CaseIterable { case free, external, none }

  /// Clients, such as an app, that give up before the service is awake.
  struct TimeLimit {
    var seconds: Double
    /// What a visit that gives up costs, relative to one that waits.
    var failedValue: Double
  }

  /// Whole days that the log holds.
  var logDays: Int
  var traffic: SimulatedTraffic
  var pinger: SimulatedPinger
  var load: SimulatedLoad
  var keepAwakeIsAllowed: Bool
  /// Set once the truth is known, so that many lie near break-even.
  var valuePerColdVisit = 0.0
  var saysValue = true
  /// 1 where there is no limit; then the owner says nothing of it.
  var maxAffected: Double
  var timeLimit: TimeLimit?
  var isDataPrecious: Bool
  var dataLossValue: Double
  var database: Database
  var services: Int
  /// Of the workspace's other services, a month.
  var otherHours: Double
  var saysOtherHours: Bool
  /// Seconds that a wake truly takes.
  var wakeSeconds: Double
  var measuredWake: Bool
  /// Of the log and of the year that followed.
  private(set) var visitors: SimulatedTraffic.Visitors
  private(set) var minutes: BusyMinutes

  static let daysOfYear = 365

  var valuePerFailedVisit: Double { valuePerColdVisit * (timeLimit?.failedValue ?? 1) }
  var yearDays: Range<Int> { logDays..<(logDays + Self.daysOfYear) }
  /// The year's first and last second.
  var year: (start: Double, end: Double) { (Double(logDays) * 86_400, Double(yearDays.upperBound) * 86_400) }

  /// Everything but the value of a cold visit.
  init(_ generator: inout SeededGenerator) {
    // Two weeks are what decide asks for: a tenth has less, from two days on, over a half more.
    switch generator.unit() {
    case ..<0.04: logDays = 2 + Int(generator.unit() * 5)
    case ..<0.1: logDays = 7 + Int(generator.unit() * 7)
    case ..<0.45: logDays = 14
    default: logDays = 15 + Int(generator.unit() * 14)
    }
    traffic = SimulatedTraffic(&generator)
    pinger = SimulatedPinger(&generator)
    keepAwakeIsAllowed = generator.chance(0.5)
    maxAffected = generator.chance(0.35) ? 1 : generator.chance(0.5) ? 0.05 : 0.15
    let limit = TimeLimit(seconds: generator.pick([10, 15, 30, 60]), failedValue: generator.pick([1, 2, 3, 5]))
    timeLimit = generator.chance(0.2) ? limit : nil
    isDataPrecious = generator.chance(0.25)
    dataLossValue = generator.uniform(10, 200)
    database = generator.pick(Database.allCases)
    services = generator.chance(0.8) ? 1 : 2
    let others = generator.uniform(0, 744)
    otherHours = services == 1 ? 0 : others
    saysOtherHours = generator.chance(0.94)
    wakeSeconds = generator.uniform(12, 55)
    measuredWake = generator.chance(0.5)
    visitors = traffic.visitors(0..<(logDays + Self.daysOfYear), grownFrom: logDays, &generator)
    let start = Double(logDays) * 86_400
    minutes = BusyMinutes(visitors.visits.lazy.map(\.start).filter { $0 >= start })
    load = SimulatedLoad(&generator, minutes: minutes)
  }

  /// Whatever reached the service in the year and the day before, pings left out, ascending.
  var requests: [(at: Double, isVisit: Bool)] {
    let start = year.start - 86_400
    var requests: [(at: Double, isVisit: Bool)] = []
    for visit in visitors.visits where visit.start >= start {
      requests.append((visit.start, true))
      // Requests of one visit come every half minute.
      var at = visit.start + 30
      while at <= visit.end {
        requests.append((at, false))
        at += 30
      }
    }
    for bot in visitors.bots where bot >= start { requests.append((bot, false)) }
    return requests.sorted { $0.at < $1.at }
  }

  /// The same service in another year of the same law.
  func again(_ generator: inout SeededGenerator) -> SimulatedOwner {
    var owner = self
    // From a day before, so that its first visit meets what it would.
    owner.visitors = traffic.visitors((logDays - 1)..<yearDays.upperBound, grownFrom: logDays, &generator)
    return owner
  }

  /// What people hold a visit to be worth that waits for half a minute, dollars: from next to nothing to what a small shop
  /// or surgery earns by one.
  static let worth = 0.001...5.0
  /// Who holds it to be less than this may not have thought about it, a tenth of them; almost all others have.
  static let seldomWorth = 0.05

  /// Break-even is where answers are hard, so a half of those who have one are drawn about it. Where it is beyond what anybody
  /// holds a visit to be worth, as where a good pinger leaves one visit a year, the value is anybody's.
  /// - Parameter breakEven: nil where no value makes the free plan as good as a paid one.
  /// - Returns: the value over that at break-even, nil without one.
  mutating func draw(breakEven: Double?, _ generator: inout SeededGenerator) -> Double? {
    let isNear = generator.chance(0.495)
    let factor = isNear ? generator.uniform(0.7, 1.3) : generator.logUniform(0.05, 20)
    let anybodys = generator.logUniform(0.001, 1)
    let drawn = breakEven.map { $0 * factor } ?? anybodys
    valuePerColdVisit = Self.worth.contains(drawn) ? drawn : anybodys
    let isSilent = generator.chance(valuePerColdVisit < Self.seldomWorth ? 0.1 : 0.01)
    saysValue = !isSilent || timeLimit != nil
    return breakEven.map { valuePerColdVisit / $0 }
  }
}
