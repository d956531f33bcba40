import Evidence
import Testing
import Visits

@Suite struct HeartbeatTests {
  @Test("what the service sends is what the monitor reads")
  func roundtrip() throws {
    let at = UTCInstant(seconds: 1_795_600_800.25)
    let full = Heartbeat(
      bootID: "b", sequence: 3, state: .running, sentAt: at, startedAt: at, readyAt: at, lastInboundAt: at,
      lastProbeAt: at, inboundTotal: 7, visits: 2, earlyVisits: 1,
      firstRequest: .init(at: at, path: "/a\"b\\\u{7F}\n", client: "browser"))
    #expect(try Heartbeat.decode(full.encoded) == full)
    let bare = Heartbeat(bootID: "b", sequence: 0, state: .starting)
    #expect(try Heartbeat.decode(bare.encoded) == bare)
    #expect(String(decoding: bare.encoded, as: UTF8.self).contains("\"first_request\":null"))
  }
}
