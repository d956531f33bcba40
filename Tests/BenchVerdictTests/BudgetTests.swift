import BenchEngine
import Histograms
import Matching
import Measures
import Terminal
import Testing

@testable import BenchVerdict

struct BudgetTests {
  private func times(_ milliseconds: [UInt64], unanswered: UInt64 = 0) -> MetricSamples {
    var histogram = Histogram()
    for value in milliseconds { histogram.record(value * 1_000_000) }
    histogram.recordUnanswered(times: unanswered)
    return .times(histogram)
  }

  @Test(
    "the grammar reads metric, tags, method, comparison and limit",
    arguments: [
      ("response_time{step:schedules}: p(95) < 300ms", Method.quantile(0.95), Comparison.less, 300e6),
      ("p(99.9)<1s", .quantile(99.9 / 100), .less, 1e9), ("failed: rate < 1%", .rate, .less, 0.01),
      ("checks: rate >= 99%", .rate, .greaterOrEqual, 0.99), ("requests: rate > 100/s", .rate, .greater, 100),
      ("dropped: count == 0", .count, .equal, 0), ("response_time: max <= 2s", .maximum, .lessOrEqual, 2e9),
    ])
  func grammar(text: String, method: Method, comparison: Comparison, limit: Double) throws {
    let budget = try Budget.parse(text)
    #expect(budget.method == method)
    #expect(budget.comparison == comparison)
    #expect(abs(budget.limit - limit) < 1e-9 * max(limit, 1))
  }

  @Test("`over` and `abort after` are read")
  func suffixes() throws {
    let budget = try Budget.parse("response_time: p(95) < 300ms over 30s abort after 10s")
    #expect(budget.window == .seconds(30))
    #expect(budget.abortAfter == .seconds(10))
  }

  @Test("`warn` and `fail` are read at the end, and `warn` not beside `abort after`")
  func levels() throws {
    #expect(try Budget.parse("p(95) < 300ms").level == .fail)
    #expect(try Budget.parse("p(95) < 300ms warn").level == .warn)
    #expect(try Budget.parse("p(95) < 300ms over 30s  warn ").level == .warn)
    #expect(try Budget.parse("failed: rate < 1% abort after 10s fail").level == .fail)
    #expect(try Budget.parse("failed: rate < 1% warn").text == "failed: rate < 1% warn")
    for (text, column) in [
      ("failed: rate < 1% warned", 18), ("failed: rate < 1% warn fail", 23), ("failed: rate < 1% warn over 30s", 23),
      ("failed: rate < 1% abort after 10s warn", 34),
    ] {
      let error = try #require(throws: BudgetError.self) { try Budget.parse(text) }
      #expect(error.offset == column)
    }
  }

  @Test("a budget that only warns is in no exit code, and takes no default away")
  func warning() throws {
    let warn = try Budget.parse("p(50) < 100ms warn")
    for outcome in [BudgetVerdict.Outcome.notMet, .noData] {
      let told = BudgetVerdict(budget: warn, outcome: outcome, observed: 1e9, sampleCount: 1)
      #expect(RunVerdict(budgets: [told], generator: .ok).exitCode == .pass)
      #expect(!told.isBroken)
      let slack = GeneratorVerdict.Slack.tightest(of: [told])
      #expect(slack == nil)
    }
    let fail = BudgetVerdict(budget: try Budget.parse("p(50) < 100ms"), outcome: .notMet, sampleCount: 1)
    #expect(RunVerdict(budgets: [fail], generator: .ok).exitCode == .notMet)
    let own = Budget.complete([try Budget.parse("failed: rate < 5% warn")], with: [.defaultFailed])
    #expect(own.map(\.isDefault) == [false, true])
  }

  @Test(
    "what the grammar does not know is refused",
    arguments: [
      "speed: p(95) < 1s", "response_time{:red}: p(95) < 1s", "iterations{color:red}: count > 1",
      "dropped{step:a}: count == 0",
      "response_time{color:red,color:blue}: max < 1s",
      "response_time: p(101) < 1s",
      "failed: p(95) < 1%", "response_time: p(95) ~ 1s", "response_time: p(95) < 1 parsec", "response_time: p(95) <",
      "",
    ])
  func refused(text: String) {
    #expect(throws: BudgetError.self) { try Budget.parse(text) }
  }

  @Test("a budget is met, not met, or without data; attempts without an answer are above every limit")
  func judging() throws {
    let budget = try Budget.parse("p(50) < 100ms")
    #expect(budget.judge(times([10, 20, 30])).outcome == .met)
    #expect(budget.judge(times([10, 200, 300])).outcome == .notMet)
    #expect(budget.judge(times([])).outcome == .noData)
    let dead = budget.judge(times([10], unanswered: 2))
    #expect(dead.outcome == .notMet)
    #expect(dead.observed == .infinity)
  }

  @Test("fewer than ten samples beyond the quantile are a warning")
  func fewSamples() throws {
    let budget = try Budget.parse("p(95) < 100ms")
    #expect(!budget.judge(times(Array(repeating: 10, count: 199))).warnings.isEmpty)
    #expect(budget.judge(times(Array(repeating: 10, count: 200))).warnings.isEmpty)
  }

  @Test("failures are judged although nobody asked, once")
  func implied() throws {
    let latency = try Budget.parse("p(95) < 100ms")
    let stage = Workload.Stage(duration: .seconds(10), target: 1, isStep: true)
    func plan(_ workload: Workload) -> LoadPlan {
      LoadPlan(
        endpoint: Endpoint(host: "h", port: 1), steps: [StepPlan(name: "s", request: [])],
        journeys: [JourneyPlan(name: "j", weight: 1, steps: [0])], workload: workload)
    }
    let closed = Budget.complete([latency], with: Budget.defaults(for: plan(.users([stage]))))
    #expect(closed.map(\.selector.metric) == [.responseTime, .failed, .silence])
    #expect(closed.map(\.isDefault) == [false, true, true])
    let open = Budget.defaults(for: plan(.rate([stage], maxInFlight: 1)))
    #expect(open.map(\.selector.metric) == [.failed, .silence, .dropped])
    for own in ["failed: rate < 50%", "silence: share < 50%", "dropped: rate < 50%"] {
      #expect(Budget.complete([try Budget.parse(own)], with: open).count == 3)
    }
    var asleep = plan(.users([stage]))
    asleep.phases = [PhasePlan(name: "cold", journeys: [0], workload: asleep.workload)]
    #expect(Budget.defaults(for: asleep).map(\.selector.metric) == [.failed, .silence])
    asleep.phases[0].wakes = true
    #expect(Budget.defaults(for: asleep).map(\.selector.metric) == [.failed])
  }

  @Test("lag makes a run generator-bound only when a worker was busy and a verdict could flip")
  func generator() {
    func lag(_ milliseconds: UInt64) -> Histogram {
      var histogram = Histogram()
      histogram.record(milliseconds * 1_000_000, times: 100)
      return histogram
    }
    let slack = GeneratorVerdict.Slack(quantile: 0.95, nanoseconds: 100e6, budget: "b")
    func judge(_ late: UInt64, _ busy: Double, control: UInt64 = 0, resources: UInt64 = 0) -> GeneratorVerdict {
      .judge(
        lag: lag(late), controlLag: lag(control), peakWorkerBusy: busy, resourceFailures: resources, tightest: slack,
        response: lag(50))
    }
    func kind(_ verdict: GeneratorVerdict) -> String {
      switch verdict {
      case .ok: "ok"
      case .noisyHost: "noisy"
      case .generatorBound: "bound"
      }
    }
    #expect(kind(judge(5, 0.99)) == "ok")
    #expect(kind(judge(20, 0.5)) == "noisy")
    #expect(kind(judge(20, 0.9)) == "bound")
    #expect(kind(judge(5, 0.2, control: 20)) == "noisy")
    #expect(kind(judge(0, 0, resources: 1)) == "bound")
  }

  @Test(
    "the first code of the table wins",
    arguments: [
      ([], false, RunEnding.completed, Terminal.ExitStatus.pass), (["met"], false, .completed, .pass),
      (["not"], false, .completed, .notMet), (["not", "none"], false, .completed, .noData),
      (["not", "none"], true, .completed, .targetNeverAnswered), (["not"], true, .interrupted, .interrupted),
      (["met"], false, .aborted, .notMet),
    ])
  func exitCodes(_ outcomes: [String], _ neverAnswered: Bool, _ ending: RunEnding, _ code: Terminal.ExitStatus) throws {
    let budget = try Budget.parse("p(50) < 100ms")
    let verdicts = outcomes.map { outcome in
      BudgetVerdict(
        budget: budget, outcome: outcome == "met" ? .met : outcome == "not" ? .notMet : .noData, sampleCount: 1)
    }
    let verdict = RunVerdict(budgets: verdicts, generator: .ok, neverAnswered: neverAnswered, ending: ending)
    #expect(verdict.exitCode == code)
  }
}
