import BenchEngine
import Histograms
import Measures
import SilenceBenchmark
import Testing

@testable import BenchVerdict

/// Silence of a step, from spans as an observer of the engine sees them.
struct SilenceTests {
  private static let second: UInt64 = 1_000_000_000

  private static func plan(_ workload: Workload, warmUp: Duration = .zero) -> LoadPlan {
    LoadPlan(
      endpoint: Endpoint(host: "h", port: 1), steps: [StepPlan(name: "list", request: [])],
      journeys: [JourneyPlan(name: "j", weight: 1, steps: [0])], workload: workload, warmUp: warmUp)
  }

  private static func closed(_ users: Double, seconds: Int64 = 12) -> LoadPlan {
    plan(.users([.init(duration: .seconds(seconds), target: users, isStep: true)]))
  }

  /// One second of `answers`, evenly; those open at its end were sent when the last answer came.
  private static func span(
    _ number: UInt64, answers: UInt64, users: Int = 10, until: Double = 1, from: Double = 0.01, open: Bool = true
  ) -> LoadSpan {
    let start = number * second
    var activity = StepActivity(answers: answers)
    if answers > 0 {
      activity.firstAnswer = start + UInt64(from * 1e9)
      activity.lastAnswer = start + UInt64(until * 1e9)
    }
    if open {
      activity.open = users
      activity.oldestOpen = activity.lastAnswer ?? start
    }
    return LoadSpan(
      start: start, end: start + second, active: users, steps: [StepMeasure()], activity: [activity])
  }

  private static func watch(
    _ plan: LoadPlan, _ spans: [LoadSpan], gaps: [HostGap] = [], finishes: Bool = true
  ) -> SilenceWatch {
    var watch = SilenceWatch(plan: plan)
    var total = LoadResult(plan)
    total.generator.hostGaps = gaps
    for span in spans {
      total.add(span)
      watch.observe(LoadProgress(spans: [span], total: total, plannedNanoseconds: 12 * second))
    }
    if finishes { watch.finish() }
    return watch
  }

  @Test(
    "a closed load that is not answered any more from 4 s on is silent to the end; its share is of the planned time")
  func freeze() throws {
    var spans = (0..<4).map { Self.span($0, answers: 100) }
    spans += (4..<22).map { Self.span($0, answers: 0) }
    let silence = try #require(Self.watch(Self.closed(10), spans).silences.first)
    #expect(silence.start == 4 * Self.second && silence.end == 22 * Self.second)
    #expect(silence.measured == (4 * Self.second)..<(12 * Self.second))
    #expect(abs(silence.due - 800) < 1 && !silence.isAnsweredAfter)
  }

  @Test(
    "a stretch with answers after it is a silence from 100 due answers on, one without from 20 on, none of a second",
    arguments: [
      // Answers a second before, seconds of quiet, answers afterwards; whether it is one.
      (100, 2, true, true), (49, 2, true, false), (51, 2, true, true), (49, 2, false, true), (9, 2, false, false),
      (11, 2, false, true), (1_000, 1, true, false),
    ] as [(UInt64, UInt64, Bool, Bool)])
  func thresholds(rate: UInt64, quiet: UInt64, comesBack: Bool, expected: Bool) {
    var spans = (0..<4).map { Self.span($0, answers: rate) }
    spans += (4..<(4 + quiet)).map { Self.span($0, answers: 0) }
    // Answered at once, so that a second of quiet is not over a second.
    if comesBack { spans += ((4 + quiet)..<12).map { Self.span($0, answers: rate, from: 0) } }
    let silences = Self.watch(Self.closed(10, seconds: Int64(comesBack ? 12 : 4 + quiet)), spans).silences
    #expect(silences.isEmpty != expected)
    #expect(silences.allSatisfy { $0.isAnsweredAfter == comesBack })
  }

  @Test("nobody asks, nobody is silent: pauses of all users, and users that have gone")
  func pauses() {
    var spans = (0..<4).map { Self.span($0, answers: 100, open: false) }
    spans += (4..<12).map { Self.span($0, answers: 0, open: false) }
    #expect(Self.watch(Self.closed(10), spans).silences.isEmpty)
    // From 100 users to one that asks every three seconds, and is answered after 1.5 s.
    var fewer = (0..<4).map { Self.span($0, answers: 300, users: 100) }
    fewer += (4..<12).map { Self.span($0, answers: $0 % 2 == 0 ? 1 : 0, users: 1, until: 0.5, from: 0.49) }
    #expect(Self.watch(Self.closed(100), fewer).silences.isEmpty)
  }

  @Test("what has never been answered is no silence: a service that is slow to begin")
  func beginning() {
    let spans = (0..<12).map { Self.span($0, answers: $0 < 10 ? 0 : 1_000) }
    #expect(Self.watch(Self.closed(100), spans).silences.isEmpty)
  }

  @Test("a freeze within the first second is told by that second's rate")
  func firstSecond() {
    let spans = [Self.span(0, answers: 50, until: 0.4)] + (1..<6).map { Self.span($0, answers: 0) }
    #expect(Self.watch(Self.closed(10, seconds: 6), spans).silences.count == 1)
  }

  @Test("an open load is judged by its plan, whatever it was answered before")
  func planned() throws {
    let plan = Self.plan(
      .rate(
        [
          .init(duration: .seconds(6), target: 1, isStep: true),
          .init(duration: .seconds(6), target: 100, isStep: true),
        ],
        maxInFlight: 10))
    let spans = (0..<6).map { Self.span($0, answers: 1) } + (6..<12).map { Self.span($0, answers: 0) }
    let silence = try #require(Self.watch(plan, spans).silences.first)
    #expect(abs(silence.due - 600) < 1)
  }

  @Test("a stretch for most of which this host stood still is this host's")
  func host() throws {
    var spans = (0..<4).map { Self.span($0, answers: 100) }
    spans += (4..<7).map { Self.span($0, answers: 0) } + (7..<12).map { Self.span($0, answers: 100) }
    let gap = HostGap(start: 4 * Self.second, end: 7 * Self.second)
    let silence = try #require(Self.watch(Self.closed(10), spans, gaps: [gap]).silences.first)
    #expect(silence.isOfHost)
    let short = HostGap(start: 4 * Self.second, end: 5 * Self.second)
    #expect(Self.watch(Self.closed(10), spans, gaps: [short]).silences.map(\.isOfHost) == [false])
  }

  @Test("a span that a worker's counts are missing from says nothing, and counts that come late are of their time")
  func late() {
    var spans = (0..<4).map { Self.span($0, answers: 100) }
    var unheard = Self.span(4, answers: 0, open: false)
    unheard.isComplete = false
    spans.append(unheard)
    // Of two seconds, answers all along.
    var both = Self.span(5, answers: 200)
    both.activity[0].firstAnswer = 4 * Self.second + 10_000_000
    spans.append(both)
    spans += (6..<12).map { Self.span($0, answers: 100) }
    #expect(Self.watch(Self.closed(10), spans).silences.isEmpty)
  }

  @Test("silences overlap in one share of the measured time")
  func union() {
    func silence(_ from: UInt64, _ to: UInt64) -> Silence {
      Silence(step: 0, start: from, end: to, measured: from..<to, due: 100, isAnsweredAfter: true)
    }
    #expect([silence(4, 6), silence(1, 3), silence(2, 5), silence(9, 9)].measuredNanoseconds == 5)
  }

  @Test("silence takes a share only, and nothing else does")
  func grammar() throws {
    #expect(try Budget.parse("silence{step:list}: share < 2%").limit == 0.02)
    for text in ["silence: rate < 1%", "silence: p(95) < 1s", "failed: share < 1%", "response_time: share < 1%"] {
      #expect(throws: BudgetError.self) { try Budget.parse(text) }
    }
  }

  // MARK: In virtual time

  @Test("closed users who met a stall are entered once per cycle that they waited: percentiles as arithmetic has them")
  func withheld() throws {
    // 10 users, an answer each 10 ms, two seconds of quiet in twenty: of 20,000 requests 2,000 fall into it.
    let service = SimulatedService(median: 0.01, tail: .constant, stall: 8...10)
    let run = SimulatedRun(load: .users(10, think: 0), service: service, duration: 20, seed: 1)
    let (_, silences, result) = run.outcome()
    #expect(silences.count == 1)
    let raw = result.steps[0].response
    let judged = result.steps[0].judgedResponse
    #expect(abs(Double(judged.count) - 20_000) <= 40)
    #expect((raw.value(at: 0.99) ?? 0) < 11e6, "alone, ten slow attempts in 18,000 are beyond any percentile")
    // Uniform in 0…2 s for a tenth of the requests: p99 is 1.8 s, p95 1 s.
    #expect(abs((judged.value(at: 0.99) ?? 0) / 1.8e9 - 1) < 0.01)
    #expect(abs((judged.value(at: 0.95) ?? 0) / 1e9 - 1) < 0.02)
  }

  @Test("users who are never answered again are entered as such, as often as they would have asked")
  func withheldForEver() {
    let service = SimulatedService(median: 0.01, tail: .constant, stall: 4...1_000)
    let run = SimulatedRun(load: .users(10, think: 0), service: service, duration: 12, seed: 1)
    let (verdicts, _, result) = run.outcome()
    #expect(result.steps[0].failures == [.unanswered: 10])
    let judged = result.steps[0].judgedResponse
    #expect(abs(Double(judged.unanswered) - 8_000) < 40 && abs(Double(judged.recorded) - 4_000) < 40)
    #expect(judged.value(at: 0.5) == .infinity)
    #expect(verdicts.filter { $0.outcome == .notMet }.map(\.budget.selector.metric) == [.silence])
  }

  @Test("pauses of users are part of their cycle")
  func withheldWithThinkTime() {
    // A tenth of a second each on average, of 20 users: 200 requests a second, 400 of them in the stall.
    let service = SimulatedService(median: 0.001, tail: .constant, stall: 8...10)
    let run = SimulatedRun(load: .users(20, think: 0.099), service: service, duration: 20, seed: 1)
    let result = run.outcome().result
    #expect(abs(Double(result.steps[0].judgedResponse.count) / 4_000 - 1) < 0.05)
  }

  @Test("open loads and runs without a silence are left as they are")
  func untouched() {
    let stall = SimulatedService(median: 0.01, tail: .constant, stall: 8...10)
    let open = SimulatedRun(load: .rate(200, maxInFlight: 1_000), service: stall, duration: 20, seed: 1).outcome()
    #expect(open.silences.count == 1 && open.result.steps[0].withheld.isEmpty)
    let healthy = SimulatedService(median: 0.01, tail: .logNormal(0.8))
    let closed = SimulatedRun(load: .users(10, think: 0), service: healthy, duration: 20, seed: 1).outcome()
    #expect(closed.silences.isEmpty && closed.result.steps[0].withheld.isEmpty)
  }

  @Test(
    "healthy services are green, fast and slow, alone and with a hundred users",
    arguments: [(1, 0.02), (1, 0.8), (10, 0.2), (10, 3), (100, 0.8)] as [(Int, Double)])
  func healthy(users: Int, median: Double) {
    for seed in 1...8 {
      let run = SimulatedRun(
        load: .users(users, think: 0), service: .init(median: median, tail: .logNormal(0.5)), duration: 10,
        seed: UInt64(seed))
      #expect(run.verdicts().allSatisfy { $0.outcome == .met })
    }
  }

  @Test("what users withheld is of one observation, also when their load has ended")
  func lately() throws {
    var plan = Self.closed(10)
    plan.phases = [
      PhasePlan(name: "one", journeys: [0], workload: plan.workload),
      PhasePlan(name: "two", start: .after(0), journeys: [0], workload: plan.workload),
    ]
    var spans = (0..<4).map { Self.span($0, answers: 100) } + (4..<8).map { Self.span($0, answers: 0) }
    spans += (8..<10).map { Self.span($0, answers: 100) }
    spans[8].slow = (0..<10).map { _ in
      SlowAttempt(step: 0, intended: 4 * Self.second, ended: 8 * Self.second + 10_000_000, hasTime: true)
    }
    for index in spans.indices { spans[index].phase = 0 }
    var watch = SilenceWatch(plan: plan)
    var total = LoadResult(plan)
    var sum: UInt64 = 0
    for spans in spans.map({ [$0] }) + [[], [], []] {
      for span in spans { total.add(span) }
      watch.observe(LoadProgress(spans: spans, total: total, plannedNanoseconds: 24 * Self.second))
      var second = LoadResult(plan)
      watch.complete(lately: &second)
      sum += second.steps[0].withheld.count
    }
    watch.complete(&total)
    #expect(sum > 300 && sum == total.steps[0].withheld.count)
  }

  @Test("a run shorter than a budget's window has as many samples as it had seconds")
  func shortWindow() throws {
    let plan = Self.closed(10)
    var watch = BudgetWatch(budgets: [try Budget.parse("silence: share < 1% over 30s")], plan: plan)
    var total = LoadResult(plan)
    for number in 0..<10 as Range<UInt64> {
      let span = Self.span(number, answers: 100)
      total.add(span)
      _ = watch.observe(LoadProgress(spans: [span], total: total, plannedNanoseconds: 12 * Self.second))
    }
    let verdict = try #require(watch.verdicts(for: watch.completing(total)).first)
    #expect(verdict.outcome == .noData && verdict.sampleCount == 10)
  }
}
