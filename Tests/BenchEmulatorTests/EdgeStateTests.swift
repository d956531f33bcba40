import Plans
import Testing

@testable import BenchEmulator

/// A run of the state machine in virtual time.
private struct Script {
  var state: EdgeState
  var events: [EdgeEvent] = []
  private var lastID: UInt64 = 0

  init(_ rule: EdgeRule) { state = EdgeState(rule) }

  @discardableResult
  mutating func send(_ input: EdgeState.Input, at seconds: Double) -> [EdgeState.Action] {
    // As the shell does: what falls due on the way happens on time.
    var actions: [EdgeState.Action] = []
    while let deadline = state.nextDeadline, deadline < seconds { actions += state.handle(.tick, at: deadline) }
    actions += state.handle(input, at: seconds)
    for case .log(let event) in actions { events.append(event) }
    return actions
  }

  /// A request's fate.
  mutating func ask(
    _ path: String = "/", accept: String? = nil, at seconds: Double
  ) -> EdgeState.Action? {
    lastID += 1
    let request = EdgeRequest(id: lastID, method: "GET", target: path, accept: accept.map { [$0] } ?? [])
    for action in send(.request(request), at: seconds) {
      switch action {
      case .hold(lastID), .forward(lastID), .answer(lastID, _): return action
      default: continue
      }
    }
    return nil
  }

  var lastRequest: UInt64 { lastID }

  /// A deploy that answers after a second.
  mutating func deploy() {
    send(.begin, at: 0)
    send(.answered, at: 1)
  }

  var kinds: [EdgeEvent.Kind] { events.map(\.kind) }
}

private let free: EdgeRule = {
  var rule = EdgeRule(idle: 20)
  rule.platformWake = 3
  rule.startTimeout = 10
  return rule
}()

@Suite struct EdgeStateTests {
  @Test("an awake service is forwarded to, and robots.txt too")
  func awake() {
    var script = Script(free)
    script.deploy()
    #expect(script.ask("/schedules", accept: "text/html", at: 2) == .forward(1))
    #expect(script.ask("/robots.txt", at: 3) == .forward(2))
    #expect(script.state.phase == .awake)
  }

  @Test(
    "what a sleeping service's visitors get",
    arguments: [
      ("text/html,application/xhtml+xml,*/*;q=0.8", "page"), ("TEXT/HTML ; q=0.5", "page"),
      ("application/json, text/html", "page"), ("*/*", "held"), ("text/*", "held"), ("application/json", "held"),
      (nil, "held"), ("text/html;q=0", "held"), ("text/htmlish", "held"), ("", "held"),
    ] as [(String?, String)])
  func asleep(accept: String?, fate: String) {
    var script = Script(free)
    script.deploy()
    script.send(.tick, at: 21)
    script.send(.exited(cause: "signal 15"), at: 21.1)
    #expect(script.state.phase == .asleep)
    let expected: EdgeState.Action = fate == "page" ? .answer(1, .pendingWake) : .hold(1)
    #expect(script.ask("/x", accept: accept, at: 30) == expected)
    #expect(script.state.phase == .waking(startAt: 33))
    // While waking likewise.
    let second: EdgeState.Action = fate == "page" ? .answer(2, .pendingWake) : .hold(2)
    #expect(script.ask("/x", accept: accept, at: 31) == second)
  }

  @Test("robots.txt of a sleeping or waking service is the edge's: it neither wakes nor resets the idle clock")
  func robots() {
    var script = Script(free)
    script.deploy()
    script.send(.tick, at: 21)
    #expect(script.ask("/robots.txt?x", at: 25) == .answer(1, .robots))
    #expect(script.state.phase == .asleep)
    _ = script.ask("/", at: 30)
    script.send(.exited(cause: "signal 15"), at: 30.5)
    #expect(script.ask("/robots.txt", at: 32) == .answer(3, .robots))
    script.send(.answered, at: 34)
    script.send(.finished(2), at: 35)
    // Asleep 20 s after the request of 30, which reached it at 34, has ended, whatever robots.txt was asked at 32.
    #expect(script.state.nextDeadline == 55)
    #expect(script.ask("/robots.txt", at: 49) == .forward(4))
    script.send(.finished(4), at: 49)
    #expect(script.state.nextDeadline == 69)
  }

  @Test(
    "held requests are forwarded in order when the service answers, and the process starts after the platform's part")
  func wake() {
    var script = Script(free)
    script.deploy()
    script.send(.tick, at: 21)
    script.send(.exited(cause: "signal 15"), at: 21.2)
    #expect(script.ask("/a", at: 100) == .hold(1))
    #expect(script.ask("/b", at: 101) == .hold(2))
    #expect(script.state.nextDeadline == 103)
    let started = script.send(.tick, at: 103)
    #expect(started.contains(.startProcess))
    let actions = script.send(.answered, at: 104)
    #expect(actions.suffix(2) == [.forward(1), .forward(2)])
    #expect(script.kinds == [.started, .awake, .asleep, .waking, .started, .woken])
    #expect(script.events[3].cause == "GET /a")
  }

  @Test("running time counts from the request that wakes to the spin-down, as the replay of the same arrivals does")
  func awakeSeconds() {
    let arrivals = [5.0, 18, 60, 61, 75, 200, 203.5, 500]
    var script = Script(free)
    script.deploy()
    let atStart = script.events.last?.awakeSeconds ?? 0
    var replay = SpinDown.Replay(SpinDown(idleSeconds: 20, wakeSeconds: 3), from: 0)
    for arrival in arrivals {
      let asked = script.ask(at: arrival)
      if case .hold(let id)? = asked {
        script.send(.exited(cause: "signal 15"), at: arrival + 0.5)
        script.send(.tick, at: arrival + 3)
        script.send(.answered, at: arrival + 3)
        script.send(.finished(id), at: arrival + 3)
      }
      script.send(.finished(script.lastRequest), at: max(arrival, script.events.last?.elapsedSeconds ?? 0))
      _ = replay.receive(at: arrival)
      // Who was held reaches the service when it answers.
      if case .hold? = asked { _ = replay.receive(at: arrival + 3) }
    }
    script.send(.tick, at: 600)
    // The deploy's own running time, from 0 to the first arrival, is not the replay's.
    #expect(abs(script.state.awakeSeconds(at: 600) - 5 - replay.runningSeconds(until: 600)) < 1e-9)
    #expect(atStart == 1)
  }

  @Test("a request under way puts the spin-down off, and the idle clock begins at its end")
  func longRequest() {
    var script = Script(free)
    script.deploy()
    #expect(script.ask("/export", at: 5) == .forward(1))
    script.send(.tick, at: 100)
    #expect(script.state.phase == .awake)
    #expect(!script.send(.finished(1), at: 101).contains(.terminateProcess))
    #expect(script.state.nextDeadline == 121)
    #expect(script.send(.tick, at: 121).contains(.terminateProcess))
    #expect(script.state.phase == .asleep)
  }

  @Test("spin-down is SIGTERM, and SIGKILL 30 s later; a wake waits for the old process to go")
  func spinDown() {
    var script = Script(free)
    script.deploy()
    #expect(script.send(.tick, at: 21).contains(.terminateProcess))
    #expect(script.ask(at: 22) == .hold(1))
    #expect(!script.send(.tick, at: 40).contains(.startProcess))
    #expect(script.send(.tick, at: 51).contains(.killProcess))
    #expect(script.send(.exited(cause: "signal 9"), at: 51.5).contains(.startProcess))
    #expect(!script.kinds.contains(.died))
  }

  @Test("a wake that fails answers the held with an error, and the next request after the back-off tries again")
  func wakeFails() {
    var script = Script(free)
    script.deploy()
    script.send(.tick, at: 21)
    script.send(.exited(cause: "signal 15"), at: 21)
    #expect(script.ask(at: 30) == .hold(1))
    script.send(.tick, at: 33)
    let actions = script.send(.exited(cause: "exit code 1"), at: 33.5)
    #expect(actions.contains(.answer(1, .wakeError)))
    #expect(script.ask("/robots.txt", at: 33.6) == .answer(2, .wakeError))
    #expect(script.ask(at: 34) == .answer(3, .wakeError))
    #expect(script.ask("/robots.txt", at: 40) == .answer(4, .wakeError))
    #expect(script.ask(accept: "text/html", at: 41) == .answer(5, .pendingWake))
    #expect(script.state.phase == .waking(startAt: 44))
    #expect(script.kinds.suffix(2) == [.wakeFailed, .waking])
  }

  @Test("a start that never answers is killed at its time limit")
  func startTimeout() {
    var script = Script(free)
    script.send(.begin, at: 0)
    #expect(script.ask(at: 1) == .hold(1))
    let actions = script.send(.tick, at: 10)
    #expect(actions.contains(.killProcess))
    #expect(actions.contains(.answer(1, .wakeError)))
    #expect(actions.contains(.ready))
    #expect(script.events.last?.cause == "no answer within 10 s")
    #expect(!script.send(.exited(cause: "signal 9"), at: 10.1).contains(.ready))
  }

  @Test("a death while awake is a 502 until the restart answers; back-off doubles into a crash loop")
  func crashLoop() {
    var script = Script(free)
    script.deploy()
    var now = 5.0
    var backoffs: [Double] = []
    for _ in 0..<4 {
      script.send(.exited(cause: "signal 9"), at: now)
      #expect(script.ask(at: now) == .answer(script.lastRequest, .unreachable(isPaid: false)))
      #expect(script.ask("/robots.txt", at: now) == .answer(script.lastRequest, .unreachable(isPaid: false)))
      let due = script.state.nextDeadline ?? 0
      backoffs.append(due - now)
      script.send(.tick, at: due)
      #expect(script.ask(at: due) == .answer(script.lastRequest, .unreachable(isPaid: false)))
      script.send(.answered, at: due + 1)
      #expect(script.ask(at: due + 1) == .forward(script.lastRequest))
      script.send(.finished(script.lastRequest), at: due + 1)
      now = due + 2
    }
    #expect(backoffs == [1, 2, 4, 8])
    #expect(script.kinds.filter { $0 == .crashLoop }.count == 1)
    #expect(script.kinds.filter { $0 == .died }.count == 4)
  }

  @Test("a death after a stable time begins the count anew")
  func stable() {
    var rule = EdgeRule(idle: nil)
    rule.stableAfter = 60
    var script = Script(rule)
    script.deploy()
    script.send(.exited(cause: "signal 11"), at: 10)
    script.send(.answered, at: 12)
    script.send(.exited(cause: "signal 11"), at: 100)
    #expect(script.state.phase == .restarting(at: 101))
  }

  @Test("a plan that never sleeps stays awake, and its errors are the paid ones")
  func paid() {
    var script = Script(EdgeRule(idle: nil))
    script.deploy()
    #expect(script.state.nextDeadline == nil)
    script.send(.tick, at: 1e6)
    #expect(script.state.phase == .awake)
    script.send(.exited(cause: "signal 9"), at: 1e6)
    #expect(script.ask(at: 1e6) == .answer(1, .unreachable(isPaid: true)))
  }

  @Test("the pooled hours, spent, suspend everything, robots.txt included")
  func suspension() {
    var rule = free
    rule.pooledSeconds = 30
    var script = Script(rule)
    script.deploy()
    #expect(script.ask(at: 15) == .forward(1))
    script.send(.finished(1), at: 15)
    #expect(script.send(.tick, at: 30).contains(.terminateProcess))
    #expect(script.ask(accept: "text/html", at: 31) == .answer(2, .suspended))
    #expect(script.ask("/robots.txt", at: 31) == .answer(3, .suspended))
    #expect(script.events.last?.kind == .suspended)
    #expect(script.events.last?.awakeSeconds == 30)
    #expect(script.state.nextDeadline == 60)  // Of SIGKILL.
  }

  @Test("hours shrink with the idle clock")
  func scaling() throws {
    let catalogue = try #require(try Catalogue.bundled(Catalogue.render2026October))
    let sleep = try #require(catalogue.web("free")?.sleep)
    let rule = EdgeRule(sleep, idle: 20)
    #expect(rule.idle == 20)
    #expect(rule.pooledSeconds == 60_000)  // 750 h / 45
    #expect(EdgeRule(sleep, pooledHours: 1).pooledSeconds == 3_600)
    #expect(EdgeRule.timeScale(sleep, idle: 20) == 45)
    #expect(EdgeRule(nil, idle: 20).idle == nil)
  }

  @Test("requests beyond those that may be held are turned away; a client that leaves makes room")
  func heldLimit() {
    var rule = free
    rule.heldLimit = 2
    var script = Script(rule)
    script.send(.begin, at: 0)
    #expect(script.ask(at: 0.1) == .hold(1))
    #expect(script.ask(at: 0.1) == .hold(2))
    #expect(script.ask(at: 0.2) == .answer(3, .pendingWake))
    script.send(.finished(1), at: 0.3)
    #expect(script.ask(at: 0.4) == .hold(4))
    #expect(script.send(.answered, at: 1).suffix(2) == [.forward(2), .forward(4)])
  }

  @Test("the end answers the held and ends the process")
  func stop() {
    var script = Script(free)
    script.send(.begin, at: 0)
    #expect(script.ask(at: 1) == .hold(1))
    let actions = script.send(.stop, at: 2)
    #expect(actions.contains(.answer(1, .unreachable(isPaid: false))))
    #expect(actions.contains(.terminateProcess))
    #expect(script.events.last?.kind == .stopped)
    #expect(script.send(.exited(cause: "signal 15"), at: 3).isEmpty)
  }
}
