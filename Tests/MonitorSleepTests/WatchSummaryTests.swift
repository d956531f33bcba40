import Evidence
import Foundation
import MonitorSleep
import Statistics
import TestSupport
import Testing

@Suite struct WatchSummaryTests {
  private static let start = 1_800_000_000.0
  private static let build = BenchReport.Build(version: "1", commit: nil)

  private func change(_ at: Double, _ from: MonitorReport.State, _ to: MonitorReport.State) -> StateChange {
    StateChange(at: Self.start + at, seenAt: Self.start + at + 1, from: from, to: to, cause: "because")
  }

  /// Two hours: up, asleep, woken, down, up.
  static func sample() -> WatchHistory {
    let tests = WatchSummaryTests()
    return WatchHistory(
      service: "s", url: "https://h", sensor: .heartbeats, rules: SleepRules(), timeScale: 1, from: start,
      to: start + 7_200, stateBefore: .up,
      changes: [
        tests.change(1_000, .up, .asleep), tests.change(2_800, .asleep, .waking), tests.change(2_810, .waking, .up),
        tests.change(4_000, .up, .down), tests.change(4_360, .down, .up),
      ],
      boots: [
        .init(
          id: "a", startedAt: start + 2_800, readyAt: start + 2_810, lastSeenAt: start + 7_200, isWake: true,
          visits: 30, earlyVisits: 2, inbound: 90, firstClient: "browser", firstPath: "/")
      ],
      samples: [
        .init(at: start + 3_900, sign: .alive, status: 200, totalSeconds: 0.1, clockStart: start + 3_800),
        .init(at: start + 4_010, sign: .down, status: 502, totalSeconds: 0.1, clockStart: nil),
      ],
      days: [.init(day: 20_833, visits: 40, affected: 2)])
  }

  @Test("seconds by state add up to the span; uptime leaves sleep out; the monitor's share is taken off")
  func figures() throws {
    let report = WatchSummary(Self.sample()).report(origin: .live, build: Self.build)
    #expect(abs((report.secondsByState["UP"] ?? 0) - (1_000 + 1_190 + 2_840)) < 0.01)
    #expect(abs((report.secondsByState["ASLEEP"] ?? 0) - 1_800) < 0.01)
    #expect(abs((report.secondsByState["DOWN"] ?? 0) - 360) < 0.01)
    #expect(abs(report.secondsByState.values.reduce(0, +) - 7_200) < 0.01)
    #expect(abs((report.uptime ?? 0) - 5_030 / 5_390) < 1e-9)
    #expect(report.wakes == 1 && report.startSeconds?.value == 10 && report.wakeSeconds == nil)
    #expect(report.visits == 40 && report.affectedVisits == 2 && report.affectedShare?.value == 0.05)
    #expect(report.probes == 2 && report.probesAnswered == 1)
    // 100 s after the last request the probe reset the clock.
    #expect(report.causedSeconds == 100 && report.causedBasis == .modelled)
  }

  @Test("hours a month are told by whole days; where nothing but the month bounds them, they are null")
  func hours() throws {
    let short = WatchSummary(Self.sample()).report(origin: .live, build: Self.build)
    #expect(short.instanceHoursPerMonth == nil)
    #expect(short.warnings.contains { $0.contains("less than two whole days") })
    // Days of 20 minutes.
    var history = Self.sample()
    history.timeScale = 72
    let long = WatchSummary(history).report(origin: .emulated, build: Self.build)
    let hours = try #require(long.instanceHoursPerMonth)
    #expect(abs(hours.value - 730 * (5_040 - 100) / 7_200) < 1e-6)
    #expect(0 < hours.lower && hours.lower < hours.value && hours.value < hours.upper && hours.upper <= 730)
    // Two days, of which one ran through and one not at all.
    history.timeScale = 24
    history.samples = []
    history.changes = [
      StateChange(at: Self.start + 3_600, seenAt: Self.start + 3_600, from: .up, to: .asleep, cause: "")
    ]
    let unlike = WatchSummary(history).report(origin: .emulated, build: Self.build)
    #expect(unlike.instanceHoursPerMonth == nil)
    #expect(unlike.warnings.contains { $0.hasPrefix("2 days differ too much") }, "\(unlike.warnings)")
  }

  @Test("from an access log visits are replayed against the idle clock")
  func accessLog() {
    var history = Self.sample()
    history.sensor = .accessLog
    history.days = []
    history.samples = []
    // Warm after 100 s, cold after more than 900 s.
    history.requests = [100, 200, 2_000, 2_100, 6_000].map { .init(at: Self.start + $0, isVisit: true) }
    let report = WatchSummary(history).report(origin: .live, build: Self.build)
    #expect(report.visits == 4 && report.affectedVisits == 2)
    #expect(report.causedSeconds == 0 && report.causedBasis == .counted)
  }

  @Test("days that differ widen the interval; of days alike only their number does")
  func clusters() throws {
    let alike = try #require(LongRun.share((0..<10).map { _ in (10, 100) }))
    #expect(alike.value == 0.1 && abs(alike.lower - 0.0805) < 0.001 && abs(alike.upper - 0.1236) < 0.001)
    let unlike = try #require(LongRun.share((0..<10).map { ($0.isMultiple(of: 2) ? 0 : 20, 100) }))
    #expect(unlike.lower < alike.lower - 0.02 && unlike.upper > alike.upper + 0.02)
    #expect(LongRun.share([]) == nil && LongRun.share([(0, 0)]) == nil)
  }

  @Test("memory is reported where it was told, and not there otherwise; a report of before it could be is read")
  func memory() throws {
    var history = Self.sample()
    let untold = WatchSummary(history).report(origin: .live, build: Self.build)
    let bytes = try EvidenceFile.encode(untold)
    #expect(untold.memoryPeakBytes == nil && !String(decoding: bytes, as: UTF8.self).contains("memory_peak_bytes"))
    #expect(try EvidenceFile.decode(MonitorReport.self, from: bytes) == untold)
    history.memoryPeakBytes = 183_500_800
    let told = WatchSummary(history).report(origin: .live, build: Self.build)
    #expect(told.memoryPeakBytes == 183_500_800)
    #expect(try EvidenceFile.decode(MonitorReport.self, from: EvidenceFile.encode(told)) == told)
  }

  @Test(
    "memory that can be none is refused with its field",
    arguments: ["0", "-1", "1125899906842625", "1e300", "1.5", "\"175 MB\""])
  func absurdMemory(value: String) throws {
    var history = Self.sample()
    history.memoryPeakBytes = 183_500_800
    let report = try EvidenceFile.encode(WatchSummary(history).report(origin: .live, build: Self.build))
    let text = String(decoding: report, as: UTF8.self).replacing(": 183500800", with: ": \(value)")
      .replacing(" : 183500800", with: " : \(value)")
    let error = #expect(throws: EvidenceError.self) {
      try EvidenceFile.decode(MonitorReport.self, from: Data(text.utf8))
    }
    #expect(error?.message.contains("memory_peak_bytes") == true, "\(error?.message ?? "")")
  }

  @Test("nothing seen is nothing known")
  func empty() {
    let history = WatchHistory(
      service: "s", url: nil, sensor: .heartbeats, rules: SleepRules(), timeScale: 1, from: Self.start,
      to: Self.start + 60)
    let report = WatchSummary(history).report(origin: .live, build: Self.build)
    #expect(report.uptime == nil && report.affectedShare == nil && report.instanceHoursPerMonth == nil)
    #expect(report.secondsByState["UNKNOWN"] == 60)
  }
}

/// `schemas/monitor-report.schema.json` and the decoder judge alike, the schema by Python's jsonschema.
@Suite(.enabled(if: SchemaCorpus.python != nil, "needs python3 with PyPI jsonschema"))
struct MonitorReportSchemaTests {
  @Test("a report with one part changed is judged alike by schema and decoder")
  func mutations() throws {
    var history = WatchSummaryTests.sample()
    history.memoryPeakBytes = 183_500_800
    history.samples.append(
      .init(at: 1_800_002_800, sign: .waking, status: 200, totalSeconds: 12.5, clockStart: nil))
    let report = WatchSummary(history).report(
      origin: .live, build: BenchReport.Build(version: "1", commit: "abc"))
    let newer: [String: any Sendable] = ["name": "outgrown-monitor-report", "version": 2]
    try SchemaCorpus("monitor-report").expectAlike(
      EvidenceFile.encode(report), extra: [("newer", newer), ("state", "UP"), ("basis", "counted"), ("absurd", 1e300)],
      stricter: SchemaCorpus.estimates(["wake_s", "app_start_s", "affected_share", "instance_hours_per_month"])
        .union(["visits", "affected_visits"]),
      expecting: (documents: 800, refused: 500),
      decoder: { (try? EvidenceFile.decode(MonitorReport.self, from: $0)) != nil })
  }
}
