import Addresses
import BenchEngine
import Documents
import Matching
import Measures
import Testing

@testable import BenchScenario

struct PhaseScenarioTests {
  private static let phased = """
    name: phased
    target: http://127.0.0.1:1
    variables: {idle: 20s}
    setup:
      - {name: login, post: /login, capture: {token: $.token, who: {json: $.who, optional: true}}}
    teardown:
      - {name: logout, post: /logout, auth: {bearer: "{{token}}"}}
    phases:
      - {name: visit, start_after: "{{idle}}", load: {users: 1, iterations: 1, hold: 1m}, journeys: [read], wakes: p(95) < 1s}
      - {name: herd, start_with: visit, load: {rate: 10/s, hold: 30s, arrivals: poisson, seed: 7, warm_up: 2s}}
      - {name: rest, start_after: herd, load: {users: 2, hold: 5s, pacing: 1s}, journeys: [write]}
      - {name: side, start_after: 5s, load: {users: 1, hold: 5s}}
    journeys:
      - name: read
        tags: {kind: read, size: small}
        steps:
          - {name: home, get: "/u/{{who}}", auth: {bearer: "{{token}}"}}
          - {name: list, get: /list, tags: {size: big}, while: "{{next}}", at_most: 3, capture: {next: {header: X-Next, optional: true}}}
      - name: write
        steps:
          - {name: first, post: /first, if: "not {{id}}", capture: {id: $.id}}
          - {name: send, post: /send, until: "{{left}} <= 0", capture: {left: $.left}, expected_response_bytes: 2KB}
    budgets:
      response_time{kind:read,phase:herd}: p(95) < 1s
    """

  private func compile(
    _ text: String = phased, variables: [String: String] = [:]
  ) throws(DocumentError) -> CompiledScenario {
    try ScenarioCompiler.compile(
      ScenarioReader.read(text: text, file: "s.yaml"),
      .init(variables: variables, secondsSince1970: 0, environment: [:]))
  }

  private func message(_ text: String, variables: [String: String] = [:]) -> String {
    do {
      _ = try compile(text, variables: variables)
      return "no problem"
    } catch {
      return error.description
    }
  }

  @Test("phases have their times, journeys and loads")
  func phases() throws {
    let plan = try compile().load
    #expect(plan.phases.map(\.start) == [.at(.seconds(20)), .with(0), .after(1), .at(.seconds(5))])
    #expect(plan.phases.map(\.journeys) == [[0], [0, 1], [1], [0, 1]])
    #expect(plan.phases[0].iterationLimit == .shared(1))
    #expect(plan.phases[1].arrivals == .poisson && plan.phases[1].seed == 7 && plan.phases[1].warmUp == .seconds(2))
    #expect(plan.phases[2].pacing == .constant(.seconds(1)))
    #expect(plan.phaseSpans.map(\.start) == [.seconds(20), .seconds(20), .seconds(50), .seconds(5)])
    #expect(plan.duration == .seconds(80))
    #expect(try compile(variables: ["idle": "1m"]).load.phases[0].start == .at(.seconds(60)))
  }

  @Test("setup and teardown are one user's, once, and what setup captures is everybody's")
  func sides() throws {
    let compiled = try compile()
    let setup = try #require(compiled.setup)
    #expect(setup.steps.map(\.name) == ["login"] && setup.iterationLimit == .perUser(1) && setup.tracesExchanges)
    #expect(compiled.load.steps.map(\.name) == ["home", "list", "first", "send"])
    let slot = try #require(compiled.slotNames.firstIndex(of: "token"))
    let who = try #require(compiled.slotNames.firstIndex(of: "who"))
    let plan = compiled.load.fixing([slot: Array("t".utf8), who: Array("a/b".utf8)])
    let request = String(decoding: plan.steps[0].request, as: UTF8.self)
    #expect(request.hasPrefix("GET /u/a%2Fb HTTP/1.1\r\n") && request.contains("\r\nAuthorization: Bearer t\r\n"))
    #expect(compiled.teardown?.steps[0].template?.slots == [slot])
  }

  @Test("tags, loops and conditions are the steps'")
  func steps() throws {
    let compiled = try compile()
    let steps = compiled.load.steps
    #expect(steps[0].tags == ["kind": "read", "size": "small"] && steps[1].tags == ["kind": "read", "size": "big"])
    let next = try #require(compiled.slotNames.firstIndex(of: "next"))
    let id = try #require(compiled.slotNames.firstIndex(of: "id"))
    let left = try #require(compiled.slotNames.firstIndex(of: "left"))
    #expect(steps[1].loop == StepLoop(.while, StepCondition(source: .slot(next), test: .isSet), atMost: 3))
    #expect(steps[2].condition == StepCondition(source: .slot(id), test: .isNotSet))
    #expect(
      steps[3].loop
        == StepLoop(.until, StepCondition(source: .slot(left), test: .compares(.lessOrEqual, 0)), atMost: 10))
    #expect(steps[3].expectedResponseBytes == 2_000 && steps[0].expectedResponseBytes == nil)
  }

  @Test(
    "what doesn't fit together is said at its place",
    arguments: [
      ("start_with: visit", "start_with: rest", "s.yaml:10:30: unknown phase 'rest', expected 'visit'"),
      ("start_after: herd", "start_after: hard", "s.yaml:11:31: 'hard', expected a duration"),
      ("start_after: herd", "start_after: herd, start_with: herd", "both 'start_with' and 'start_after'"),
      ("journeys: [write]", "journeys: [wrote]", "s.yaml:11:88: unknown journey 'wrote', expected 'write'"),
      ("name: rest", "name: herd", "s.yaml:11:12: a second phase 'herd'"),
      ("journeys: [write]}", "wakes: max < 1s}", "s.yaml:11:12: a second phase with 'wakes'"),
      ("wakes: p(95) < 1s", "wakes: rate < 1%", "'rate' of response_time"),
      ("phases:", "load: {users: 1, hold: 1s}\nphases:", "s.yaml:8:1: both 'load' and 'phases'"),
      ("capture: {next: ", "capture: {token: ", "'token' is captured by setup too"),
      ("at_most: 3, ", "at_most: 3, repeat: 2, ", "both 'while' and 'repeat'"),
      ("until: \"{{left}} <= 0\"", "if: \"{{id}}\"", "s.yaml:21:7: 'if' or 'while' on every step"),
      ("{kind: read, size", "{step: read, size", "'step' as a tag"),
      ("phase:herd", "phase:hard", "unknown phase 'hard'"),
      ("kind:read", "kind:write", "unknown value of the tag 'kind' 'write'"),
      ("{{left}} <= 0", "{{left}} <= none", "a condition such as"),
      ("not {{id}}", "not {{id}} == 3", "a condition such as"),
      ("not {{id}}", "not {{other}}", "unknown variable 'other'"),
      ("/login,", "\"/login?{{who}}\",", "unknown variable 'who'"),
    ])
  func problems(old: String, new: String, expected: String) {
    let text = Self.phased.replacing(old, with: new, maxReplacements: 1)
    #expect(text != Self.phased)
    #expect(message(text).contains(expected), "\(message(text))")
  }

  @Test("a variable that makes no start of a phase is refused when the run begins")
  func variable() {
    #expect(message(Self.phased, variables: ["idle": "soon"]).hasPrefix("s.yaml:9:32: 'soon', expected a duration"))
  }
}

struct EgressEstimateTests {
  private func plan(_ load: String, bytes: String = "1MB", think: String = "0s") throws -> LoadPlan {
    let text = """
      name: e
      target: http://127.0.0.1:1
      defaults: {expected_response_bytes: \(bytes)}
      \(load)
      journeys:
        - name: two
          weight: 3
          steps: [{name: a, get: /a, think: \(think)}, {name: b, get: /b, repeat: 2, think: \(think)}]
        - name: one
          steps: [{name: c, get: /c, think: \(think), expected_response_bytes: 0}]
      """
    return try ScenarioCompiler.plan(
      ScenarioReader.read(text: text, file: "e.yaml"), .init(secondsSince1970: 0, environment: [:]))
  }

  @Test(
    "an open model's is the integral of its rate, by the journeys' weights",
    arguments: [
      ("load: {rate: 100/s, hold: 10s}", 1_000.0), ("load: {rate: 100/s, ramp: 10s, hold: 10s}", 1_500),
      ("load: {rate: 0/s, stages: [{to: 10/s, over: 20s}, {to: 0/s, over: 20s}]}", 200),
      (
        "phases: [{name: a, load: {rate: 10/s, hold: 10s}, journeys: [one, two]}, {name: b, load: {rate: 60/min, hold: 1m}}]",
        160
      ),
    ])
  func open(load: String, iterations: Double) throws {
    let estimate = EgressEstimate(try plan(load))
    // Three of four take three requests, the fourth takes one.
    #expect(abs(estimate.requests - iterations * 2.5) < 1e-6 * iterations)
    #expect(abs(estimate.bytesReceived - iterations * 2.25e6) < 1)
    #expect(estimate.basis == .stated && estimate.needsConsent == (iterations * 2.25e6 > 1e9))
    #expect(estimate.bytesSent > estimate.requests * 50)
  }

  @Test("a closed model's is its users' time over an iteration's, within its limits")
  func closed() throws {
    // An iteration: 3/4 of 3 × (1 s + 50 ms), 1/4 of 1.05 s.
    let iterations = 100 * 60 / (2.5 * 1.05)
    let estimate = EgressEstimate(try plan("load: {users: 100, hold: 60s}", think: "1s"))
    #expect(abs(estimate.requests - iterations * 2.5) < 1e-6 * iterations)
    let paced = EgressEstimate(try plan("load: {users: 100, hold: 60s, pacing: 10s}", think: "1s"))
    #expect(abs(paced.requests - 1_500) < 1e-6)
    #expect(EgressEstimate(try plan("load: {users: 100, hold: 60s, iterations: 8}")).requests == 20)
    #expect(EgressEstimate(try plan("load: {users: 100, hold: 60s, iterations_per_user: 2}")).requests == 500)
  }

  @Test("what a probe saw stands for what isn't stated")
  func probed() throws {
    var plan = try plan("load: {rate: 10/s, hold: 10s}")
    #expect(!EgressEstimate.needsProbe(plan))
    plan.steps[0].expectedResponseBytes = nil
    #expect(EgressEstimate.needsProbe(plan))
    let probe = EgressEstimate.Probe(requests: 2, bytesSent: 300, bytesReceived: 4_000, seconds: 0.2)
    let estimate = EgressEstimate(plan, probes: [0: probe])
    #expect(estimate.basis == .both)
    #expect(abs(estimate.bytesReceived - 75 * 2_002_000) < 1)
    for index in plan.steps.indices { plan.steps[index].expectedResponseBytes = nil }
    #expect(EgressEstimate(plan, probes: [0: probe, 1: probe, 2: probe]).basis == .probed)
  }

  @Test("pauses have their distributions' means")
  func means() {
    #expect(ThinkTime.uniform(.seconds(1), .seconds(3)).mean == .seconds(2))
    #expect(ThinkTime.exponential(mean: .seconds(2)).mean == .seconds(2))
    // ln(8 ÷ 2) ÷ 1.645 = 0.843: 2 s × e^0.355.
    let logNormal =
      Double(ThinkTime.logNormal(median: .seconds(2), p95: .seconds(8)).mean.components.attoseconds) / 1e18
    #expect(abs(logNormal - 0.853) < 0.01)
  }

  @Test("a host is hosted unless all its addresses are this machine's or private")
  func hosted() throws {
    func isHosted(_ url: String, _ addresses: [String] = []) throws -> Bool {
      TargetPolicy.isHosted(target: try TargetURL.parse(url), resolved: addresses.compactMap { IPAddress($0) })
    }
    #expect(try !isHosted("http://127.0.0.1:80") && !isHosted("http://localhost", []))
    #expect(try !isHosted("http://app", ["10.0.0.3"]) && isHosted("http://app", ["10.0.0.3", "1.1.1.1"]))
    #expect(try isHosted("https://app.onrender.com") && isHosted("http://[2606:4700::1]"))
  }
}
