import Foundation
import Plans
import ProvisionDecision
import Statistics

/// What a year truly cost: every request of it played through the idle clock, every ping drawn by itself. None of the
/// decision's formulas are used here.
struct Hindsight {
  var owner: SimulatedOwner
  let catalogue: Catalogue
  private let pings: [(at: Double, comes: Bool)]
  private var known: [KeepAwake: Sleep] = [:]

  struct Sleep {
    var visits = 0
    var affected = 0
    /// Running hours of each calendar month.
    var hours: [Double] = []

    var share: Double { visits > 0 ? Double(affected) / Double(visits) : 0 }
  }

  init(_ owner: SimulatedOwner, _ catalogue: Catalogue, _ generator: inout SeededGenerator) {
    self.owner = owner
    self.catalogue = catalogue
    var pings: [(Double, Bool)] = []
    let phase = generator.unit() * 600
    var at = Double(SimulatedOwner.evidenceDays) * 86_400 - 86_400 + phase
    while at < Double(SimulatedOwner.days) * 86_400 {
      pings.append((at, generator.unit() >= owner.keepAwakeMiss))
      at += 600
    }
    self.pings = pings
  }

  private static let monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  mutating func sleep(_ keepAwake: KeepAwake) -> Sleep {
    if let sleep = known[keepAwake] { return sleep }
    let sleep = play(keepAwake)
    known[keepAwake] = sleep
    return sleep
  }

  /// From a day before the year, so that its first visit meets what it would.
  private func play(_ keepAwake: KeepAwake) -> Sleep {
    let start = Double(SimulatedOwner.evidenceDays) * 86_400
    var replay = SpinDown.Replay(SpinDown(idleSeconds: 900, wakeSeconds: owner.wakeSeconds), from: start - 86_400)
    var result = Sleep()
    var boundary = start
    var before = 0.0
    var month = -1
    for event in events(keepAwake, from: start - 86_400) {
      while event.at >= boundary, month < 12 {
        let running = replay.runningSeconds(until: boundary)
        if month >= 0 { result.hours.append((running - before) / 3_600) }
        before = running
        month += 1
        if month < 12 { boundary += Double(Self.monthDays[month]) * 86_400 }
      }
      let reception = replay.receive(at: event.at)
      guard event.isVisit, event.at >= start else { continue }
      result.visits += 1
      if reception.isAffected { result.affected += 1 }
    }
    while month < 12 {
      let running = replay.runningSeconds(until: boundary)
      if month >= 0 { result.hours.append((running - before) / 3_600) }
      before = running
      month += 1
      if month < 12 { boundary += Double(Self.monthDays[month]) * 86_400 }
    }
    return result
  }

  private func events(_ keepAwake: KeepAwake, from start: Double) -> [(at: Double, isVisit: Bool)] {
    var events: [(at: Double, isVisit: Bool)] = []
    for visit in owner.visits where visit.start >= start {
      events.append((visit.start, true))
      // Requests of one visit come every half minute.
      var at = visit.start + 30
      while at <= visit.end {
        events.append((at, false))
        at += 30
      }
    }
    for bot in owner.bots where bot >= start { events.append((bot, false)) }
    if keepAwake != .none {
      for ping in pings where ping.comes && isDuty(keepAwake, ping.at) { events.append((ping.at, false)) }
    }
    events.sort { $0.at < $1.at }
    return events
  }

  private func isDuty(_ keepAwake: KeepAwake, _ at: Double) -> Bool {
    switch keepAwake {
    case .none: return false
    case .always: return true
    case .duty(let from, let to):
      let hour = at.truncatingRemainder(dividingBy: 86_400) / 3_600
      return hour >= Double(from) && hour < Double(to)
    }
  }

  /// A year's cost; `isOut` where a stated limit was breached.
  mutating func cost(of deployment: Deployment) -> (dollars: Double, isOut: Bool) {
    var dollars = price(of: deployment)
    var isOut = deployment.keepAwake != .none && !owner.keepAwakeIsAllowed
    if deployment.web == "free" {
      let sleep = sleep(deployment.keepAwake)
      dollars += Double(sleep.affected) * owner.valuePerColdVisit
      if sleep.share > owner.maxAffected { isOut = true }
      if sleep.hours.contains(where: { $0 + owner.otherHours > 750 }) { isOut = true }
    }
    if owner.isDataPrecious {
      switch deployment.database {
      case .plan("free"):
        dollars += owner.dataLossValue * 12
        isOut = true
      case .none:
        dollars += owner.dataLossValue * 12
        isOut = true
      default: break
      }
    }
    return (dollars, isOut)
  }

  private func price(of deployment: Deployment) -> Double {
    var monthly = catalogue.web(deployment.web)?.monthly.dollars ?? 0
    if case .plan(let id) = deployment.database, let plan = catalogue.database(id) {
      monthly += plan.monthly.dollars + (plan.perFurtherGigabyte?.dollars ?? 0) * max(0, 1 - plan.storageGigabytes)
    }
    return monthly * 12
  }

  /// Whatever one could have done.
  var candidates: [Deployment] {
    let databases: [Deployment.Database] = [place, .plan("basic-256mb")]
    var ways: [KeepAwake] = [.none, .always]
    for length in [8, 12, 16, 20] {
      for start in stride(from: 0, through: 24 - length, by: 2) { ways.append(.duty(from: start, to: start + length)) }
    }
    if !owner.keepAwakeIsAllowed { ways = [.none] }
    // Duty hours pay only where the workspace's hours don't carry the whole day.
    if owner.otherHours <= 6 { ways = ways.filter { $0 == .none || $0 == .always } }
    return databases.flatMap { database in
      ways.map { Deployment(web: "free", database: database, keepAwake: $0) }
        + [Deployment(web: "starter", database: database)]
    }
  }

  var place: Deployment.Database {
    switch owner.database {
    case .free: .plan("free")
    case .external: .external
    case .none: .none
    }
  }

  /// The least that the year could have cost within the limits.
  mutating func best() -> (deployment: Deployment, dollars: Double) {
    var best: (Deployment, Double)?
    for deployment in candidates {
      let (dollars, isOut) = cost(of: deployment)
      if !isOut, dollars < best?.1 ?? .infinity { best = (deployment, dollars) }
    }
    return best.map { ($0.0, $0.1) } ?? (Deployment(web: "starter", database: .plan("basic-256mb")), .infinity)
  }

  /// What a choice cost beyond the best. One that breached a limit is charged, besides, the price of the best plan that
  /// keeps it, or Starter's where that is nothing.
  mutating func regret(of deployment: Deployment, best: (deployment: Deployment, dollars: Double)) -> Double {
    let (dollars, isOut) = cost(of: deployment)
    return dollars - best.dollars + (isOut ? max(84, price(of: best.deployment)) : 0)
  }
}
