import Evidence
import MonitorSleep
import Testing

@testable import MonitorCommand

@Suite struct MonitorSummaryTextTests {
  private static let start = 1_800_000_000.0

  private func text(_ changes: [(at: Double, to: MonitorReport.State)]) -> [Substring] {
    var state = MonitorReport.State.up
    let history = WatchHistory(
      service: "schedule", url: nil, sensor: .heartbeats, rules: SleepRules(), timeScale: 1, from: Self.start,
      to: Self.start + 6_400, stateBefore: .up,
      changes: changes.map { change in
        defer { state = change.to }
        return StateChange(
          at: Self.start + change.at, seenAt: Self.start + change.at, from: state, to: change.to, cause: "")
      })
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

  @Test("an outage shorter than a mark still shows")
  func shortOutage() {
    let lines = text([(1_010, .down), (1_020, .up)])
    #expect(lines[1].count { $0 == "X" } == 1 && lines[1].count == 66)
  }
}
