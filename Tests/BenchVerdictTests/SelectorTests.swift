import BenchEngine
import Histograms
import Measures
import Testing

@testable import BenchVerdict

/// Budgets on a part of a run: a phase, a tag.
struct SelectorTests {
  private static let plan: LoadPlan = {
    var steps = ["home", "list", "send"].map { StepPlan(name: $0, request: []) }
    steps[0].tags = ["kind": "read"]
    steps[1].tags = ["kind": "read", "size": "big"]
    steps[2].tags = ["kind": "write"]
    var plan = LoadPlan(
      endpoint: Endpoint(host: "h", port: 1), steps: steps,
      journeys: [
        JourneyPlan(name: "look", weight: 1, steps: [0, 1]), JourneyPlan(name: "write", weight: 1, steps: [2]),
      ], workload: .users([]))
    let load = Workload.users([.init(duration: .seconds(10), target: 1, isStep: true)])
    plan.phases = [
      PhasePlan(name: "one", journeys: [0, 1], workload: load),
      PhasePlan(name: "two", start: .after(0), journeys: [0], workload: load, warmUp: .seconds(2)),
    ]
    return plan
  }()

  /// Answers of `milliseconds` by step.
  private static func tallies(_ counts: [UInt64], _ milliseconds: UInt64) -> [StepMeasure] {
    counts.map { count in
      var tally = StepMeasure()
      tally.attempts = count
      tally.answered = count
      tally.response.record(milliseconds * 1_000_000, times: count)
      return tally
    }
  }

  private static var result: LoadResult {
    var one = PhaseResult(steps: tallies([10, 20, 30], 5))
    one.startNanoseconds = 0
    one.elapsedNanoseconds = 10_000_000_000
    one.iterations.scheduled = 60
    one.iterations.completed = 60
    var two = PhaseResult(steps: tallies([1, 2, 0], 900))
    two.startNanoseconds = 10_000_000_000
    two.elapsedNanoseconds = 10_500_000_000
    two.iterations.scheduled = 4
    two.iterations.dropped = 1
    two.iterations.completed = 3
    var steps = one.steps
    for index in steps.indices { steps[index].add(two.steps[index]) }
    var result = LoadResult(steps: steps, warmUpSteps: [], elapsedNanoseconds: 20_500_000_000)
    result.iterations.add(one.iterations)
    result.iterations.add(two.iterations)
    result.phases = [one, two]
    return result
  }

  @Test(
    "a selector takes the steps that have its tags, of the phase it names",
    arguments: [
      ("requests: count == 63", 63.0), ("requests{kind:read}: count == 33", 33),
      ("requests{kind:write}: count == 1", 30),
      ("requests{kind:read,size:big}: count == 1", 22), ("requests{phase:two}: count == 1", 3),
      ("requests{phase:one,kind:read}: count == 1", 30), ("requests{phase:two}: rate > 1/s", 3 / 8.0),
      ("response_time{phase:two}: max < 1s", 900e6), ("response_time{phase:one}: max < 1s", 5e6),
      ("iterations{phase:two}: count == 1", 3), ("iterations: count == 1", 63), ("dropped{phase:two}: rate < 1%", 0.25),
    ] as [(String, Double)])
  func samples(text: String, expected: Double) throws {
    let budget = try Budget.parse(text)
    #expect(PlanLabels(Self.plan).problem(with: budget.selector) == nil)
    let observed = try #require(
      budget.observe(MetricsView(plan: Self.plan, result: Self.result).samples(for: budget.selector)))
    #expect(abs(observed - expected) <= expected * 0.001)
  }

  @Test(
    "tags and phases that a plan doesn't have are named, with the nearest that it has",
    arguments: [
      ("failed{kin:read}: count == 0", "unknown tag 'kin'", "'kind'"),
      ("failed{kind:raed}: count == 0", "unknown value of the tag 'kind' 'raed'", "'read'"),
      ("failed{phase:tow}: count == 0", "unknown phase 'tow'", "'two'"),
      ("failed{size:big,kind:write}: count == 0", "no step has all of these tags", "tags that go together"),
      ("failed{phase:two,kind:write}: count == 0", "no step has all of these tags", "tags that go together"),
    ])
  func unknown(text: String, what: String, expected: String) throws {
    let problem = try #require(PlanLabels(Self.plan).problem(with: Budget.parse(text).selector))
    #expect(problem.what == what && problem.expected.hasPrefix(expected))
  }

  /// A run second by second: response times, in milliseconds, of what ended in each, from the phase's start on.
  private func wake(_ seconds: [[UInt64]], start: UInt64 = 10, firstByte: Double? = 4.5) throws -> WakeObservation? {
    var watch = BudgetWatch(
      budgets: [], plan: Self.plan, wake: (phase: 0, budget: try Budget.parse("response_time: p(95) < 100ms")))
    var total = LoadResult(Self.plan)
    let ends = Array(repeating: [], count: Int(start)) + seconds
    for (second, times) in ends.enumerated() {
      var spans: [LoadSpan] = []
      if second >= Int(start) {
        var span = LoadSpan(checks: [0, 0, 0])
        span.phase = 0
        span.offset = start * 1_000_000_000
        span.end = (UInt64(second + 1) - start) * 1_000_000_000
        span.firstByte = firstByte.map { UInt64($0 * 1e9) }
        for time in times {
          span.steps[0].attempts += 1
          span.steps[0].response.record(time * 1_000_000)
        }
        spans = [span]
        total.add(span)
      }
      total.elapsedNanoseconds = UInt64(second + 1) * 1_000_000_000
      _ = watch.observe(LoadProgress(spans: spans, total: total, plannedNanoseconds: 60_000_000_000))
    }
    return watch.wake
  }

  @Test("a wake ends with the last second that did not hold the budget")
  func wakes() throws {
    let waking = try #require(try wake([[], [], [], [], [4_500, 3_500, 900], [400, 20], [20, 30], [], [10]]))
    #expect(waking.firstByteSeconds == 4.5 && waking.budgetMetSeconds == 6)
    #expect(try wake([[20], [30]])?.budgetMetSeconds == 0)
    #expect(try wake([[20], [300]])?.budgetMetSeconds == nil)
    #expect(
      try wake([[], []], firstByte: nil)
        == WakeObservation(phase: 0, budget: Budget.parse("response_time: p(95) < 100ms")))
    #expect(try wake([]) == nil)
  }

  @Test("a window of a phase's budget begins with the phase, and ends with it")
  func windows() throws {
    let budget = try Budget.parse("response_time{phase:two}: max < 100ms over 2s")
    var watch = BudgetWatch(budgets: [budget], plan: Self.plan)
    var total = LoadResult(Self.plan)
    for second: UInt64 in 1...12 {
      var spans: [LoadSpan] = []
      if second > 4 {
        var span = LoadSpan(checks: [0, 0, 0])
        span.phase = 1
        span.offset = 4_000_000_000
        span.end = (second - 4) * 1_000_000_000
        // Two seconds of warm-up, then answers of 10 ms.
        if second > 7 { span.steps = Self.tallies([1, 0, 0], 10) }
        spans = [span]
        total.add(span)
      }
      total.elapsedNanoseconds = second * 1_000_000_000
      #expect(
        watch.observe(LoadProgress(spans: spans, total: total, plannedNanoseconds: 60_000_000_000)) == nil)
    }
    let verdict = try #require(watch.verdicts(for: Self.result).first)
    #expect(verdict.outcome == .met && verdict.sampleCount == 2)
  }
}
