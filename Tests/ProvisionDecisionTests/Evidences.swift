import Evidence
import Foundation
import Plans
import ProvisionTraffic
import Statistics
import Synchronization
import Testing

@testable import ProvisionDecision

/// Evidence that tests decide on.
enum Evidences {
  static let build = BenchReport.Build(version: "0.1.0", commit: nil)
  /// 2026-11-02 00:00 UTC, a Monday.
  static let start = 1_793_577_600

  static func catalogue() throws -> Catalogue { try #require(try Catalogue.bundled("render-2026-10")) }

  static func inputs(
    perDay: Double? = 60, days: Int = 14, now: Hosting = Hosting(web: "free"), services: Int = 1,
    pinged: Bool = false, values: (inout OwnerValues) -> Void = { _ in }
  ) throws -> DecisionInputs {
    var owner = Self.outspokenOwner
    values(&owner)
    var inputs = DecisionInputs(catalogue: try catalogue(), values: owner, now: now, services: services)
    inputs.names.traffic = "access.log"
    if let perDay { inputs.traffic = try traffic(perDay: perDay, days: days, pinged: pinged) }
    return inputs
  }

  /// Somebody who said what they hold things to be worth, and knows their pinger.
  static let outspokenOwner: OwnerValues = {
    var owner = OwnerValues()
    owner.valuePerColdVisit = 0.02
    owner.maxAffected = 0.05
    owner.keepAwakeMiss = 0.1
    owner.keepAwakeOutageHours = 0
    owner.keepAwakeEverySeconds = 600
    return owner
  }()

  private struct Log: Hashable {
    var perDay: Double
    var days: Int
    var pinged: Bool
    var seed: UInt64
  }

  private static let read = Mutex<[Log: Traffic]>([:])

  /// A log of people by day, read as a log is, once.
  static func traffic(perDay: Double, days: Int, pinged: Bool = false, seed: UInt64 = 1) throws -> Traffic {
    let log = Log(perDay: perDay, days: days, pinged: pinged, seed: seed)
    if let traffic = read.withLock({ $0[log] }) { return traffic }
    let traffic = try make(perDay: perDay, days: days, pinged: pinged, seed: seed)
    read.withLock { $0[log] = traffic }
    return traffic
  }

  private static func make(perDay: Double, days: Int, pinged: Bool, seed: UInt64) throws -> Traffic {
    var generator = SeededGenerator(seed: seed)
    let weights = (0..<24).map { (7..<22).contains($0) ? 1.0 : 0.1 }
    let total = weights.reduce(0, +)
    var lines: [String] = [line(0, 0), line(days * 86_400 - 1, 1)]
    for hour in 0..<(days * 24) {
      let rate = perDay * weights[hour % 24] / total
      var at = -log(1 - generator.unit()) / rate
      while at < 1 {
        let second = Int((Double(hour) + at) * 3_600)
        lines.append(line(second, lines.count))
        lines.append(line(second + 20, lines.count - 1))
        at += -log(1 - generator.unit()) / rate
      }
    }
    if pinged {
      for ping in 0..<(days * 288) { lines.append(line(ping * 300 + 7, -1, agent: "UptimeRobot/2.0")) }
    }
    let zone = try #require(TimeZone(identifier: "UTC"))
    return try LogTraffic(timeZone: zone, logTimeZone: zone).read(
      text: lines.joined(separator: "\n"), name: "access.log", build: build)
  }

  /// A log of visits at these seconds, each of another client.
  static func traffic(seconds: [Int]) throws -> Traffic {
    let zone = try #require(TimeZone(identifier: "UTC"))
    return try LogTraffic(timeZone: zone, logTimeZone: zone).read(
      text: seconds.enumerated().map { line($0.element, $0.offset) }.joined(separator: "\n"), name: "access.log",
      build: build)
  }

  private static func line(_ second: Int, _ client: Int, agent: String = "Mozilla/5.0") -> String {
    let date = Date(timeIntervalSince1970: Double(start + second)).formatted(.iso8601)
    return
      #"{"time":"\#(date)","method":"GET","path":"/","client_ip":"c\#(client)","user_agent":"\#(agent)","bytes":2000}"#
  }

  static func decision(_ inputs: DecisionInputs) -> Decision {
    DecisionBuilder(inputs).decision(
      service: nil, build: build, at: Date(timeIntervalSince1970: 1_795_600_800), sources: ["access.log"])
  }

  /// A capacity as `bench plans` would have measured it.
  static func plans(_ capacities: [String: Double], start: Double = 2) -> PlansReport {
    PlansReport(
      origin: .emulated, startedAt: UTCInstant(Date(timeIntervalSince1970: 1_795_600_800)), durationSeconds: 60,
      outgrown: build, machine: Machine(cores: 2, cpuModel: "CPU"), command: ["app"],
      scenario: ScenarioSummary(
        name: "morning", fileSHA256: nil, target: "http://127.0.0.1", model: .init(kind: .rate, stages: []), seed: 1,
        warmUpSeconds: 0, gracefulStopSeconds: 0),
      catalogue: "render-2026-10", limiter: .cgroupV1, timeScale: 1,
      plans: capacities.sorted { $0.value < $1.value }.map { plan, capacity in
        PlanFigures(
          plan: plan, cpu: 0.1, memoryMegabytes: 512, outcome: .measured, constraint: .latency, explanation: "latency",
          capacity: Estimate(capacity, lower: capacity, upper: capacity * 1.1, basis: .measured),
          coldVisit: plan == "free" ? Estimate(start, lower: start, upper: start, basis: .measured) : nil)
      })
  }
}
