import Glibc
import Histograms
import Measures
import Synchronization
import Testing

@testable import BenchEngine

@Suite(.serialized)
struct PhaseTests {
  private static func step(_ name: String) -> StepPlan {
    StepPlan(name: name, request: Array("GET /\(name) HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
  }

  private static func users(_ count: Double, _ milliseconds: Int64) -> Workload {
    .users([.init(duration: .milliseconds(milliseconds), target: count, isStep: true)])
  }

  private static func rate(_ rate: Double, _ milliseconds: Int64) -> Workload {
    .rate([.init(duration: .milliseconds(milliseconds), target: rate, isStep: true)], maxInFlight: 20)
  }

  private static func plan(_ phases: [PhasePlan], port: UInt16) -> LoadPlan {
    var plan = LoadPlan(
      endpoint: Endpoint(host: "127.0.0.1", port: port), steps: [step("a"), step("b")],
      journeys: [JourneyPlan(name: "a", weight: 1, steps: [0]), JourneyPlan(name: "b", weight: 1, steps: [1])],
      workload: .users([]), connectTimeout: .seconds(1), responseTimeout: .seconds(20))
    plan.phases = phases
    return plan
  }

  private func run(
    _ behaviour: FaultyServer.Behaviour = .answers, _ phases: [PhasePlan], control: LoadEngine.Control = .init(),
    adjust: (inout LoadPlan) -> Void = { _ in }, observe: (LoadProgress) -> LoadEngine.Wish = { _ in .goOn }
  ) throws -> LoadResult {
    let server = try FaultyServer(behaviour)
    defer { server.stop() }
    var plan = Self.plan(phases, port: server.port)
    for index in plan.phases.indices { plan.phases[index].gracefulStop = .seconds(20) }
    adjust(&plan)
    let address = try Preflight.reach(plan.endpoint, timeout: .seconds(1))
    var answered: UInt64 = 0
    let result = try LoadEngine.run(plan, to: address, control: control) { progress in
      answered += Second(progress).completed
      return observe(progress)
    }
    expectConserved(result)
    #expect(result.phases.count == phases.count)
    for phase in result.phases {
      #expect(phase.iterations.isConserved, "\(phase.iterations)")
      for step in phase.steps + phase.warmUpSteps {
        let unanswered = step.failures.filter { $0.key != .status }.values.reduce(0, +)
        #expect(step.attempts == step.answered + unanswered + step.interrupted)
        #expect(step.response.count == step.answered + unanswered)
      }
    }
    for index in result.steps.indices {
      #expect(result.steps[index].attempts == result.phases.reduce(0) { $0 + $1.steps[index].attempts })
    }
    #expect(result.iterations.scheduled == result.phases.reduce(0) { $0 + $1.iterations.scheduled })
    #expect(
      answered
        == (result.steps + result.warmUpSteps).reduce(0) { $0 + $1.answered })
    return result
  }

  @Test("a phase follows another when that has ended, and draws from its own journeys")
  func sequence() throws {
    let result = try run(
      .answers,
      [
        PhasePlan(name: "one", journeys: [0], workload: Self.rate(100, 300)),
        PhasePlan(name: "two", start: .after(0), journeys: [1], workload: Self.rate(50, 200)),
      ])
    let (one, two) = (result.phases[0], result.phases[1])
    #expect(one.iterations.completed == 30 && two.iterations.completed == 10)
    #expect(one.steps.map(\.answered) == [30, 0] && two.steps.map(\.answered) == [0, 10])
    #expect(try #require(two.startNanoseconds) >= #require(one.startNanoseconds) + 300_000_000)
    #expect(one.hasEnded && two.hasEnded && result.ending == .completed)
  }

  @Test("phases run at the same time, from their times on, each with its users, rate and warm-up", arguments: [1, 2])
  func parallel(workers: Int) throws {
    let result = try run(
      .answers,
      [
        PhasePlan(name: "visit", start: .at(.milliseconds(200)), journeys: [0], workload: Self.rate(100, 400)),
        PhasePlan(
          name: "herd", start: .with(0), journeys: [0, 1], workload: Self.rate(200, 400),
          warmUp: .milliseconds(100)),
        PhasePlan(
          name: "user", journeys: [1], workload: Self.users(2, 5_000), iterationLimit: .shared(50)),
      ], adjust: { for index in $0.phases.indices { $0.phases[index].workers = workers } })
    #expect(result.phases[0].startNanoseconds == 200_000_000)
    #expect(result.phases[1].startNanoseconds == 200_000_000)
    #expect(result.phases.map(\.iterations.completed) == [40, 80, 50])
    #expect(result.phases[1].warmUpSteps.reduce(0) { $0 + $1.answered } == 20)
    #expect(result.phases[1].steps.reduce(0) { $0 + $1.answered } == 60)
    #expect(result.generator.workers == 3 * workers)
  }

  @Test("the first byte of a phase's responses is timed from the phase's start")
  func firstByte() throws {
    let result = try run(
      .answers,
      [
        PhasePlan(name: "late", start: .at(.milliseconds(300)), journeys: [0], workload: Self.rate(10, 200)),
        PhasePlan(name: "none", start: .after(0), journeys: [1], workload: Self.rate(10, 100)),
      ])
    let first = try #require(result.phases[0].firstByteNanoseconds)
    #expect(first < 20_000_000_000)
    #expect(result.firstByteNanoseconds == first + 300_000_000)
    let silent = try run(
      .silent, [PhasePlan(name: "a", journeys: [0], workload: Self.rate(10, 100))],
      adjust: { $0.phases[0].gracefulStop = .milliseconds(100) })
    #expect(silent.phases[0].firstByteNanoseconds == nil)
  }

  @Test("an interrupted run ends its phases at once, and those to come never begin")
  func interrupted() throws {
    let control = LoadEngine.Control()
    let result = try run(
      .answers,
      [
        PhasePlan(name: "now", journeys: [0], workload: Self.users(2, 30_000)),
        PhasePlan(name: "then", start: .after(0), journeys: [1], workload: Self.users(2, 1_000)),
      ], control: control,
      observe: { _ in
        control.interrupt()
        return .goOn
      })
    #expect(result.ending == .interrupted)
    #expect(result.elapsedNanoseconds < 3_000_000_000)
    #expect(result.phases[0].steps[0].answered > 0)
    #expect(result.phases[1].startNanoseconds == nil && result.phases[1].iterations == IterationCounts())
  }

  @Test("phases share what unique data gives each row of once")
  func data() throws {
    let result = try run(
      .answers,
      [
        PhasePlan(name: "one", journeys: [0], workload: Self.users(1, 2_000), iterationLimit: .shared(7)),
        PhasePlan(name: "two", start: .after(0), journeys: [0], workload: Self.users(1, 5_000)),
      ],
      adjust: {
        $0.steps[0].template = RequestTemplate(
          head: [
            .bytes(Array("GET /".utf8)), .value(.column(feed: 0, column: 0), .percent),
            .bytes(Array(" HTTP/1.1\r\n".utf8)),
          ])
        $0.feeds = [FeedPlan(name: "f", columns: ["c"], rows: (0..<10).map { [Array("\($0)".utf8)] }, order: .unique)]
        $0.journeys[0].feeds = [0]
      })
    #expect(result.phases.map(\.iterations.completed) == [7, 3])
  }

  @Test("a run with phases needs as many connections as those that overlap")
  func connections() {
    let plan = Self.plan(
      [
        PhasePlan(name: "a", journeys: [0], workload: Self.users(5, 1_000), gracefulStop: .seconds(1)),
        PhasePlan(name: "b", start: .at(.milliseconds(1_500)), journeys: [0], workload: Self.users(7, 1_000)),
        PhasePlan(name: "c", start: .at(.seconds(3)), journeys: [0], workload: Self.rate(1, 100), gracefulStop: .zero),
      ], port: 1)
    // b begins while what a left may go on, and c while b's may.
    #expect(plan.peakConnections == 27)
    #expect(plan.duration == .milliseconds(3_100))
    var apart = plan
    apart.phases[1].gracefulStop = .milliseconds(500)
    #expect(apart.peakConnections == 20)
  }

  @Test("more connections than there are descriptors are refused before the start, those of phases that overlap")
  func descriptors() throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
    // As many as the bounds of a scenario allow, where the system knows no limit.
    let half = Double(min(limit.rlim_max, 100_000)) * 0.6
    func plan(_ start: PhasePlan.Start) -> LoadPlan {
      Self.plan(
        [
          PhasePlan(name: "a", journeys: [0], workload: Self.users(half, 1_000), gracefulStop: .zero),
          PhasePlan(name: "b", start: start, journeys: [0], workload: Self.users(half, 1_000), gracefulStop: .zero),
        ], port: 1)
    }
    let error = #expect(throws: EngineError.self) { try Preflight.requireResources(for: plan(.with(0))) }
    let text = try #require(error?.message)
    #expect(
      error?.code == .resources && text.hasPrefix("\(2 * Int(half.rounded())) users and connections in flight need"))
    do {
      try Preflight.requireResources(for: plan(.after(0)))
    } catch {
      // One phase alone may be more than there are local ports.
      #expect(error.message.hasPrefix("\(Int(half.rounded())) users and connections in flight need"))
    }
  }

  @Test("an observer sees each phase's counts, and may abort")
  func aborted() throws {
    var seen: [Bool] = []
    let result = try run(
      .answers, [PhasePlan(name: "a", journeys: [0], workload: Self.users(1, 30_000))],
      observe: { progress in
        seen.append(progress.total.phases[0].steps[0].attempts > 0)
        return .abort
      })
    #expect(result.ending == .aborted && seen.first == true)
  }
}
