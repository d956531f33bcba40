import Evidence
import MonitorSleep
import Testing

@testable import MonitorCommand

@Suite struct MonitorSummaryTextTests {
  private static let start = 1_800_000_000.0

  private func text(
    _ changes: [(at: Double, to: MonitorReport.State)], rules: SleepRules = SleepRules(),
    samples: [WatchHistory.Sample] = [], days: [WatchHistory.VisitDay] = [], memory: Int? = nil
  ) -> [Substring] {
    var state = MonitorReport.State.up
    let history = WatchHistory(
      service: "schedule", url: nil, sensor: .heartbeats, rules: rules, timeScale: 1, from: Self.start,
      to: Self.start + 6_400, stateBefore: .up,
      changes: changes.map { change in
        defer { state = change.to }
        return StateChange(
          at: Self.start + change.at, seenAt: Self.start + change.at, from: state, to: change.to, cause: "")
      }, samples: samples, days: days, memoryPeakBytes: memory)
    let summary = WatchSummary(history)
    let report = summary.report(origin: .emulated, build: BenchReport.Build(version: "1", commit: nil))
    return MonitorSummaryText(report, spans: summary.spans).text.split(separator: "\n")
  }

  @Test("the strip shows the time in its proportions, and says what was emulated")
  func strip() {
    let lines = text([(3_200, .asleep), (6_300, .down)])
    #expect(lines[0].hasPrefix("schedule   2027-01-15 08:00 – 2027-01-15 09:46 UTC, 106 m 40 s, by heartbeats"))
    #expect(lines[0].hasSuffix(", EMULATED"))
    #expect(lines[1] == "  " + String(repeating: "█", count: 32) + String(repeating: "·", count: 31) + "X")
    #expect(lines[2] == "  █ up  · asleep  X down")
    #expect(lines.contains { $0.hasPrefix("  uptime          97.0 %") })
    #expect(lines.contains { $0.hasPrefix("  cold visits     not known") })
    #expect(lines.contains { $0.hasPrefix("  monitor caused  nothing") })
  }

  @Test("requests that reached the app of a plan that never sleeps caused no time awake, not nothing")
  func reached() {
    func sample(_ at: Double) -> WatchHistory.Sample {
      .init(at: Self.start + at, sign: .alive, status: 200, totalSeconds: 0.1, clockStart: nil)
    }
    var rules = SleepRules()
    rules.idle = nil
    let lines = text([], rules: rules, samples: [sample(10), sample(20), sample(30)])
    #expect(
      lines.contains { $0 == "  monitor caused  no time awake       3 requests, 3 of them reached the app" }, "\(lines)"
    )
    let one = text([], rules: rules, samples: [sample(10)], days: [.init(day: 20_833, visits: 1, affected: 0)])
    #expect(one.contains { $0.hasSuffix("1 request, 1 of them reached the app") }, "\(one)")
    #expect(one.contains { $0.hasSuffix("counted: 0 of 1 visit") }, "\(one)")
    #expect(one.contains { $0.hasPrefix("  hours a month   not known yet") }, "\(one)")
  }

  @Test("memory has its line where heartbeats told it")
  func memory() {
    #expect(text([], memory: 183_500_800).contains { $0.hasPrefix("  memory          175 MB ") })
    #expect(!text([]).contains { $0.contains("memory") })
  }

  @Test("an outage shorter than a mark still shows")
  func shortOutage() {
    let lines = text([(1_010, .down), (1_020, .up)])
    #expect(lines[1].count { $0 == "X" } == 1 && lines[1].count == 66)
  }
}
