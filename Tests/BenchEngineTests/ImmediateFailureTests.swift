import Glibc
import Histograms
import Measures
import Testing

@testable import BenchEngine

/// Connections that fail at once: the kernel refuses the limited broadcast address to TCP before anything is sent.
@Suite(.serialized)
struct ImmediateFailureTests {
  private static func address() throws -> SocketAddress {
    try SocketAddress.resolve(host: "255.255.255.255", port: 9)[0]
  }

  @Test(
    "a backlog of a hundred thousand arrivals that fail at once is a backlog, not a stack",
    arguments: [Overflow.queue, .drop])
  func backlog(overflow: Overflow) throws {
    var run = EngineRun(port: 9)
    run.address = try Self.address()
    run.plan.workload = .rate([.init(duration: .milliseconds(1), target: 1e8, isStep: true)], maxInFlight: 4)
    run.plan.overflow = overflow
    run.plan.gracefulStop = .seconds(120)
    let result = try run()
    #expect(result.iterations.scheduled == 100_000)
    #expect(result.steps[0].attempts == result.iterations.started)
    #expect(result.steps[0].failures == [.connect: result.iterations.started])
    #expect(result.iterations.failed == result.iterations.started && result.iterations.dropped == 0)
  }

  @Test("a group whose members all fail at once ends once, on as many connections as it has", arguments: [1, 6])
  func group(connections: Int) throws {
    let members = 20_000
    var plan = EngineRun(port: 9).plan
    plan.journeys = [JourneyPlan(name: "page", weight: 1, steps: Array(repeating: 0, count: members))]
    plan.journeys[0].groups = [ParallelGroup(first: 0, count: members, connections: connections)]
    plan.workload = .users([.init(duration: .seconds(20), target: 1, isStep: true)])
    plan.iterationLimit = .perUser(2)
    let result = try LoadEngine.run(plan, to: try Self.address())
    expectConserved(result)
    #expect(result.iterations.failed == 2 && result.iterations.completed == 0)
    #expect(result.steps[0].attempts == 2 * UInt64(members))
    #expect(result.steps[0].failures == [.connect: 2 * UInt64(members)])
  }
}
