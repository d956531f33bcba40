import BenchEngine
import BenchScenario
import BenchVerdict
import Evidence
import Terminal
import Testing

@testable import BenchCapacity

@Suite struct CapacityScenarioTests {
  private func scenario(_ load: String, budgets: String = "{response_time: p(95) < 1s}") throws -> CapacityScenario {
    try CapacityScenario(
      try ScenarioReader.read(
        text: """
          name: sought
          \(load)
          journeys:
            - {name: a, weight: 3, steps: [{name: one, get: /, think: 1s}]}
            - {name: b, steps: [{name: two, get: /, think: 2s}, {name: three, get: /}]}
          budgets: \(budgets)
          """, file: "s.yaml"))
  }

  @Test("a rate is sought in arrivals, without pauses, within the author's connections")
  func rate() throws {
    let sought = try scenario("load: {rate: 30/s, hold: 60s, ramp: 10s, warm_up: 5s, max_in_flight: 40}")
    #expect(sought.unit == .arrivalsPerSecond && sought.start == 30 && sought.requestsPerIteration == 1.25)
    #expect(sought.warnings.count == 1 && sought.warnings[0].hasPrefix("pauses are left out"))
    let trial = sought.trial(load: 77.5, warmUp: .seconds(1), measured: .seconds(6), number: 3)
    #expect(trial.load.shape == .rate(77.5, maxInFlight: 40))
    #expect(trial.load.hold == .seconds(7) && trial.load.ramp == .zero && trial.load.warmUp == .seconds(1))
    #expect(trial.load.seed == sought.seed + 3)
    #expect(trial.journeys.allSatisfy { $0.steps.allSatisfy { $0.thinkTime == .none } })
  }

  @Test("users are sought with their pauses, spread over the warm-up")
  func users() throws {
    let sought = try scenario("load: {users: 12, hold: 60s}")
    #expect(sought.unit == .users && sought.start == 12 && sought.pauseSeconds == 1.25 && sought.maxInFlight == nil)
    let trial = sought.trial(load: 20, warmUp: .seconds(2), measured: .seconds(6))
    #expect(trial.load.shape == .users(20) && trial.load.ramp == .seconds(2) && trial.load.hold == .seconds(6))
    #expect(trial.journeys[0].steps[0].thinkTime == .constant(.seconds(1)))
  }

  @Test("stages say what is sought and where it begins; budgets on the load itself are left out")
  func stages() throws {
    let sought = try scenario(
      "load: {rate: 10/s, stages: [{to: 90/s, over: 5s}]}",
      budgets: "{requests: rate > 50/s, response_time: p(95) < 1s}")
    #expect(sought.unit == .arrivalsPerSecond && sought.start == 90)
    #expect(sought.budgets.map(\.text) == ["response_time: p(95) < 1s", "failed: rate < 1%", "silence: share < 1%"])
    #expect(sought.warnings.contains { $0.contains("requests: rate > 50/s") })
  }

  @Test("phases name no one load and are refused")
  func phases() throws {
    let scenario = try ScenarioReader.read(
      text: """
        name: phased
        phases: [{name: one, load: {users: 1, hold: 1s}}]
        journeys: [{name: j, steps: [{name: a, get: /}]}]
        """, file: "s.yaml")
    let error = #expect(throws: CommandFailure.self) { try CapacityScenario(scenario) }
    #expect(error?.exitStatus == .invalidConfiguration && error?.message.contains("phases") == true)
  }
}
