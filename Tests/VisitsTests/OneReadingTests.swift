import Evidence
import Foundation
import ProvisionTraffic
import Synchronization
import TestSupport
import Testing

@testable import AppAPI
@testable import MonitorCommand
@testable import Visits

/// One log through the app, the monitor and the decision.
@Suite struct OneReadingTests {
  private static let robots = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://g)", "Mozilla/5.0+(compatible; UptimeRobot/2.0; x)",
    "cron-job.org",
    "Gatus/1.0", "check_http/v2.3 (nagios-plugins 2.3)", "Render/1.0", "Outgrown/0.1.0 (monitor)",
  ]

  /// 96 visits of browsers and 5 of an application, among what is no visit: robots, monitors, checks, an hour of load.
  private static let requests: [LoggedRequest] = {
    var requests = LoggedRequest.all
    let start = requests[0].seconds
    for (place, agent) in robots.enumerated() {
      for time in 0..<9 {
        requests.append(
          LoggedRequest(
            seconds: start + time * 61_003 + place * 500, client: "192.0.2.\(place)", agent: agent, path: "/", number: 0
          ))
      }
    }
    for time in [0, 4_100, 90_001, 200_011, 330_303] {
      requests.append(
        LoggedRequest(seconds: start + time, client: "192.0.2.77", agent: "okhttp/4.12", path: "/", number: 0))
    }
    for second in 0..<3_600 {
      requests.append(
        LoggedRequest(
          seconds: start + 40_000 + second, client: "198.51.100.\(second % 50)",
          agent: (second.isMultiple(of: 2) ? "" : "Mozilla/5.0 (X11) Firefox/130.0 ")
            + "Outgrown/0.1.0 (load test; +campus-morning)", path: "/schedules", number: 0))
    }
    return requests.sorted { $0.seconds < $1.seconds }
  }()

  @Test("the same requests are as many visits for the app, the monitor and the decision")
  func alike() async throws {
    let lines = Self.requests.map(\.combined)

    let clock = Mutex(0.0)
    let app = InboundLog { clock.withLock { $0 } }
    for request in Self.requests {
      clock.withLock { $0 = Double(request.seconds) }
      app.record(path: request.path, agent: request.agent, forwardedFor: request.client)
    }
    #expect(app.visits.all == 101)

    let zone = try #require(TimeZone(identifier: "UTC"))
    let traffic = try LogTraffic(timeZone: zone, logTimeZone: zone)
      .read(text: lines.joined(separator: "\n"), name: "access.log", build: .init(version: "0", commit: nil))
    #expect(traffic.counted?.visits.count == 101)

    try await withTemporaryDirectory { folder in
      let path = folder + "/access.log"
      var tail = AccessLogTail(path: path)
      #expect(tail.read(at: 0).isEmpty)
      try lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
      let seen = tail.read(at: 4e9)
      #expect(seen.count { $0.isVisit } == 101 && seen.count { $0.isOwn } == 9)
      // The platform's checks are nowhere.
      #expect(seen.count == lines.count - 9)
    }
  }

  @Test("a script's rhythm shows in a whole log: the decision sets it apart, who counts as it comes can't take it back")
  func rhythm() throws {
    let requests = (0..<200).map {
      LoggedRequest(
        seconds: LoggedRequest.all[0].seconds + $0 * 600, client: "192.0.2.78", agent: "curl/8.5.0", path: "/",
        number: 0)
    }
    let clock = Mutex(0.0)
    let app = InboundLog { clock.withLock { $0 } }
    for request in requests {
      clock.withLock { $0 = Double(request.seconds) }
      app.record(path: request.path, agent: request.agent, forwardedFor: request.client)
    }
    #expect(app.visits.all == 200)
    let zone = try #require(TimeZone(identifier: "UTC"))
    let traffic = try LogTraffic(timeZone: zone, logTimeZone: zone)
      .read(
        text: requests.map(\.combined).joined(separator: "\n"), name: "access.log",
        build: .init(version: "0", commit: nil))
    #expect(traffic.counted?.visits.isEmpty == true)
    #expect(traffic.setApart.map(\.kind) == [.monitor])
  }
}
