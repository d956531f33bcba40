import Foundation
import Plans
import Statistics

/// What the service takes of a plan, and what its owner measured of that.
struct SimulatedLoad {
  /// What was measured under emulated plans.
  enum Evidence: String, CaseIterable {
    case nothing = "nothing measured"
    /// The plan that it is on.
    case own = "own plan measured"
    /// That and all cheaper ones.
    case all = "cheaper plans measured"
  }

  /// Of the catalogue, the one that it is on.
  var plan: String
  var evidence: Evidence
  var requestsPerVisit: Double
  /// A request's, on average.
  var cpuSeconds: Double
  /// What it holds at most.
  var memoryMegabytes: Double
  /// Of a month on the plan that it is on; 0 where it is never killed.
  var killsPerMonth: Double
  var saysMemory: Bool
  var saysKills: Bool
  /// By how much a plan holds more than its CPU says.
  private var plansFactors: [String: Double] = [:]
  /// By how much less than the capacity the best rate that was tried is, and what was seen of the memory.
  private(set) var tried: Double
  private(set) var seenMemory: Double

  /// What is asked about is mostly a free plan. Of those who pay some do so for what a tenth of a CPU would do; nearly all
  /// measured the cheaper plans, since nobody can be told to go down without.
  ///
  /// - Source: requests of 0.08 to 6 ms of CPU time were measured on small services (docs/decision.md); the host's public
  ///   trackers tell of services killed up to twice a day on 512 MB.
  init(_ generator: inout SeededGenerator, minutes: BusyMinutes) {
    switch generator.unit() {
    case ..<0.85: plan = "free"
    case ..<0.98: plan = "starter"
    default: plan = "standard"
    }
    let isPaid = plan != "free"
    let measured = generator.unit()
    evidence =
      isPaid
      ? measured < 0.92 ? .all : measured < 0.96 ? .own : .nothing
      : measured < 0.15 ? .own : .nothing
    requestsPerVisit = generator.logUniform(2, 20)
    for plan in ["free", "starter", "standard"] { plansFactors[plan] = generator.uniform(0.75, 1.3) }
    tried = generator.uniform(0.92, 1)
    seenMemory = generator.uniform(0.85, 1.05)
    let isKilled = plan != "standard" && generator.chance(0.06)
    let outgrew = isKilled || plan == "standard" && generator.chance(0.4)
    memoryMegabytes = outgrew ? generator.logUniform(540, 1_700) : generator.logUniform(60, 480)
    killsPerMonth = isKilled ? generator.logUniform(1, 60).rounded() : 0
    saysMemory = generator.chance(isKilled ? 0.5 : 0.3)
    saysKills = isKilled || generator.chance(0.2)
    // It holds on the plan that it is on. On a free one nobody waits for seconds of computing.
    let busiest = max(1e-6, minutes.rate(covering: 1 - Self.tolerated, requestsPerVisit: requestsPerVisit))
    let most = min(isPaid ? 2 : 0.02, 0.9 * (Self.cpu[plan] ?? 1) * (plansFactors[plan] ?? 1) / busiest)
    cpuSeconds = generator.logUniform(min(most, max(0.000_1, most / 300)), most)
  }

  /// The share of a year's requests that may meet a plan over its capacity: as many as budgets let fail unless the
  /// author states others.
  static let tolerated = 0.01
  static let cpu = ["free": 0.1, "starter": 0.5, "standard": 1.0]
  static let memory = ["free": 512.0, "starter": 512.0, "standard": 2_048.0]

  /// Requests a second that a plan truly takes.
  func capacity(_ plan: String) -> Double { (Self.cpu[plan] ?? 1) / cpuSeconds * (plansFactors[plan] ?? 1) }

  func holdsMemory(_ plan: String) -> Bool { memoryMegabytes <= Self.memory[plan] ?? .infinity }

  func holdsPeaks(_ plan: String, _ minutes: BusyMinutes) -> Bool {
    minutes.share(above: capacity(plan), requestsPerVisit: requestsPerVisit) <= Self.tolerated
  }
}

/// How busy the minutes of a year are: how many visits begin in minutes in which so many do.
struct BusyMinutes {
  /// Visits by how many begin in their minute.
  private var visits: [Int] = [0]
  private var total = 0

  init(_ starts: some Sequence<Double>) {
    var minute = -1
    var count = 0
    func add() {
      guard count > 0 else { return }
      while visits.count <= count { visits.append(0) }
      visits[count] += count
      total += count
    }
    for start in starts {
      let own = Int(start / 60)
      if own != minute {
        add()
        minute = own
        count = 0
      }
      count += 1
    }
    add()
  }

  /// Requests a second in the busiest minute.
  func peak(requestsPerVisit: Double) -> Double { Double(visits.count - 1) * requestsPerVisit / 60 }

  func share(above rate: Double, requestsPerVisit: Double) -> Double {
    guard total > 0 else { return 0 }
    let over = visits.indices.reduce(0) { Double($1) * requestsPerVisit / 60 > rate ? $0 + visits[$1] : $0 }
    return Double(over) / Double(total)
  }

  /// The rate up to which a share of all visits come.
  func rate(covering share: Double, requestsPerVisit: Double) -> Double {
    var under = 0
    for (count, visits) in visits.enumerated() {
      under += visits
      if Double(under) >= share * Double(total) { return Double(count) * requestsPerVisit / 60 }
    }
    return peak(requestsPerVisit: requestsPerVisit)
  }
}
