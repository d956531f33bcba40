import Matching
import Measures
import Synchronization
import Testing

@testable import BenchEngine

/// Loops, conditions and values that everybody has, against a server that counts.
@Suite(.serialized)
struct LoopTests {
  private static func get(_ path: String, _ slot: Int? = nil) -> RequestTemplate {
    var head: [RequestPart] = [.bytes(Array("GET \(path)".utf8))]
    if let slot { head.append(.value(.slot(slot), .percent)) }
    return RequestTemplate(head: head + [.bytes(Array(" HTTP/1.1\r\nHost: t\r\n".utf8))])
  }

  private static func captures(_ header: String, _ slot: Int, optional: Bool = false) -> CheckPlan {
    let plan = CapturePlan(slot: slot, source: .header(Array(header.utf8)), isOptional: optional)
    return CheckPlan(label: "captures \(header)", subject: .captured(plan))
  }

  /// One user goes through the steps `times` times.
  private func run(
    _ steps: [StepPlan], times: Int = 1, adjust: (inout LoadPlan) -> Void = { _ in },
    respond: @escaping @Sendable (_ path: String, _ number: Int) -> String
  ) throws -> (paths: [String], result: LoadResult) {
    let seen = Mutex<[String]>([])
    let server = try FaultyServer(
      .responds { request in
        let path = String(request.split(separator: " ")[1])
        let number = seen.withLock { seen in
          seen.append(path)
          return seen.filter { $0 == path }.count
        }
        return "HTTP/1.1 200 OK\r\n\(respond(path, number))Content-Length: 0\r\n\r\n"
      })
    defer { server.stop() }
    var plan = LoadPlan(
      endpoint: Endpoint(host: "127.0.0.1", port: server.port), steps: steps,
      journeys: [JourneyPlan(name: "j", weight: 1, steps: Array(steps.indices))],
      workload: .users([.init(duration: .seconds(5), target: 1, isStep: true)]), iterationLimit: .perUser(times))
    plan.slotCount = 3
    adjust(&plan)
    let result = try LoadEngine.run(plan, to: try Preflight.reach(plan.endpoint, timeout: .seconds(1)))
    expectConserved(result)
    return (seen.withLock { $0 }, result)
  }

  @Test(
    "pages are asked for while there is a next one; a value that isn't there any more ends the loop, not the journey")
  func pages() throws {
    let first = StepPlan(
      name: "first", request: [], checks: [Self.captures("x-next", 0, optional: true)], template: Self.get("/first"))
    var more = StepPlan(
      name: "more", request: [], checks: [Self.captures("x-next", 0, optional: true)], template: Self.get("/p", 0))
    more.loop = StepLoop(.while, StepCondition(source: .slot(0), test: .isSet), atMost: 10)
    let last = StepPlan(name: "last", request: [], template: Self.get("/last"))
    let (paths, result) = try run(
      [first, more, last], times: 2,
      respond: { path, _ in
        let page = path == "/first" ? 1 : Int(path.dropFirst(2)) ?? 9
        return page < 4 ? "X-Next: \(page + 1)\r\n" : ""
      })
    #expect(paths == ["/first", "/p2", "/p3", "/p4", "/last", "/first", "/p2", "/p3", "/p4", "/last"])
    #expect(result.iterations.completed == 2)
    #expect(result.steps[1].checksPassed == [6])
  }

  @Test("a step is asked until it says what is waited for, or as often as it may")
  func polling() throws {
    func poll(_ atMost: Int) throws -> [String] {
      var step = StepPlan(name: "job", request: [], checks: [Self.captures("x-state", 0)], template: Self.get("/job"))
      step.loop = StepLoop(
        .until, StepCondition(source: .slot(0), test: .equals(Array("done".utf8))), atMost: atMost)
      step.thinkTime = .constant(.milliseconds(1))
      let after = StepPlan(name: "after", request: [], template: Self.get("/after"))
      return try run(
        [step, after], respond: { _, number in "X-State: \(number == 4 ? "done" : "busy")\r\n" }
      ).paths
    }
    #expect(try poll(9) == ["/job", "/job", "/job", "/job", "/after"])
    #expect(try poll(4) == ["/job", "/job", "/job", "/job", "/after"])
    #expect(try poll(2) == ["/job", "/job", "/after"])
  }

  @Test("a loop that doesn't begin asks nothing, and each iteration counts its rounds anew")
  func rounds() throws {
    var never = StepPlan(name: "never", request: [], template: Self.get("/never"))
    never.loop = StepLoop(.while, StepCondition(source: .slot(1), test: .isSet), atMost: 5)
    var thrice = StepPlan(name: "thrice", request: [], template: Self.get("/t"))
    thrice.loop = StepLoop(.until, StepCondition(source: .slot(1), test: .isSet), atMost: 3)
    let (paths, result) = try run([never, thrice], times: 3, respond: { _, _ in "" })
    #expect(paths == Array(repeating: "/t", count: 9))
    #expect(result.steps[0].attempts == 0)
    #expect(result.iterations.completed == 3)
  }

  @Test("a journey may begin with a step that a user needs once")
  func once() throws {
    var login = StepPlan(
      name: "login", request: [], checks: [Self.captures("x-token", 0)], template: Self.get("/login"))
    login.condition = StepCondition(source: .slot(0), test: .isNotSet)
    let page = StepPlan(name: "page", request: [], template: Self.get("/page/", 0))
    let (paths, _) = try run([login, page], times: 3, respond: { path, _ in path == "/login" ? "X-Token: t\r\n" : "" })
    #expect(paths == ["/login", "/page/t", "/page/t", "/page/t"])
  }

  @Test(
    "conditions compare what a user has",
    arguments: [
      ("", StepCondition.Test.isSet, false), ("false", .isSet, false), ("x", .isSet, true), ("", .isNotSet, true),
      ("false", .isNotSet, true), ("x", .isNotSet, false), ("a", .equals([0x61]), true), ("a", .differs([0x61]), false),
      ("nurse,admin", .contains(Array("admin".utf8)), true), ("nurse", .contains(Array("admin".utf8)), false),
      ("3", .compares(.greater, 2), true), ("2", .compares(.greater, 2), false),
      ("2.0", .compares(.greaterOrEqual, 2), true), ("-1e1", .compares(.less, 0), true),
      ("9007199254740993", .compares(.greater, 9_007_199_254_740_992), true), ("007", .compares(.equal, 7), true),
      ("2", .compares(.lessOrEqual, 2), true), ("", .compares(.less, 2), false), ("nan", .compares(.less, 2), false),
    ])
  func conditions(value: String, test: StepCondition.Test, holds: Bool) {
    #expect(StepCondition(source: .slot(0), test: test).holds(Array(value.utf8)) == holds)
  }

  @Test("what everybody has is in every request, also of users who come new, and costs no template")
  func shared() throws {
    let step = StepPlan(
      name: "a", request: [],
      template: RequestTemplate(
        head: [
          .bytes(Array("POST /".utf8)), .value(.slot(2), .percent), .bytes(Array(" HTTP/1.1\r\nHost: t\r\n".utf8)),
        ], body: [.bytes(Array("v=".utf8)), .value(.slot(2), .percent)]))
    var conditional = StepPlan(name: "b", request: [], template: Self.get("/b"))
    conditional.condition = StepCondition(source: .slot(2), test: .equals(Array("a b".utf8)))
    let plan = LoadPlan(
      endpoint: Endpoint(host: "h", port: 1), steps: [step, conditional], journeys: [], workload: .users([]))
    let fixed = plan.fixing([2: Array("a b".utf8)])
    #expect(fixed.steps[0].template == nil)
    #expect(
      String(decoding: fixed.steps[0].request, as: UTF8.self)
        == "POST /a%20b HTTP/1.1\r\nHost: t\r\nContent-Length: 7\r\n\r\nv=a%20b")
    var cookies = plan
    cookies.keepsCookies = true
    #expect(cookies.fixing([2: [0x78]]).steps[0].template?.slots.isEmpty == true)
    let (paths, _) = try run(
      fixed.steps, times: 2,
      adjust: {
        $0.initialValues = fixed.initialValues
        $0.workload = .rate([.init(duration: .milliseconds(200), target: 10, isStep: true)], maxInFlight: 1)
        $0.iterationLimit = nil
      }, respond: { _, _ in "" })
    #expect(paths == ["/a%20b", "/b", "/a%20b", "/b"])
  }

  @Test("what a run of one user captured is found in its exchanges")
  func values() throws {
    let step = StepPlan(
      name: "login", request: [],
      checks: [Self.captures("x-token", 1), Self.captures("x-none", 2, optional: true)], template: Self.get("/login"))
    let plan = LoadPlan(
      endpoint: Endpoint(host: "h", port: 1), steps: [step], journeys: [], workload: .users([]))
    let (_, result) = try run([step], adjust: { $0.tracesExchanges = true }, respond: { _, _ in "X-Token: t 1\r\n" })
    #expect(plan.captured(in: result.exchanges) == [1: Array("t 1".utf8)])
  }
}
