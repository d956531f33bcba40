import Evidence
import Foundation
import Testing

@testable import ProvisionTraffic

@Suite struct TrafficSummaryTests {
  private static let build = BenchReport.Build(version: "0", commit: nil)

  @Test("a log's summary: the week as a strip, gaps, peak and who was set apart")
  func log() throws {
    let zone = try #require(TimeZone(identifier: "UTC"))
    // Two weeks of a visit at 09:00 on every day, and a pinger.
    var lines = (0..<14).map { LogTrafficTests.line($0 * 86_400 + 32_400, "203.0.113.\($0)") }
    lines += (0..<(14 * 288)).map { LogTrafficTests.line($0 * 300, "192.0.2.1", "UptimeRobot/2.0") }
    let traffic = try LogTraffic(timeZone: zone, logTimeZone: zone).read(
      text: lines.joined(separator: "\n"), name: "access.log", build: Self.build)
    let summary = TrafficSummary.render(traffic, affected: "0 % of visits")
    #expect(summary[0] == "access.log  14 days · 4,046 requests · 14 visits · 1 request a visit")
    #expect(summary[3] == "  Mon  ·········█··············")
    #expect(summary.contains("  affected now   0 % of visits"))
    #expect(summary.contains { $0.hasPrefix("  gaps           13 over 15 minutes without a person, the longest 24 h") })
    #expect(summary.contains("    UptimeRobot/2.0  monitor, 4,032 requests, every 5 min"))
    #expect(summary.last == "  ! already kept awake by UptimeRobot/2.0, every 5 minutes")
  }

  @Test("stated traffic says that it is stated")
  func stated() throws {
    let traffic = try StatedTraffic.read(text: "visits_per_day: 10", file: "traffic.yaml", build: Self.build)
    #expect(TrafficSummary.render(traffic, affected: nil)[0] == "traffic.yaml  stated: 70 visits a week · hours in UTC")
  }
}
