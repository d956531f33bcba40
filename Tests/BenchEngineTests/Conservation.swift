import Histograms
import Measures
import Testing

@testable import BenchEngine

/// What must add up whatever the peer did.
func expectConserved(_ result: LoadResult, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(result.iterations.isConserved, "\(result.iterations)", sourceLocation: sourceLocation)
  for step in result.steps + result.warmUpSteps {
    let noAnswer = step.failures.filter { $0.key != .status }.values.reduce(0, +)
    #expect(step.attempts == step.answered + noAnswer + step.interrupted, sourceLocation: sourceLocation)
    #expect(step.response.count == step.answered + noAnswer, sourceLocation: sourceLocation)
    #expect(step.service.count == step.response.count, sourceLocation: sourceLocation)
    let phases = step.phases
    for part in [phases.send, phases.wait, phases.receive] {
      #expect(part.count == step.answered, sourceLocation: sourceLocation)
    }
  }
  let opened = (result.steps + result.warmUpSteps).reduce(0) { $0 + $1.phases.connect.count }
  #expect(opened == result.connections.opened, sourceLocation: sourceLocation)
}

extension LoadPlan {
  /// Ends after so many iterations, which a count then says exactly, instead of after a time; the time bounds only what a
  /// busy machine may take for them. A user pauses for 100 ms after each that had no answer.
  mutating func end(after limit: IterationLimit) {
    iterationLimit = limit
    let target = workload.stages.last?.target ?? 1
    workload = .users([.init(duration: .seconds(20), target: target, isStep: true)])
  }
}

/// One step against a server of the test's, and what must hold of every run.
struct EngineRun {
  var plan: LoadPlan
  /// Instead of what the preflight finds.
  var address: SocketAddress?
  var observe: (LoadProgress) -> LoadEngine.Wish = { _ in .goOn }

  init(_ server: FaultyServer, request: String = "GET / HTTP/1.1\r\nHost: test\r\n\r\n", users: Double = 2) {
    self.init(port: server.port, request: request, users: users)
  }

  init(port: UInt16, request: String = "GET / HTTP/1.1\r\nHost: test\r\n\r\n", users: Double = 2) {
    plan = LoadPlan(
      endpoint: Endpoint(host: "127.0.0.1", port: port), steps: [StepPlan(name: "get", request: Array(request.utf8))],
      journeys: [JourneyPlan(name: "get", weight: 1, steps: [0])],
      workload: .users([.init(duration: .milliseconds(300), target: users, isStep: true)]),
      gracefulStop: .milliseconds(500), connectTimeout: .seconds(2), responseTimeout: .seconds(2))
  }

  func callAsFunction(sourceLocation: SourceLocation = #_sourceLocation) throws -> LoadResult {
    let result = try LoadEngine.run(plan, to: try address ?? Preflight.reach(plan), observe: observe)
    expectConserved(result, sourceLocation: sourceLocation)
    let limit = (plan.workload.duration + plan.gracefulStop + .milliseconds(500)).nanoseconds
    #expect(result.elapsedNanoseconds <= limit, sourceLocation: sourceLocation)
    return result
  }
}
