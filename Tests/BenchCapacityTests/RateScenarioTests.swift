import BenchEngine
import BenchScenario
import BenchVerdict
import Histograms
import Measures
import Testing

@testable import BenchCapacity

@Suite struct RateScenarioTests {
  @Test("phases, and budgets on them, give way to the rate, and that is said")
  func phases() throws {
    let scenario = RateScenario(
      try ScenarioReader.read(
        text: """
          name: phased
          phases: [{name: one, load: {users: 1, hold: 1s}}, {name: two, start_after: one, load: {rate: 5/s, hold: 1s}}]
          journeys: [{name: j, steps: [{name: a, get: /, until: "{{x}}", capture: {x: $.x}}]}]
          budgets: {"response_time{phase:two}": p(95) < 1s, response_time: p(95) < 2s}
          """, file: "s.yaml"))
    let plan = try scenario.plan(
      rate: 10, warmUp: .zero, measured: .seconds(5), target: TargetURL(host: "localhost"), variables: [:],
      secondsSince1970: 0)
    #expect(plan.phases.isEmpty && plan.workload.peak == 10)
    #expect(scenario.budgets.map(\.text) == ["response_time: p(95) < 2s", "failed: rate < 1%", "silence: share < 1%"])
    #expect(scenario.warnings.count == 3 && scenario.warnings[0].hasPrefix("the scenario's phases are left out"))
  }

  private func scenario(budgets: String) throws -> RateScenario {
    RateScenario(
      try ScenarioReader.read(
        text: """
          name: two journeys
          load:
            users: 50
            hold: 60s
            ramp: 10s
            warm_up: 5s
          journeys:
            - name: short
              weight: 3
              steps:
                - get: /a
                  name: a
                  think: 1s..3s
            - name: long
              weight: 1
              steps:
                - get: /a
                  name: a
                - get: /b
                  name: b
                  headers: {Accept: text/html}
                  think: 5s
          budgets:
          \(budgets)
          """, file: "test.yaml"))
  }

  private func plan(_ scenario: RateScenario, rate: Double) throws -> LoadPlan {
    try scenario.plan(
      rate: rate, warmUp: .seconds(1), measured: .seconds(6), target: TargetURL(host: "127.0.0.1", port: 9),
      variables: [:], secondsSince1970: 0)
  }

  @Test("the load is replaced by arrivals that make the asked requests a second; pauses go, steps stay")
  func load() throws {
    let scenario = try scenario(budgets: "  response_time: p(95) < 300ms")
    #expect(scenario.requestsPerArrival == 1.25)
    let plan = try plan(scenario, rate: 100)
    guard case .rate(let stages, let maxInFlight) = plan.workload else {
      Issue.record("not an open model")
      return
    }
    #expect(stages == [.init(duration: .seconds(7), target: 80, isStep: true)])
    #expect(maxInFlight == RateScenario.maxInFlight)
    #expect(plan.warmUp == .seconds(1))
    #expect(plan.steps.count == 3 && plan.steps.allSatisfy { $0.thinkTime == .none })
  }

  @Test("budgets on the load itself are left out, windows are the whole trial, and both are said")
  func budgets() throws {
    let scenario = try scenario(
      budgets: """
          response_time: p(95) < 300ms over 30s abort after 10s
          requests: rate > 50/s
          dropped: rate < 1%
          bytes_received: rate < 1MB/s
          service_time: p(95) < 300ms warn
        """)
    #expect(scenario.budgets.map(\.selector.metric) == [.responseTime, .failed, .silence])
    #expect(scenario.budgets.allSatisfy { $0.window == nil && $0.abortAfter == nil })
    #expect(scenario.warnings.count == 5)
  }

  @Test("a visit is one request of the heaviest journey, asked as a program asks")
  func visit() throws {
    let scenario = try scenario(budgets: "  response_time: p(95) < 300ms")
    let plan = try scenario.visit(
      target: TargetURL(host: "127.0.0.1", port: 9), variables: [:], secondsSince1970: 0)
    #expect(plan.steps.map(\.name) == ["a"])
    #expect(String(decoding: plan.steps[0].request, as: UTF8.self).contains("Accept: */*"))
  }

  /// A second of a run in which `slow` of `count` requests took a second, `failed` failed.
  private func progress(count: Int, slow: Int, failed: Int = 0, after seconds: Double, of planned: Double)
    -> LoadProgress
  {
    var tally = StepMeasure()
    tally.attempts = UInt64(count)
    tally.failures = [.status: UInt64(failed)]
    tally.response.record(1_000_000, times: UInt64(count - slow))
    tally.response.record(1_000_000_000, times: UInt64(slow))
    var total = LoadResult(steps: [tally, StepMeasure(), StepMeasure()])
    total.elapsedNanoseconds = UInt64(seconds * 1e9)
    return LoadProgress(spans: [], total: total, plannedNanoseconds: UInt64(planned * 1e9))
  }

  @Test(
    "a trial is hopeless once more is bad than the whole may have, and not before",
    arguments: [
      (slow: 0, failed: 0, hopeless: false), (slow: 30, failed: 0, hopeless: false),
      (slow: 60, failed: 0, hopeless: true), (slow: 0, failed: 5, hopeless: false),
      (slow: 0, failed: 15, hopeless: true),
    ])
  func hopeless(slow: Int, failed: Int, hopeless: Bool) throws {
    let scenario = try scenario(budgets: "  response_time: p(95) < 300ms")
    let plan = try plan(scenario, rate: 100)
    // 200 of 700 requests have ended; 5 % of 700 are 35, 1 % are 7, and a tenth of slack on top.
    let seen = progress(count: 200, slow: slow, failed: failed, after: 3, of: 7)
    #expect(
      HopelessTrial.isHopeless(seen, plan: plan, budgets: scenario.budgets, rate: 100) == hopeless)
  }
}
