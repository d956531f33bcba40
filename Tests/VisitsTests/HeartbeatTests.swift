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
      firstRequest: .init(at: at, path: "/a\"b\\\u{7F}\n", client: "browser"),
      memory: .init(peak: 183_500_800))
    #expect(try Heartbeat.decode(full.encoded) == full)
    let bare = Heartbeat(bootID: "b", sequence: 0, state: .starting)
    #expect(try Heartbeat.decode(bare.encoded) == bare)
    #expect(String(decoding: bare.encoded, as: UTF8.self).contains("\"first_request\":null"))
    #expect(String(decoding: full.encoded, as: UTF8.self).contains(#""memory":{"peak":183500800}"#))
  }

  private static func beat(_ field: String) -> [UInt8] {
    Array(#"{"boot_id":"b","sequence":0,"state":"running",\#(field)}"#.utf8)
  }

  @Test(
    "memory that is not known is none, and its largest is read",
    arguments: [
      (#""memory":{"peak":1}"#, 1), (#""memory":{"peak":1125899906842624}"#, 1 << 50), (#""memory":null"#, nil),
      (#""memory":{"peak":null}"#, nil), (#""memory":{}"#, nil), (#""memory":{"current":-1}"#, nil),
    ] as [(String, Int?)])
  func memory(field: String, peak: Int?) throws {
    #expect(try Heartbeat.decode(Self.beat(field)).memory?.peak == peak)
  }

  @Test(
    "what can be no memory, and no count, is refused with its field",
    arguments: ["0", "-1", "-183500800", "1125899906842625", "1e300", "1.5", "\"175 MB\"", "true", "[1]"].map {
      (#""memory":{"peak":\#($0)}"#, "memory.peak")
    } + [
      (#""memory":183500800"#, "memory"), (#""inbound_total":-1"#, "inbound_total"), (#""visits":1e300"#, "visits"),
      (#""visits":1000000000001"#, "visits"), (#""early_visits":-3"#, "early_visits"),
    ])
  func refused(field: String, name: String) {
    let error = #expect(throws: Heartbeat.Invalid.self) { try Heartbeat.decode(Self.beat(field)) }
    #expect(error?.description.hasPrefix(name + ": ") == true, "\(error?.description ?? "")")
  }
}
