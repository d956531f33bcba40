import Foundation
import Statistics
import TestSupport
import Testing

@testable import Evidence

/// What no measurement can have said is refused, with its field: a decision would be made of it.
@Suite struct AbsurdFiguresTests {
  private static let build = BenchReport.Build(version: "1", commit: nil)
  private static let from = UTCInstant(Date(timeIntervalSince1970: 1_795_600_800))
  private static let to = UTCInstant(Date(timeIntervalSince1970: 1_796_810_400))

  private static func interval(_ value: Double) -> Estimate {
    Estimate(value, lower: value / 2, upper: value * 1.25, basis: .measured)
  }

  private static let monitor = MonitorReport(
    origin: .live, outgrown: build, service: "s", url: nil, sensor: .heartbeats, from: from, to: to,
    secondsByState: ["UP": 600_000, "ASLEEP": 609_600], uptime: 1, wakes: 30, wakeSeconds: interval(25),
    startSeconds: interval(3), affectedShare: interval(0.2), visits: 400, affectedVisits: 80,
    instanceHoursPerMonth: interval(362), causedSeconds: 0, probes: 10, probesAnswered: 1, transitions: [],
    memoryPeakBytes: 183_500_800)

  private static let plans = PlansReport(
    origin: .emulated, startedAt: from, durationSeconds: 60, outgrown: build, machine: Machine(cores: 2),
    command: ["app"],
    scenario: ScenarioSummary(
      name: "morning", fileSHA256: nil, target: "http://127.0.0.1", model: .init(kind: .rate, stages: []), seed: 1,
      warmUpSeconds: 0, gracefulStopSeconds: 0),
    catalogue: "render-2026-10", limiter: .cgroupV1, timeScale: 1,
    plans: [
      PlanFigures(
        plan: "free", cpu: 0.1, memoryMegabytes: 512, outcome: .measured, constraint: .latency, explanation: "latency",
        capacity: interval(40), start: interval(2), platformWake: interval(20), coldVisit: interval(22), cpuShare: 1,
        peakMemoryBytes: 183_500_800,
        trials: [.init(ratePerSecond: 40, isWithinBudgets: true, p95Milliseconds: 20, failedShare: 0)])
    ])

  private static let traffic = Traffic(
    origin: .live, outgrown: build, sources: ["access.log"], timeZone: "UTC", from: from, to: to,
    visitsByHourOfWeek: [Double](repeating: 1, count: 168), requestsPerVisit: 3,
    peak: .init(requestsPerSecondInBusiestMinute: 1, requestsInBusiestSecond: 4, at: from),
    egressBytesPerMonth: 1e9,
    counted: .init(
      visits: [5, 900], visitGapSeconds: 300, activity: [[5, 9]], otherActivity: [[100, 200]], spanGapSeconds: 60,
      requests: 9, unreadableLines: 0),
    setApart: [.init(name: "UptimeRobot", kind: .monitor, requests: 40, medianIntervalSeconds: 300)])

  /// The document with one figure changed, whose path names members and, by number, elements.
  private func refusal<Document: BoundedDocument>(
    _ document: Document, _ path: String, _ value: any Sendable
  ) throws -> String? {
    let bytes = try EvidenceFile.encode(document)
    _ = try EvidenceFile.decode(Document.self, from: bytes)
    do {
      _ = try EvidenceFile.decode(Document.self, from: ChangedJSON.setting(path, value, in: bytes))
      return nil
    } catch {
      return (error as? EvidenceError)?.message
    }
  }

  /// As a message names it: `plans[0].cpu`.
  private func shown(_ path: String) -> String {
    path.split(separator: ".").reduce("") { $0 + (Int($1) == nil ? ($0.isEmpty ? "\($1)" : ".\($1)") : "[\($1)]") }
  }

  private static let estimates = ["value", "lower", "upper"]

  @Test(
    "in monitor.json",
    arguments: [
      ("time_scale", [1e300, -1, 0]), ("uptime", [1e300, -0.1, 1.5]), ("wakes", [1e300, -1]),
      ("visits", [1e300, -1, 79]), ("affected_visits", [1e300, -1, 800]), ("caused_s", [1e300, -1]),
      ("probes", [1e300, -1]), ("probes_answered", [1e300, -1]), ("memory_peak_bytes", [1e300, -1, 0]),
      ("seconds_by_state.UP", [1e300, -1]), ("seconds_by_state.ASLEEP", [1e300, -1]),
    ]
      + estimates.flatMap { part in
        [
          ("wake_s.\(part)", [1e300, -1, 90_000]), ("app_start_s.\(part)", [1e300, -1, 90_000]),
          ("affected_share.\(part)", [1e300, -0.1, 1.5]), ("instance_hours_per_month.\(part)", [1e300, -1, 800]),
        ]
      } as [(String, [Double])])
  func monitor(path: String, values: [Double]) throws {
    for value in values {
      let said = try refusal(Self.monitor, path, value)
      #expect(
        said?.contains(shown(path)) == true || said?.contains("affected_visits") == true, "\(value): \(said ?? "")")
    }
  }

  @Test(
    "in plans.json",
    arguments: [
      ("duration_s", [1e300, -1]), ("time_scale", [1e300, -1]), ("machine.cores", [1e300, -1]),
      ("plans.0.cpu", [1e300, -1]), ("plans.0.memory_mb", [1e300, -1]), ("plans.0.memory_kills", [1e300, -1]),
      ("plans.0.cpu_share_of_quota", [1e300, -1]), ("plans.0.peak_memory_bytes", [1e300, -1]),
      ("plans.0.trials.0.rate_per_s", [1e300, -1]), ("plans.0.trials.0.p95_ms", [1e300, -1]),
      ("plans.0.trials.0.failed_share", [1e300, -0.1, 1.5]), ("plans.0.trials.0.measured_s", [1e300, -1]),
    ]
      + estimates.flatMap { part in
        [
          ("plans.0.capacity.\(part)", [1e300, -1]), ("plans.0.start.\(part)", [1e300, -1, 90_000]),
          ("plans.0.platform_wake_s.\(part)", [1e300, -1, 90_000]),
          ("plans.0.cold_visit_s.\(part)", [1e300, -1, 90_000]),
        ]
      } as [(String, [Double])])
  func plans(path: String, values: [Double]) throws {
    for value in values {
      let said = try refusal(Self.plans, path, value)
      #expect(said?.contains(shown(path)) == true, "\(value): \(said ?? "")")
    }
  }

  @Test(
    "in traffic.json",
    arguments: [
      ("visits_by_hour_of_week.0", [1e300, -1]), ("requests_per_visit", [1e300, -1, 0]),
      ("egress_bytes_per_month", [1e300, -1]), ("peak.requests_per_second_in_busiest_minute", [1e300, -1]),
      ("peak.requests_in_busiest_second", [1e300, -1]), ("counted.visits.0", [1e300, -1]),
      ("counted.visit_gap_s", [1e300, -1, 0]), ("counted.span_gap_s", [1e300, -1, 0]),
      ("counted.requests", [1e300, -1]), ("counted.unreadable_lines", [1e300, -1]),
      ("counted.activity.0.0", [1e300, -1, 800]), ("counted.other_activity.0.1", [1e300, -1, 8]),
      ("set_apart.0.requests", [1e300, -1]), ("set_apart.0.median_interval_s", [1e300, -1]),
    ] as [(String, [Double])])
  func traffic(path: String, values: [Double]) throws {
    let field = path.split(separator: ".").last { Int($0) == nil } ?? ""
    for value in values {
      let said = try refusal(Self.traffic, path, value)
      #expect(said?.contains(field) == true, "\(value): \(said ?? "")")
    }
  }

  @Test("a figure outside of its own interval, and an end before the beginning")
  func order() throws {
    #expect(try refusal(Self.monitor, "affected_share.lower", 0.9)?.contains("affected_share.value") == true)
    #expect(try refusal(Self.plans, "plans.0.capacity.upper", 1.0)?.contains("plans[0].capacity.value") == true)
    #expect(try refusal(Self.traffic, "to", "2026-01-01T00:00:00.000Z")?.hasPrefix("to, 2026-01-01") == true)
  }
}
