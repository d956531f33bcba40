import Histograms
import Matching
import Measures
import Synchronization
import Testing

@testable import BenchEngine

@Suite(.serialized)
struct LoadEngineTests {
  private func run(
    _ behaviour: FaultyServer.Behaviour, _ workload: Workload, steps: [StepPlan]? = nil,
    journeys: [JourneyPlan]? = nil, warmUp: Duration = .zero, workers: Int = 1, control: LoadEngine.Control = .init(),
    adjust: (inout LoadPlan) -> Void = { _ in },
    observe: (LoadProgress) -> LoadEngine.Wish = { _ in .goOn }
  ) throws -> (result: LoadResult, served: Int) {
    let server = try FaultyServer(behaviour)
    defer { server.stop() }
    let endpoint = Endpoint(host: "127.0.0.1", port: server.port)
    var plan = LoadPlan(
      endpoint: endpoint, steps: steps ?? [Self.step("get")],
      journeys: journeys ?? [JourneyPlan(name: "get", weight: 1, steps: [0])], workload: workload, warmUp: warmUp,
      gracefulStop: .milliseconds(300), connectTimeout: .seconds(1), responseTimeout: .milliseconds(200),
      workers: workers)
    adjust(&plan)
    let address = try Preflight.reach(endpoint, timeout: .seconds(1))
    let result = try LoadEngine.run(plan, to: address, control: control, observe: observe)
    expectConserved(result)
    let limit = (workload.duration + plan.gracefulStop + .seconds(5)).nanoseconds
    #expect(result.elapsedNanoseconds <= limit)
    return (result, server.requests.load(ordering: .relaxed))
  }

  /// For counts that must be exact, on a machine that may be busy with other things.
  private static func isPatient(_ plan: inout LoadPlan) {
    plan.responseTimeout = .seconds(20)
    plan.gracefulStop = .seconds(20)
  }

  private static func step(_ name: String, checks: [CheckPlan] = [], think: ThinkTime = .none) -> StepPlan {
    StepPlan(
      name: name, request: Array("GET /\(name) HTTP/1.1\r\nHost: test\r\n\r\n".utf8), checks: checks, thinkTime: think)
  }

  private static func users(_ count: Double, _ milliseconds: Int64 = 400) -> Workload {
    .users([.init(duration: .milliseconds(milliseconds), target: count, isStep: true)])
  }

  @Test("all that is asked is answered, and the server counted the same", arguments: [1, 2])
  func closedModel(workers: Int) throws {
    let (result, served) = try run(.answers, Self.users(5), workers: workers)
    let step = result.steps[0]
    #expect(step.answered > 50)
    #expect(step.interrupted == 0)
    #expect(step.failed == 0)
    #expect(step.answered == UInt64(served))
    #expect(step.statuses == [200: step.answered])
    #expect(result.connections.opened == 5)
    #expect(result.ending == .completed)
  }

  @Test("an open model starts every arrival that is due, exactly once")
  func openModel() throws {
    let stage = Workload.Stage(duration: .milliseconds(400), target: 500, isStep: true)
    let (result, served) = try run(.answers, .rate([stage], maxInFlight: 20), adjust: Self.isPatient)
    #expect(result.iterations.scheduled == 200)
    #expect(result.iterations.completed == 200)
    #expect(served == 200)
    #expect(result.steps[0].lag.count == 200)
  }

  @Test(
    "of users who start at once each is sent at its own time, and what began those before it is lag, not service time")
  func startTogether() throws {
    let users = 400
    let (result, served) = try run(
      .answers, Self.users(Double(users), 20_000),
      adjust: {
        Self.isPatient(&$0)
        $0.iterationLimit = .perUser(1)
      })
    let step = result.steps[0]
    #expect(served == users && step.lag.count == UInt64(users))
    // To open a socket and to begin to connect takes no kernel less than half a microsecond.
    #expect(step.lag.maximum - step.lag.minimum >= UInt64(users) * 500)
    let middle = try #require(step.lag.value(at: 0.5))
    #expect(middle > Double(step.lag.minimum) && middle < Double(step.lag.maximum))
    #expect(step.response.sum == step.service.sum + step.lag.sum)
  }

  @Test("arrivals that are due together are sent each at its own time")
  func arriveTogether() throws {
    let arrivals = 300
    let stage = Workload.Stage(duration: .microseconds(10), target: Double(arrivals) * 100_000, isStep: true)
    let (result, served) = try run(.answers, .rate([stage], maxInFlight: arrivals), adjust: Self.isPatient)
    let step = result.steps[0]
    #expect(served == arrivals && step.response.sum == step.service.sum + step.lag.sum)
    // As above, but for the 10 µs that lie between the due times of the first and the last.
    #expect(step.lag.maximum - step.lag.minimum >= UInt64(arrivals) * 500 - 10_000)
  }

  @Test("the time that an answer's checks take is the next request's lag, not its service time")
  func checkingIsLag() throws {
    let body = "{\"list\": [" + Array(repeating: "{\"a\": 1}", count: 20_000).joined(separator: ", ") + "]}"
    let response = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    let checks = [CheckPlan(label: "is long", subject: .bodyContains(Array("nowhere".utf8)))]
    let (result, _) = try run(
      .responds { _ in response }, Self.users(1, 20_000),
      steps: [Self.step("first", checks: checks), Self.step("next")],
      journeys: [JourneyPlan(name: "get", weight: 1, steps: [0, 1])],
      adjust: {
        Self.isPatient(&$0)
        $0.iterationLimit = .perUser(5)
      })
    #expect(result.steps[1].lag.count == 5 && result.steps[1].lag.minimum > 0)
    #expect(result.steps[1].response.sum == result.steps[1].service.sum + result.steps[1].lag.sum)
  }

  @Test("arrivals without a place wait, and their waiting counts")
  func queueing() throws {
    let stage = Workload.Stage(duration: .milliseconds(500), target: 40, isStep: true)
    // One connection, and every answer takes the response timeout: most arrivals never begin.
    let (result, _) = try run(.silent, .rate([stage], maxInFlight: 1))
    #expect(result.iterations.scheduled == 20)
    #expect(result.iterations.dropped > 0)
    let worst = result.steps[0].lag.value(at: 1) ?? 0
    #expect(worst >= 150e6)
  }

  @Test("arrivals without a place are dropped where they are not to wait, and counted", arguments: [1, 2])
  func dropping(workers: Int) throws {
    let stage = Workload.Stage(duration: .milliseconds(500), target: 40, isStep: true)
    let (result, _) = try run(
      .silent, .rate([stage], maxInFlight: workers), workers: workers, adjust: { $0.overflow = .drop })
    #expect(result.iterations.scheduled == 20)
    #expect(result.iterations.droppedByOverflow > 0)
    #expect(result.iterations.droppedByOverflow == result.iterations.dropped)
    // Whatever began did so at its due time, but for the machine's own delays.
    #expect((result.steps[0].lag.value(at: 0.5) ?? 0) < 20e6)
  }

  @Test("Poisson arrivals all begin, and the seed decides how many there are", arguments: [1, 2])
  func poisson(workers: Int) throws {
    let stages = [Workload.Stage(duration: .milliseconds(400), target: 500, isStep: true)]
    var cursor = ArrivalCursor(ArrivalSchedule(stages), .poisson, seed: 9)
    while cursor.dueNanoseconds != nil { cursor.advance() }
    let (result, served) = try run(
      .answers, .rate(stages, maxInFlight: 20), workers: workers,
      adjust: {
        Self.isPatient(&$0)
        $0.arrivals = .poisson
        $0.seed = 9
      })
    #expect(served == cursor.index)
    #expect(result.iterations.completed == UInt64(cursor.index))
  }

  @Test("three arrivals a second are three arrivals a second")
  func slowRate() throws {
    let stage = Workload.Stage(duration: .seconds(1), target: 3, isStep: true)
    let (result, served) = try run(.answers, .rate([stage], maxInFlight: 5))
    #expect(served == 3)
    #expect(result.iterations.scheduled == 3)
  }

  @Test("shared iterations are done once each, and then the run ends", arguments: [1, 2])
  func sharedIterations(workers: Int) throws {
    let (result, served) = try run(
      .answers, Self.users(7, 20_000), workers: workers, adjust: { $0.iterationLimit = .shared(100) })
    #expect(served == 100)
    #expect(result.iterations.completed == 100)
    #expect(result.elapsedNanoseconds < 5_000_000_000)
  }

  @Test("each user does its own iterations, and then the run ends", arguments: [1, 2])
  func iterationsPerUser(workers: Int) throws {
    let (result, served) = try run(
      .answers, Self.users(7, 20_000), steps: [Self.step("get", think: .constant(.milliseconds(2)))],
      workers: workers, adjust: { $0.iterationLimit = .perUser(5) })
    #expect(served == 35)
    #expect(result.iterations.completed == 35)
    #expect(result.elapsedNanoseconds < 5_000_000_000)
  }

  @Test(
    "a run with fewer users than threads ends with its iterations too",
    arguments: [IterationLimit.shared(5), .perUser(5)])
  func fewUsers(limit: IterationLimit) throws {
    let (result, served) = try run(
      .answers, Self.users(1, 20_000), workers: 3, adjust: { $0.iterationLimit = limit })
    #expect(served == 5)
    #expect(result.elapsedNanoseconds < 5_000_000_000)
  }

  @Test("shared iterations that are used up don't wait for users who were to start later")
  func lateUsers() throws {
    let stages = [
      Workload.Stage(duration: .seconds(15), target: 1, isStep: true),
      .init(duration: .seconds(5), target: 2, isStep: true),
    ]
    let (result, served) = try run(
      .answers, .users(stages), workers: 2, adjust: { $0.iterationLimit = .shared(20) })
    #expect(served == 20)
    #expect(result.elapsedNanoseconds < 5_000_000_000)
  }

  @Test("pacing counts from the last iteration's beginning")
  func pacing() throws {
    let (result, served) = try run(
      .answers, Self.users(4, 1_000), steps: [Self.step("get", think: .constant(.milliseconds(30)))],
      adjust: { $0.pacing = .constant(.milliseconds(100)) })
    #expect(served == 40)
    // Intended at the paced time, so the machine's delay shows as lag and doesn't add up.
    #expect(result.iterations.completed == 40)
  }

  @Test("a server that closes after each response costs connections, not requests")
  func closing() throws {
    let (result, served) = try run(.closesAfterEach, Self.users(3))
    #expect(result.steps[0].failed == 0)
    #expect(result.steps[0].answered == UInt64(served))
    #expect(result.connections.opened >= result.steps[0].answered)
  }

  @Test("a kept-alive connection that the peer closed is opened anew without a failure")
  func closedIdle() throws {
    let (result, _) = try run(.closesIdle(after: 7), Self.users(3))
    #expect(result.steps[0].failed == 0)
    #expect(result.connections.retried + result.connections.closedIdle > 0)
  }

  @Test("failures are counted by kind and rank above every time")
  func failures() throws {
    let table: [(FaultyServer.Behaviour, FailureKind)] = [(.closesWithoutAnswer, .reset), (.garbage, .protocol)]
    for (behaviour, kind) in table {
      let step = try run(behaviour, Self.users(4), adjust: { $0.end(after: .perUser(2)) }).result.steps[0]
      #expect(step.answered == 0 && step.attempts == 8)
      #expect(step.failures == [kind: 8])
      #expect(step.failureSamples[kind]?.isEmpty == false)
      #expect(step.response.value(at: 0.5) == .infinity)
    }
  }

  @Test("a silent or endless response is a timeout, with the time that it took", arguments: [true, false])
  func timeouts(silent: Bool) throws {
    let step = try run(silent ? .silent : .neverEnds, Self.users(2)).result.steps[0]
    #expect((step.failures[.timeout] ?? 0) > 0)
    #expect((step.response.value(at: 0) ?? 0) >= 200e6)
  }

  @Test("an error status is an answer and a failure; one that a check names is none")
  func statuses() throws {
    func end(_ plan: inout LoadPlan) {
      Self.isPatient(&plan)
      plan.end(after: .shared(50))
    }
    let failing = try run(.status(500), Self.users(2), adjust: end).result
    #expect(failing.steps[0].failures == [.status: 50] && failing.steps[0].answered == 50)
    #expect(failing.iterations.failed == 50)
    var accepted = Self.step("get")
    accepted.acceptedStatuses = [StatusRange(404, 404)]
    let step = try run(.status(404), Self.users(2), steps: [accepted], adjust: end).result.steps[0]
    #expect(step.failed == 0 && step.answered == 50)
  }

  @Test("counts add up when the target dies in the middle", arguments: [1, 2])
  func dying(workers: Int) throws {
    let (result, _) = try run(
      .dies(after: 100), Self.users(3, 600), workers: workers, adjust: { $0.responseTimeout = .seconds(20) })
    let step = result.steps[0]
    #expect(step.answered == 100)
    #expect((step.failures[.connect] ?? 0) + (step.failures[.reset] ?? 0) > 0)
    let open = try run(
      .dies(after: 50), .rate([.init(duration: .milliseconds(600), target: 200, isStep: true)], maxInFlight: 10),
      workers: workers, adjust: Self.isPatient)
    #expect(open.result.steps[0].answered == 50 && open.result.iterations.scheduled == 120)
  }

  @Test("counts add up when each 100th connection is reset", arguments: [1, 2])
  func resets(workers: Int) throws {
    let (result, _) = try run(
      .resetsEach(100), .rate([.init(duration: .milliseconds(250), target: 4_000, isStep: true)], maxInFlight: 50),
      workers: workers, adjust: Self.isPatient)
    let step = result.steps[0]
    #expect(result.iterations.scheduled == 1_000)
    #expect(step.failures == [.reset: 10])
    #expect(step.answered == 990 && result.iterations.failed == 10)
  }

  @Test("counts add up when each answer is a 500")
  func failing() throws {
    let (result, served) = try run(
      .status(500), .rate([.init(duration: .milliseconds(500), target: 400, isStep: true)], maxInFlight: 20),
      workers: 2, adjust: Self.isPatient)
    #expect(result.iterations.failed == 200 && result.iterations.completed == 0)
    #expect(result.steps[0].failures == [.status: 200] && served == 200)
  }

  @Test("checks look at status and body, and fail apart from requests")
  func checks() throws {
    let count = JSONPath(components: [.key(Array("count".utf8))])
    let step = Self.step(
      "get",
      checks: [
        CheckPlan(label: "status", subject: .status([StatusRange(200, 200)])),
        CheckPlan(label: "count", subject: .json(count, .greater, .number(2))),
        CheckPlan(label: "more", subject: .json(count, .greater, .number(3))),
        CheckPlan(label: "text", subject: .bodyContains(Array("count".utf8))),
      ])
    let tally = try run(
      .answers, Self.users(2), steps: [step],
      adjust: {
        Self.isPatient(&$0)
        $0.end(after: .shared(50))
      }
    ).result.steps[0]
    #expect(tally.checksPassed == [50, 50, 0, 50])
    #expect(tally.checksFailed == [0, 0, 50, 0])
    #expect(tally.failed == 0)
  }

  @Test("requests intended in the warm-up are counted apart")
  func warmUp() throws {
    let (result, served) = try run(.answers, Self.users(2), warmUp: .milliseconds(200))
    #expect(result.warmUpSteps[0].answered > 0)
    #expect(result.steps[0].answered > 0)
    // A busy machine may interrupt what the server has answered already.
    let (first, rest) = (result.warmUpSteps[0], result.steps[0])
    #expect(first.answered + rest.answered...first.attempts + rest.attempts ~= UInt64(served))
    #expect(first.attempts + rest.attempts == first.answered + rest.answered + rest.interrupted)
  }

  @Test("journeys are chosen by weight, their steps in order, think time between")
  func journeys() throws {
    let steps = [
      Self.step("a", think: .constant(.milliseconds(1))), Self.step("b"),
      Self.step("c", think: .uniform(.zero, .milliseconds(2))),
    ]
    let journeys = [
      JourneyPlan(name: "two", weight: 3, steps: [0, 1]), JourneyPlan(name: "one", weight: 1, steps: [2]),
    ]
    let stage = Workload.Stage(duration: .seconds(1), target: 400, isStep: true)
    let (result, _) = try run(.answers, .rate([stage], maxInFlight: 50), steps: steps, journeys: journeys)
    #expect(result.steps[0].answered == result.steps[1].answered)
    #expect(result.steps[0].answered + result.steps[2].answered == 400)
    #expect((260...340).contains(result.steps[0].answered))
  }

  @Test("an interrupted run ends at once and says so; an observer may abort")
  func ends() throws {
    let control = LoadEngine.Control()
    let interrupted = try run(
      .answers, Self.users(2, 30_000), control: control,
      observe: { _ in
        control.interrupt()
        return .goOn
      }
    ).result
    #expect(interrupted.ending == .interrupted)
    #expect(interrupted.elapsedNanoseconds < 3_000_000_000)
    let aborted = try run(.answers, Self.users(2, 30_000), observe: { _ in .abort }).result
    #expect(aborted.ending == .aborted)
    #expect(aborted.elapsedNanoseconds < 3_000_000_000)
  }

  @Test("a worker ends with whoever has it, so that a run that can't begin sends nothing")
  func abandoned() throws {
    let server = try FaultyServer(.answers)
    defer { server.stop() }
    let plan = LoadPlan(
      endpoint: Endpoint(host: "127.0.0.1", port: server.port), steps: [Self.step("get")],
      journeys: [JourneyPlan(name: "get", weight: 1, steps: [0])], workload: Self.users(2, 60_000))
    let book = try AddressBook(SocketAddress.resolve(host: "127.0.0.1", port: server.port)[0])
    let start = MonotonicClock.now()
    var crew: Crew? = try Crew(CompiledPlan(plan), book: book, number: 0, start: start)
    let link = try #require(crew?.link)
    crew = nil
    #expect(link.hasFinishedNow && MonotonicClock.now() - start < 20_000_000_000)
  }

  @Test("a dead port and an unknown host are refused before the run")
  func preflight() throws {
    let server = try FaultyServer(.answers)
    server.stop()
    #expect(throws: EngineError.self) {
      try Preflight.reach(Endpoint(host: "127.0.0.1", port: server.port), timeout: .seconds(1))
    }
    #expect(throws: EngineError.self) {
      try Preflight.reach(Endpoint(host: "host.invalid", port: 80), timeout: .seconds(2))
    }
  }
}
