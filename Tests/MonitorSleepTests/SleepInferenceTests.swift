import Evidence
import Foundation
import MonitorSleep
import Testing
import Visits

/// One situation after another, as the rules say; idle 900 s, heartbeats each 60 s, grace 30 s, probes each 15 s.
@Suite struct SleepInferenceTests {
  private static let start = 1_800_000_000.0

  /// A script: what is seen when, and the states that follow.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var canProbe = true
    var sensor = SleepInference.Sensor.heartbeats
    var idle: Double? = 900
    var script: [(at: Double, seen: SleepObservation)]
    var states: [(to: MonitorReport.State, at: Double)]
  }

  static func beat(
    _ boot: String, _ sequence: Int, _ state: Heartbeat.State = .running, started: Double, inbound: Double? = nil,
    ready: Double? = nil
  ) -> SleepObservation {
    func instant(_ seconds: Double?) -> UTCInstant? {
      seconds.map { UTCInstant(Date(timeIntervalSince1970: start + $0)) }
    }
    return .heartbeat(
      Heartbeat(
        bootID: boot, sequence: sequence, state: state, startedAt: instant(started), readyAt: instant(ready),
        lastInboundAt: instant(inbound)))
  }

  /// Heartbeats each 60 s, the last one at `until`.
  static func running(_ boot: String = "a", until: Double, inbound: Double) -> [(Double, SleepObservation)] {
    stride(from: 0, through: until, by: 60).enumerated().map {
      ($1, beat(boot, $0, started: 0, inbound: min($1, inbound), ready: 0))
    }
  }

  static let cases: [Case] = [
    Case(
      testDescription: "a heartbeat says UP", script: [(0, beat("a", 0, started: -5))], states: [(.up, 0)]),
    Case(
      testDescription: "a goodbye that fits the idle clock is sleep",
      script: running(until: 900, inbound: 10) + [(910, beat("a", 16, .stopping, started: 0, inbound: 10))],
      states: [(.up, 0), (.asleep, 910)]),
    Case(
      testDescription: "a goodbye before its time, with the edge's error, is DOWN after three failures",
      script: running(until: 120, inbound: 100) + [
        (130, beat("a", 3, .stopping, started: 0, inbound: 100)), (145, .probe(.down)), (160, .probe(.down)),
      ],
      states: [(.up, 0), (.down, 130)]),
    Case(
      testDescription: "a goodbye before its time without a URL is DOWN once three heartbeats are missing",
      canProbe: false,
      script: running(until: 120, inbound: 100) + [
        (130, beat("a", 3, .stopping, started: 0, inbound: 100)), (300, .tick), (360, .tick),
      ],
      states: [(.up, 0), (.down, 130)]),
    Case(
      testDescription: "a restart: goodbye, then the next run, is no outage",
      script: running(until: 120, inbound: 100) + [
        (130, beat("a", 3, .stopping, started: 0, inbound: 100)), (134, beat("b", 0, started: 132, ready: 134)),
        (194, beat("b", 1, started: 132)), (254, .tick),
      ],
      states: [(.up, 0)]),
    Case(
      testDescription: "a deployment: the new run beats before the old one stops",
      script: running(until: 120, inbound: 100) + [
        (130, beat("b", 0, started: 125)), (135, beat("a", 3, .stopping, started: 0, inbound: 130)),
        (190, beat("b", 1, started: 125)), (250, beat("b", 2, started: 125)),
      ],
      states: [(.up, 0)]),
    Case(
      testDescription: "a crash with a quick restart is an outage between the last sign and the new start",
      script: running(until: 120, inbound: 100) + [
        (150, beat("b", 0, started: 148, ready: 150)), (210, beat("b", 1, started: 148)),
      ],
      states: [(.up, 0), (.down, 120), (.up, 150)]),
    Case(
      testDescription:
        "silence that fits the clock, confirmed by the edge's robots.txt, is sleep since the clock ran out",
      script: running(until: 900, inbound: 10) + [(990, .tick), (990.5, .probe(.asleep))],
      states: [(.up, 0), (.asleep, 910)]),
    Case(
      testDescription: "silence that fits the clock, with the edge's error, is DOWN",
      script: running(until: 900, inbound: 10) + [
        (990, .tick), (990.5, .probe(.down)), (1005.5, .probe(.down)), (1020.5, .probe(.down)),
      ],
      states: [(.up, 0), (.down, 900)]),
    Case(
      testDescription: "silence that fits the clock and no URL is sleep",
      canProbe: false, script: running(until: 900, inbound: 10) + [(990, .tick)],
      states: [(.up, 0), (.asleep, 910)]),
    Case(
      testDescription: "silence too early without a URL is DOWN after three missed heartbeats",
      canProbe: false,
      script: running(until: 300, inbound: 290) + [(390, .tick), (450, .tick), (510, .tick)],
      states: [(.up, 0), (.down, 300)]),
    Case(
      testDescription: "silence too early, and one answer of the edge for it, decides nothing",
      script: running(until: 300, inbound: 290) + [(390, .tick), (390.5, .probe(.asleep)), (405.5, .probe(.down))],
      states: [(.up, 0)]),
    Case(
      testDescription: "silence, but the app answers: lost heartbeats",
      script: running(until: 300, inbound: 290) + [(390, .tick), (390.5, .probe(.alive))],
      states: [(.up, 0)]),
    Case(
      testDescription: "a plan that never sleeps: silence is never sleep",
      canProbe: false, idle: nil,
      script: running(until: 300, inbound: 0) + [(390, .tick), (450, .tick), (510, .tick)],
      states: [(.up, 0), (.down, 300)]),
    Case(
      testDescription: "a wake: starting, then running",
      script: running(until: 900, inbound: 10) + [
        (910, beat("a", 16, .stopping, started: 0, inbound: 10)), (2000, beat("b", 0, .starting, started: 1999)),
        (2006, beat("b", 1, started: 1999, ready: 2005)),
      ],
      states: [(.up, 0), (.asleep, 910), (.waking, 1999), (.up, 2005)]),
    Case(
      testDescription: "a wake whose start is never heard of again is DOWN",
      script: running(until: 900, inbound: 10) + [
        (910, beat("a", 16, .stopping, started: 0, inbound: 10)), (2000, beat("b", 0, .starting, started: 1999)),
        (2119, .tick), (2119.5, .probe(.down)), (2134.5, .probe(.down)), (2149.5, .probe(.down)),
      ],
      states: [(.up, 0), (.asleep, 910), (.waking, 1999), (.down, 1999)]),
    Case(
      testDescription: "starts that follow each other are a crash at start",
      script: running(until: 900, inbound: 10) + [
        (910, beat("a", 16, .stopping, started: 0, inbound: 10)), (2000, beat("b", 0, .starting, started: 1999)),
        (2010, beat("c", 0, .starting, started: 2009)), (2030, beat("d", 0, .starting, started: 2029)),
      ],
      states: [(.up, 0), (.asleep, 910), (.waking, 1999), (.down, 2009)]),
    Case(
      testDescription: "asleep, and its wake fails before any heartbeat: three errors of the edge",
      script: running(until: 900, inbound: 10) + [
        (910, beat("a", 16, .stopping, started: 0, inbound: 10)), (1870, .probe(.down)), (1885, .probe(.down)),
        (1900, .probe(.down)),
      ],
      states: [(.up, 0), (.asleep, 910), (.down, 1870)]),
    Case(
      testDescription: "DOWN is UP after two heartbeats of one run",
      canProbe: false,
      script: running(until: 300, inbound: 290) + [
        (390, .tick), (450, .tick), (510, .tick), (600, beat("b", 0, started: 595, ready: 600)),
        (660, beat("b", 1, started: 595)),
      ],
      states: [(.up, 0), (.down, 300), (.up, 600)]),
    Case(
      testDescription: "suspended and misrouted are what the edge says",
      script: running(until: 300, inbound: 290) + [
        (390, .tick), (390.5, .probe(.suspended)), (1400, .probe(.misrouted)),
      ],
      states: [(.up, 0), (.suspended, 300), (.misrouted, 1400)]),
    Case(
      testDescription: "a heartbeat twice, and one out of order, count once",
      script: [
        (0, beat("a", 0, started: -5)), (60, beat("a", 1, started: -5)), (61, beat("a", 1, .stopping, started: -5)),
        (62, beat("a", 0, .stopping, started: -5)), (100, .tick),
      ],
      states: [(.up, 0)]),
    Case(
      testDescription: "a run that is older than the known one is ignored",
      script: [(0, beat("b", 0, started: -5)), (5, beat("a", 9, .stopping, started: -900))], states: [(.up, 0)]),
    Case(
      testDescription: "polls of robots.txt",
      sensor: .robots,
      script: [
        (0, .probe(.alive)), (960, .probe(.asleep)), (1920, .probe(.asleep)), (2880, .probe(.alive)),
        (3840, .probe(.down)), (3855, .probe(.down)), (3870, .probe(.down)), (4830, .probe(.alive)),
        (4845, .probe(.alive)),
      ],
      states: [(.up, 0), (.asleep, 930), (.up, 2400), (.down, 3840), (.up, 4830)]),
    Case(
      testDescription: "an access log: sleep by the clock, awake by a request",
      canProbe: false, sensor: .accessLog,
      script: [(0, .request), (100, .request), (1018, .tick), (5000, .request)],
      states: [(.up, 0), (.asleep, 1000), (.waking, 5000), (.up, 5000)]),
    Case(
      testDescription: "what can't be decided changes nothing",
      sensor: .robots, script: [(0, .probe(.alive)), (960, .probe(.undecided))], states: [(.up, 0)]),
  ]

  @Test("each situation has its states", arguments: cases)
  func situation(_ example: Case) {
    var inference = SleepInference(
      rules: SleepRules(idle: example.idle, canProbe: example.canProbe), sensor: example.sensor, at: Self.start)
    let changes = example.script.flatMap { inference.handle($0.seen, at: Self.start + $0.at) }
    let found = changes.map { "\($0.to.rawValue) \($0.at - Self.start)" }
    #expect(found == example.states.map { "\($0.to.rawValue) \($0.at)" })
    for change in changes { #expect(change.at <= change.seenAt) }
  }

  @Test("a monitor that was away knows nothing of that time, and goes on with what it hears")
  func gap() throws {
    var inference = SleepInference(rules: SleepRules(), sensor: .heartbeats, at: Self.start)
    for (at, seen) in Self.running(until: 300, inbound: 290) { _ = inference.handle(seen, at: Self.start + at) }
    let bytes = try JSONEncoder().encode(inference)
    var resumed = try JSONDecoder().decode(SleepInference.self, from: bytes)
    #expect(resumed == inference)

    // Back within a heartbeat: nothing is lost.
    #expect(resumed.handle(.listening(since: Self.start + 310), at: Self.start + 340).isEmpty)
    #expect(resumed.handle(.tick, at: Self.start + 420).isEmpty)
    #expect(resumed.state == .up)

    // Away for an hour: UNKNOWN from when it went, neither up nor down.
    var late = try JSONDecoder().decode(SleepInference.self, from: bytes)
    let changes = late.handle(.listening(since: Self.start + 310), at: Self.start + 3_910)
    #expect(changes.map(\.to) == [.unknown] && changes.map(\.at) == [Self.start + 310])
    #expect(late.handle(.tick, at: Self.start + 4_005).isEmpty)
    #expect(late.nextProbeAt != nil)
    #expect(late.handle(.probe(.asleep), at: Self.start + 4_006).map(\.to) == [.asleep])
  }

  @Test("heartbeats that stay away while the app answers are asked for no more often than polls")
  func noKeepAwake() throws {
    var inference = SleepInference(rules: SleepRules(), sensor: .heartbeats, at: Self.start)
    for (at, seen) in Self.running(until: 300, inbound: 290) { _ = inference.handle(seen, at: Self.start + at) }
    _ = inference.handle(.tick, at: Self.start + 390)
    _ = inference.handle(.probe(.alive), at: Self.start + 391)
    let next = try #require(inference.nextDeadline)
    #expect(next - (Self.start + 391) > 900)
  }
}
