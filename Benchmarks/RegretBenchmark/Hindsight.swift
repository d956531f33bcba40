import Foundation
import Plans
import ProvisionDecision
import Statistics

/// What a year truly cost: every request of it played through the idle clock, every ping as it came. None of the
/// decision's formulas are used here.
struct Hindsight {
  var owner: SimulatedOwner
  let catalogue: Catalogue
  private let requests: [(at: Double, isVisit: Bool)]
  private let pings: [Double]
  private var known: [KeepAwake: Sleep] = [:]

  struct Sleep {
    var visits = 0
    /// Met a sleeping or waking service and waited.
    var waited = 0
    /// Their client gave up.
    var failed = 0
    /// Running hours of each calendar month.
    var hours: [Double] = []

    var share: Double { visits > 0 ? Double(waited + failed) / Double(visits) : 0 }
  }

  struct Cost {
    var dollars: Double
    /// Stated limits that were breached, and what the plan does not hold.
    var breaches: [String]

    var isOut: Bool { !breaches.isEmpty }
  }

  init(_ owner: SimulatedOwner, _ catalogue: Catalogue, _ generator: inout SeededGenerator) {
    self.owner = owner
    self.catalogue = catalogue
    requests = owner.requests
    let pings =
      owner.keepAwakeIsAllowed
      ? owner.pinger.pings(from: owner.year.start - 86_400, to: owner.year.end, &generator) : []
    self.pings = Self.needed(pings)
  }

  private static let idleSeconds = 900.0

  /// Those pings without which something would differ: one is left out between two of the same hour, and so of the same
  /// duty, that are no farther apart than the idle time.
  private static func needed(_ pings: [Double]) -> [Double] {
    var kept: [Double] = []
    for (index, ping) in pings.enumerated() {
      if let last = kept.last, index + 1 < pings.count, pings[index + 1] - last <= idleSeconds,
        Int(last / 3_600) == Int(pings[index + 1] / 3_600)
      {
        continue
      }
      kept.append(ping)
    }
    return kept
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
    let start = owner.year.start
    var replay = SpinDown.Replay(
      SpinDown(idleSeconds: Self.idleSeconds, wakeSeconds: owner.wakeSeconds), from: start - 86_400)
    let patience = owner.timeLimit?.seconds ?? .infinity
    var result = Sleep()
    var boundary = start
    var before = 0.0
    var month = -1
    func endMonth() {
      let running = replay.runningSeconds(until: boundary)
      if month >= 0 { result.hours.append((running - before) / 3_600) }
      before = running
      month += 1
      if month < 12 { boundary += Double(Self.monthDays[month]) * 86_400 }
    }
    var next = pings.startIndex
    func receivePings(before at: Double) {
      while next < pings.endIndex, pings[next] <= at {
        let ping = pings[next]
        next += 1
        guard keepAwake.isDuty(at: ping) else { continue }
        while ping >= boundary, month < 12 { endMonth() }
        _ = replay.receive(at: ping)
      }
    }
    for request in requests {
      if keepAwake != .none { receivePings(before: request.at) }
      while request.at >= boundary, month < 12 { endMonth() }
      let reception = replay.receive(at: request.at)
      guard request.isVisit, request.at >= start else { continue }
      result.visits += 1
      guard reception.isAffected else { continue }
      var wait = owner.wakeSeconds
      if case .waking(let remaining) = reception { wait = remaining }
      if wait > patience { result.failed += 1 } else { result.waited += 1 }
    }
    if keepAwake != .none { receivePings(before: owner.year.end) }
    while month < 12 { endMonth() }
    return result
  }

  // MARK: Costs

  private func isFree(_ deployment: Hosting) -> Bool { catalogue.web(deployment.web)?.sleep != nil }

  /// Affected visits of a year, those that failed counted by what they cost beside the others.
  func weight(_ sleep: Sleep) -> Double {
    Double(sleep.waited) + Double(sleep.failed) * (owner.timeLimit?.failedValue ?? 1)
  }

  private func keepsHours(_ sleep: Sleep) -> Bool { !sleep.hours.contains { $0 + owner.otherHours > 750 } }

  mutating func cost(of deployment: Hosting) -> Cost {
    var result = Cost(dollars: price(of: deployment), breaches: [])
    func breach(_ name: String, _ isBreached: Bool) { if isBreached { result.breaches.append(name) } }
    breach("pings refused", deployment.keepAwake != .none && !owner.keepAwakeIsAllowed)
    breach("memory", !owner.load.holdsMemory(deployment.web))
    breach("capacity", !owner.load.holdsPeaks(deployment.web, owner.minutes))
    if isFree(deployment) {
      let sleep = sleep(deployment.keepAwake)
      result.dollars += weight(sleep) * owner.valuePerColdVisit
      breach("share", sleep.share > owner.maxAffected)
      breach("hours", !keepsHours(sleep))
    }
    if owner.isDataPrecious, deployment.database == .plan("free") || deployment.database == .none {
      // A free database expires after 30 days.
      result.dollars += owner.dataLossValue * 365 / 30
      breach("data", true)
    }
    return result
  }

  func price(of deployment: Hosting) -> Double {
    var monthly = catalogue.web(deployment.web)?.monthly.dollars ?? 0
    if case .plan(let id) = deployment.database, let plan = catalogue.database(id) {
      monthly += plan.monthly.dollars + (plan.perFurtherGigabyte?.dollars ?? 0) * max(0, 1 - plan.storageGigabytes)
    }
    return monthly * 12
  }

  /// The ways of keeping a free plan awake that one could have had.
  private var ways: [KeepAwake] {
    guard owner.keepAwakeIsAllowed else { return [.none] }
    // Duty hours pay only where the workspace's hours don't carry the whole day.
    guard owner.otherHours > 6 else { return [.none, .always] }
    var ways: [KeepAwake] = [.none]
    for length in [8, 12, 16, 20] {
      for start in stride(from: 0, through: 24 - length, by: 2) { ways.append(.duty(from: start, to: start + length)) }
    }
    return ways
  }

  /// Whatever one could have done.
  private var candidates: [Hosting] {
    [owner.place, .plan("basic-256mb")].flatMap { database in
      ways.map { Hosting(web: "free", database: database, keepAwake: $0) }
        + ["starter", "standard"].map { Hosting(web: $0, database: database) }
    }
  }

  /// The least that the year could have cost within the limits.
  mutating func best() -> (deployment: Hosting, dollars: Double) {
    var best: (Hosting, Double)?
    for deployment in candidates {
      let cost = cost(of: deployment)
      if !cost.isOut, cost.dollars < best?.1 ?? .infinity { best = (deployment, cost.dollars) }
    }
    // Standard with a database that stays keeps every limit that is drawn.
    return best.map { ($0.0, $0.1) } ?? (Hosting(web: "standard", database: .plan("basic-256mb")), .infinity)
  }

  /// As `best`, of some.
  mutating func least(of isMeant: (Hosting, Catalogue, SimulatedOwner) -> Bool) -> Double {
    candidates.filter { isMeant($0, catalogue, owner) }.map { cost(of: $0) }.filter { !$0.isOut }.map(\.dollars).min()
      ?? .infinity
  }

  /// The value of an affected visit at which the best way of keeping the free plan awake costs as much as Starter; nil
  /// where one of the two can't be had at any value.
  mutating func breakEven() -> Double? {
    guard owner.load.holdsMemory("free"), owner.load.holdsPeaks("free", owner.minutes) else { return nil }
    var least: Double?
    for way in ways {
      let sleep = sleep(way)
      if keepsHours(sleep) { least = min(least ?? .infinity, weight(sleep)) }
    }
    return least.map { price(of: Hosting(web: "starter", database: .none)) / max(1, $0) }
  }

  /// What a choice cost beyond the best. One that breached a limit is charged, besides, the price of the best plan that
  /// keeps it, or Starter's where that is nothing.
  mutating func regret(of deployment: Hosting, best: (deployment: Hosting, dollars: Double)) -> Double {
    let cost = cost(of: deployment)
    return max(0, cost.dollars - best.dollars) + (cost.isOut ? max(84, price(of: best.deployment)) : 0)
  }
}
