import BenchEngine
import Histograms
import Measures
import Terminal
import Testing

@testable import BenchVerdict

/// How sure a percentile of a run is, and what fails where only that is to fail which is sure.
struct SurenessTests {
  private static let plan = LoadPlan(
    endpoint: Endpoint(host: "h", port: 1), steps: [StepPlan(name: "home", request: [])],
    journeys: [JourneyPlan(name: "look", weight: 1, steps: [0])],
    workload: .users([.init(duration: .seconds(600), target: 9, isStep: true)]))

  private struct Run {
    var verdicts: [BudgetVerdict]
    /// The second whose end ended it.
    var aborted: Int?
    var exitCode: Int32
  }

  /// Seconds of 40 answers each: 36 of 10 ms, and four of a time of the second's own.
  private func run(_ budgets: [String], slow: [UInt64], isSure: Bool = false) throws -> Run {
    var watch = BudgetWatch(budgets: try budgets.map { try Budget.parse($0) }, plan: Self.plan, isSure: isSure)
    var total = LoadResult(Self.plan)
    var aborted: Int?
    for (second, time) in slow.enumerated() where aborted == nil {
      var span = LoadSpan(checks: [0], start: UInt64(second) * 1_000_000_000)
      span.end = UInt64(second + 1) * 1_000_000_000
      span.active = 9
      span.steps[0].attempts = 40
      span.steps[0].answered = 40
      span.steps[0].response.record(10_000_000, times: 36)
      span.steps[0].response.record(time * 1_000_000, times: 4)
      total.add(span)
      let verdict = watch.observe(LoadProgress(spans: [span], total: total, plannedNanoseconds: 600_000_000_000))
      if verdict != nil { aborted = second + 1 }
    }
    let result = watch.completing(total)
    let verdicts = watch.verdicts(for: result)
    return Run(
      verdicts: verdicts, aborted: aborted, exitCode: RunVerdict(budgets: verdicts, generator: .ok).exitCode.rawValue)
  }

  private static let uneven: [UInt64] = (0..<30).map { [200, 260, 320, 350, 420][$0 / 3 % 5] }

  @Test("a percentile of a whole run has an interval around it, other figures and short runs have none")
  func intervals() throws {
    let budgets = [
      "p(95) < 300ms", "p(95) < 300ms over 10s", "max < 1s", "mean < 1s", "p(50) < 1s", "schedule_lag: p(95) < 1s",
    ]
    let found = try run(budgets, slow: Self.uneven).verdicts
    let interval = try #require(found[0].interval)
    let observed = try #require(found[0].observed)
    #expect(interval.lower < observed && observed < interval.upper)
    #expect(interval.lower >= 199e6 && interval.upper <= 421e6)
    #expect(found[1...3].allSatisfy { $0.interval == nil })
    let median = try #require(found[4].interval)
    #expect(median.upper - median.lower < 0.1e6)
    #expect(found[5].interval == nil)
    #expect(try run(["p(95) < 300ms"], slow: Array(Self.uneven.prefix(9))).verdicts[0].interval == nil)
    #expect(try run(["p(95) < 300ms"], slow: Array(Self.uneven.prefix(10))).verdicts[0].interval != nil)
    #expect(try run(["p(95) < 300ms"], slow: Self.uneven).verdicts == Array(found.prefix(1)))
  }

  @Test(
    "where only what is sure is to fail, a percentile fails when all of its interval is beyond the limit",
    arguments: [
      ("p(95) < 100ms", BudgetVerdict.Outcome.notMet, BudgetVerdict.Outcome.notMet),
      ("p(95) < 300ms", .notMet, .unsure),
      ("p(95) < 5s", .met, .met), ("p(95) > 300ms", .met, .met), ("p(95) > 345ms", .notMet, .unsure),
      ("p(95) > 5s", .notMet, .notMet), ("p(95) == 300ms", .notMet, .notMet), ("max < 400ms", .notMet, .notMet),
      ("p(95) < 300ms over 10s", .notMet, .notMet),
    ])
  func weighing(text: String, plain: BudgetVerdict.Outcome, sure: BudgetVerdict.Outcome) throws {
    let seen = try run([text], slow: Self.uneven)
    #expect(seen.verdicts[0].outcome == plain)
    let weighed = try run([text], slow: Self.uneven, isSure: true)
    #expect(weighed.verdicts[0].outcome == sure)
    #expect(weighed.exitCode == (sure == .notMet ? 99 : 0))
  }

  @Test("what is sure of seconds with answers excuses no service that stopped answering")
  func frozen() throws {
    let second: UInt64 = 1_000_000_000
    var watch = BudgetWatch(budgets: try [Budget.parse("p(95) < 300ms")], plan: Self.plan, isSure: true)
    var total = LoadResult(Self.plan)
    for number in UInt64(0)..<45 {
      var span = LoadSpan(checks: [0], start: number * second)
      span.end = (number + 1) * second
      span.active = 9
      if number < 30 {
        span.steps[0].attempts = 40
        span.steps[0].answered = 40
        span.steps[0].response.record(10_000_000, times: 36)
        span.steps[0].response.record(Self.uneven[Int(number)] * 1_000_000, times: 4)
        span.activity[0] = StepActivity(answers: 40)
        span.activity[0].firstAnswer = span.start + 1_000_000
        span.activity[0].lastAnswer = span.end - 1_000_000
      }
      span.activity[0].open = 9
      span.activity[0].oldestOpen = min(span.end, 30 * second) - 1_000_000
      total.add(span)
      _ = watch.observe(LoadProgress(spans: [span], total: total, plannedNanoseconds: 45 * second))
    }
    let verdicts = watch.verdicts(for: watch.completing(total))
    #expect(!watch.silences.isEmpty)
    #expect(verdicts.map(\.outcome) == [.notMet])
  }

  @Test("a run too short for an interval is judged as it was observed")
  func short() throws {
    #expect(try run(["p(95) < 300ms"], slow: [400, 400], isSure: true).exitCode == 99)
  }

  @Test("a run is ended by what is sure, where only that is to fail")
  func aborting() throws {
    #expect(try run(["p(99) < 100ms abort after 3s"], slow: Self.uneven).aborted == 3)
    #expect(try run(["p(99) < 100ms abort after 3s"], slow: Self.uneven, isSure: true).aborted == 10)
    #expect(try run(["p(95) < 300ms abort after 20s"], slow: Self.uneven).aborted == 25)
    #expect(try run(["p(95) < 300ms abort after 20s"], slow: Self.uneven, isSure: true).aborted == nil)
  }

  @Test("hours of seconds are as many blocks as ten minutes, and say the same")
  func bounded() throws {
    var long = SecondBlocks()
    var short = SecondBlocks()
    for second in 0..<2_500 {
      var histogram = Histogram()
      histogram.record(UInt64(100 + second * 7 % 50) * 1_000_000, times: 10)
      if second < 600 { short.add(histogram) }
      long.add(histogram)
    }
    #expect(short.count == 600)
    #expect(long.count == 313)
    let one = try #require(short.interval(of: 0.5))
    let other = try #require(long.interval(of: 0.5))
    #expect(abs(one.lower - other.lower) < 3e6 && abs(one.upper - other.upper) < 3e6)
    #expect(one.lower <= 124e6 && one.upper >= 124e6)
  }

  @Test("blocks add up by their keys, and what has no value ranks above every key")
  func merging() {
    var block = CountedBlock([(key: 1, count: 2), (key: 5, count: 1)], beyond: 3)
    block.merge(CountedBlock([(key: -4, count: 1), (key: 5, count: 4)], beyond: 1))
    #expect(block.count == 12)
    #expect([-5, -4, 0, 1, 4, 5, 9].map { block.count(atOrBelow: $0) } == [0, 1, 1, 3, 3, 8, 8])
    block.merge(CountedBlock())
    #expect(block.count == 12)
  }

  @Test("an interval ends among attempts without an answer where they are many")
  func unanswered() throws {
    func interval(_ unanswered: (Int) -> UInt64, of quantile: Double) throws -> BudgetVerdict.Interval {
      var seconds = SecondBlocks()
      for second in 0..<20 {
        var histogram = Histogram()
        histogram.record(UInt64(100 + second * 7 % 20) * 1_000_000, times: 90)
        for _ in 0..<unanswered(second) { histogram.recordUnanswered() }
        seconds.add(histogram)
      }
      return try #require(seconds.interval(of: quantile))
    }
    let dead = try interval({ _ in 10 }, of: 0.95)
    #expect(dead.lower == .infinity && dead.upper == .infinity)
    let alive = try interval({ _ in 10 }, of: 0.5)
    #expect(alive.lower > 90e6 && alive.upper < 130e6)
    let half = try interval({ $0.isMultiple(of: 2) ? 0 : 12 }, of: 0.94)
    #expect(half.lower < 130e6 && half.upper == .infinity)
  }
}
