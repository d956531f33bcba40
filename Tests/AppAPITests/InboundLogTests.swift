import AppDomain
import Foundation
import Synchronization
import TestSupport
import Testing
import Visits

@testable import AppAPI

@Suite struct InboundLogTests {
  private final class Clock: Sendable {
    let seconds = Mutex(1_000.0)

    func advance(_ by: Double) { seconds.withLock { $0 += by } }
  }

  @Test(
    "clients are told apart by their User-Agent",
    arguments: [
      ("Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0", RequestClient.browser), ("okhttp/4.12", .program),
      ("", .program), ("Mozilla/5.0 (compatible; Googlebot/2.1)", .bot),
      ("Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", .monitor),
      ("Better Uptime Bot", .monitor), ("Outgrown/0.1.0 (monitor)", .monitor), ("Render/1.0", .platform),
      ("Outgrown/0.1.0 (load test; +campus-morning)", .load), ("check_http/v2.3 (nagios-plugins 2.3)", .monitor),
      ("kube-probe/1.29", .platform),
    ])
  func agents(agent: String, client: RequestClient) { #expect(RequestClient(Caller(agent: agent)) == client) }

  @Test("people's and bots' requests are inbound; probes are apart; the platform's checks are nowhere")
  func kinds() {
    let clock = Clock()
    let log = InboundLog { clock.seconds.withLock { $0 } }
    log.record(path: "/health", agent: "Render/1.0", forwardedFor: nil)
    #expect(log.lastInboundAt == nil && log.lastProbeAt == nil)
    log.record(path: "/health", agent: "Go-http-client/1.1", forwardedFor: nil)
    #expect(log.lastProbeAt == 1_000 && log.lastOutsideProbeAt == nil && log.firstRequest == nil)
    clock.advance(1)
    log.record(path: "/health", agent: "curl/8", forwardedFor: "203.0.113.7")
    #expect(log.lastOutsideProbeAt == 1_001)
    clock.advance(1)
    log.record(path: "/schedules", agent: "UptimeRobot/2.0", forwardedFor: "203.0.113.7")
    #expect(log.lastOutsideProbeAt == 1_002 && log.inboundTotal == 0 && log.lastInboundAt == nil)
    clock.advance(1)
    log.record(path: "/schedules", agent: "Googlebot", forwardedFor: "203.0.113.8")
    #expect(log.lastInboundAt == 1_003 && log.inboundTotal == 1 && log.visits.all == 0)
    #expect(log.firstRequest == ServiceBoot.FirstRequest(at: 1_003, client: .bot, path: "/schedules"))
  }

  @Test("a visit begins with a new client or after five silent minutes; those that were held are early")
  func visits() {
    let clock = Clock()
    let log = InboundLog { clock.seconds.withLock { $0 } }
    log.record(path: "/", agent: "Mozilla/5.0 a", forwardedFor: "10.0.0.1")
    clock.advance(0.1)
    log.record(path: "/", agent: "Mozilla/5.0 a", forwardedFor: "10.0.0.2")
    log.record(path: "/", agent: "Mozilla/5.0 b", forwardedFor: "10.0.0.1")
    log.record(path: "/more", agent: "Mozilla/5.0 a", forwardedFor: "10.0.0.1")
    #expect(log.visits == (3, 3))
    clock.advance(10)
    log.record(path: "/", agent: "Mozilla/5.0 c", forwardedFor: "10.0.0.3")
    log.record(path: "/", agent: "Mozilla/5.0 a", forwardedFor: "10.0.0.1")
    #expect(log.visits == (4, 3))
    clock.advance(299)
    log.record(path: "/", agent: "Mozilla/5.0 a", forwardedFor: "10.0.0.1, 10.9.9.9")
    #expect(log.visits == (4, 3))
    clock.advance(300)
    log.record(path: "/", agent: "Mozilla/5.0 a", forwardedFor: "10.0.0.1")
    #expect(log.visits == (5, 3))
    #expect(log.inboundTotal == 8)
  }

  @Test("an hour of the load test is no visit, and keeps the idle clock from running out")
  func load() {
    let clock = Clock()
    let log = InboundLog { clock.seconds.withLock { $0 } }
    for user in 0..<3_600 {
      clock.advance(1)
      log.record(
        path: "/schedules", agent: "Outgrown/0.1.0 (load test; +campus-morning)",
        forwardedFor: "198.51.100.\(user % 99)")
    }
    #expect(log.visits == (0, 0) && log.inboundTotal == 3_600 && log.lastInboundAt == 4_600)
    #expect(log.firstRequest?.client == .load)
  }

  @Test("/health tells of the requests before it")
  func health() async throws {
    try await ServiceUnderTest.run { service in
      let before = try await service.get("/health").object
      #expect(before["last_inbound_at"] is NSNull && before["last_probe_at"] is NSNull)
      let second = try await service.get("/health").object
      #expect(second["last_inbound_at"] is NSNull && second["last_probe_at"] as? String == "2026-11-24T00:28:20.000Z")
      // What no route matches resets a platform's clock too.
      _ = try await service.get("/nowhere")
      #expect(try await service.get("/health").object["last_inbound_at"] as? String == "2026-11-24T00:28:20.000Z")
    }
  }

  @Test("a heartbeat's body is what the monitor reads")
  func body() throws {
    let clock = Clock()
    let log = InboundLog { clock.seconds.withLock { $0 } }
    let boot = Boot(id: "b", startedAt: 990, version: "1")
    log.isReady()
    log.record(path: "/a\"b", agent: "Mozilla/5.0", forwardedFor: nil)
    let bytes = log.heartbeat(of: boot, sequence: 3, state: .running, now: 1_001).encoded
    let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    #expect(object["boot_id"] as? String == "b" && object["sequence"] as? Int == 3)
    #expect(object["state"] as? String == "running" && object["ready_at"] as? String == "1970-01-01T00:16:40.000Z")
    #expect(object["visits"] as? Int == 1 && object["inbound_total"] as? Int == 1)
    #expect((object["first_request"] as? [String: Any])?["client"] as? String == "browser")
    let peak = try #require((object["memory"] as? [String: Any])?["peak"] as? Int)
    #expect(peak > 1 << 20)
  }
}
