import BenchEngine
import Histograms
import Measures
import Testing

@testable import BenchVerdict

/// Budgets on where the time of requests goes, on bytes and on users.
struct MeasuredMetricTests {
  private static let plan: LoadPlan = {
    let steps = ["home", "list"].map { StepPlan(name: $0, request: []) }
    return LoadPlan(
      endpoint: Endpoint(host: "h", port: 1), steps: steps,
      journeys: [JourneyPlan(name: "look", weight: 1, steps: [0, 1])],
      workload: .users([.init(duration: .seconds(10), target: 9, isStep: true)]), warmUp: .seconds(2))
  }()

  private static var result: LoadResult {
    var home = StepMeasure()
    home.attempts = 40
    home.answered = 40
    home.bytesSent = 4_000
    home.bytesReceived = 800_000
    home.phases.connect.record(1_000_000, times: 4)
    home.phases.tls.record(7_000_000, times: 4)
    home.phases.send.record(0, times: 40)
    home.phases.wait.record(20_000_000, times: 40)
    home.phases.receive.record(3_000_000, times: 40)
    var list = StepMeasure()
    list.attempts = 1
    list.bytesReceived = 200_000
    list.phases.wait.record(90_000_000)
    var result = LoadResult(steps: [home, list], elapsedNanoseconds: 10_000_000_000)
    result.lookUps.record(5_000_000)
    return result
  }

  @Test(
    "each phase of a request, its bytes and look-ups have figures of their own",
    arguments: [
      ("dns_time: max < 1s", 5e6), ("connect_time: max < 1s", 1e6), ("tls_time: median < 1s", 7e6),
      ("send_time: max < 1s", 0), ("wait_time: max < 1s", 90e6), ("wait_time{step:home}: max < 1s", 20e6),
      ("receive_time: mean < 1s", 3e6), ("bytes_sent: count < 1", 4_000), ("bytes_received: count < 10MB", 1e6),
      ("bytes_received{step:list}: rate < 1KB/s", 25_000),
    ] as [(String, Double)])
  func figures(text: String, expected: Double) throws {
    let budget = try Budget.parse(text)
    #expect(PlanLabels(Self.plan).problem(with: budget.selector) == nil)
    let samples = MetricsView(plan: Self.plan, result: Self.result).samples(for: budget.selector)
    let observed = try #require(budget.observe(samples))
    #expect(abs(observed - expected) <= expected * 0.001)
  }

  @Test(
    "limits of bytes are read with their units and told so",
    arguments: [
      ("bytes_received: rate < 1.5MB/s", 1.5e6, "25.0 KB/s"), ("bytes_sent: count <= 20KB", 20e3, "25.0 KB"),
      ("users: max <= 50", 50, "25000"),
    ] as [(String, Double, String)])
  func limits(text: String, limit: Double, told: String) throws {
    let budget = try Budget.parse(text)
    #expect(budget.limit == limit)
    #expect(BudgetVerdict(budget: budget, outcome: .met, observed: 25_000, sampleCount: 1).observedText == told)
  }

  @Test(
    "what a metric has no figure for is refused, at its place",
    arguments: [
      ("dns_time{step:home}: max < 1s", 9), ("users{step:home}: max < 1", 6), ("users: rate < 1", 7),
      ("users: p(95) < 1", 7), ("bytes_sent: max < 1KB", 12), ("bytes_sent: rate < 1KB", 19),
      ("wait_time: rate < 1", 11), ("dns_time: max < 1s over 10s", 19), ("dns_time: max < 1s abort after 10s", 19),
      ("response_time: last < 1s", 15), ("connect_time: max < 5", 20), ("captured: max < 5", 0),
      ("captured{name:queue}: rate < 5", 22), ("captured{name:queue}: max < 5ms", 28),
    ])
  func refused(text: String, column: Int) throws {
    let error = try #require(throws: BudgetError.self) { try Budget.parse(text) }
    #expect(error.offset == column)
  }

  /// Observations at the ends of seconds, with so many users.
  private func verdicts(_ budgets: [String], users: [Int], plan: LoadPlan = Self.plan) throws -> [BudgetVerdict] {
    var watch = BudgetWatch(budgets: try budgets.map { try Budget.parse($0) }, plan: plan)
    var total = LoadResult(plan)
    for (second, count) in users.enumerated() {
      var span = LoadSpan(checks: [0, 0], start: UInt64(second) * 1_000_000_000)
      span.end = UInt64(second + 1) * 1_000_000_000
      span.active = count
      span.isLast = second == users.count - 1
      total.add(span)
      _ = watch.observe(LoadProgress(spans: [span], total: total, plannedNanoseconds: 10_000_000_000))
    }
    return watch.verdicts(for: watch.completing(total))
  }

  @Test("captured numbers of one name are judged as they are, whichever step found them")
  func captured() throws {
    func step(_ name: String, _ captures: [(String, Int?)]) -> StepPlan {
      StepPlan(
        name: name, request: [],
        checks: captures.map { name, place in
          let plan = CapturePlan(slot: 0, source: .header([]), name: name, measuredAt: place)
          return CheckPlan(label: name, subject: .captured(plan))
        })
    }
    let plan = LoadPlan(
      endpoint: Endpoint(host: "h", port: 1),
      steps: [step("a", [("token", nil), ("queue", 0)]), step("b", [("age", 0), ("queue", 1)])],
      journeys: [JourneyPlan(name: "j", weight: 1, steps: [0, 1])],
      workload: .users([.init(duration: .seconds(60), target: 9, isStep: true)]))
    var watch = BudgetWatch(
      budgets: try [
        "captured{name:queue}: p(95) <= 100", "captured{name:queue,step:a}: max < 2", "captured{name:age}: max < 1",
        "captured{name:queue}: mean < 40 over 10s", "captured{name:age}: p(50) < 5", "captured{name:token}: max < 1",
      ].map { try Budget.parse($0) }, plan: plan)
    var total = LoadResult(plan)
    for second in UInt64(0)..<20 {
      var span = LoadSpan(checks: [2, 2], start: second * 1_000_000_000)
      span.end = (second + 1) * 1_000_000_000
      var queue = Histogram()
      queue.record(1_500, times: 9)
      span.steps[0].captured = [queue]
      span.steps[0].attempts = 9
      span.steps[1].attempts = 7
      var longer = Histogram()
      longer.record(100_000, times: 6)
      var age = Histogram()
      age.recordUnanswered()
      span.steps[1].captured = [age, longer]
      total.add(span)
      _ = watch.observe(LoadProgress(spans: [span], total: total, plannedNanoseconds: 60_000_000_000))
    }
    let found = watch.verdicts(for: watch.completing(total))
    #expect(found.map(\.outcome) == [.met, .met, .notMet, .notMet, .notMet, .noData])
    #expect(abs((found[0].observed ?? 0) - 100) < 0.2 && found[0].sampleCount == 300)
    #expect(try #require(found[0].interval).lower <= 100)
    #expect(found[1].observed == 1.5)
    #expect(found[2].observedText == "no number")
    let labels = PlanLabels(plan)
    #expect(labels.problem(with: try Budget.parse("captured{name:queue}: max < 1").selector) == nil)
    let unknown = labels.problem(with: try Budget.parse("captured{name:queu}: max < 1").selector)
    #expect(unknown?.what == "unknown captured value 'queu'" && unknown?.expected.contains("'queue'") == true)
    #expect(labels.problem(with: try Budget.parse("captured{name:age,step:a}: max < 1").selector) != nil)
  }

  @Test("users count from the warm-up's end to the planned end, after which they only finish")
  func users() throws {
    // The warm-up ends with the second one; the tenth ends the plan.
    let seen = [1, 2, 5, 9, 9, 9, 9, 9, 8, 3, 0]
    let found = try verdicts(
      ["users: max == 9", "users: min >= 5", "users: last == 8", "users: min > 5 over 3s"], users: seen)
    #expect(found.map(\.observed) == [9, 5, 8, 5])
    #expect(found.map(\.outcome) == [.met, .met, .met, .notMet])
    #expect(found[0].sampleCount == 7)
    #expect(try verdicts(["users: max < 9"], users: [1, 2]).map(\.outcome) == [.noData])
  }
}
