import BenchEngine
import Histograms
import Measures
import Testing
import Wording

@testable import BenchVerdict

/// Budgets share what their windows add up; each must be judged as if it had added up its own.
struct SharedWindowTests {
  private static let plan = LoadPlan(
    endpoint: Endpoint(host: "h", port: 1),
    steps: [StepPlan(name: "home", request: []), StepPlan(name: "list", request: [])],
    journeys: [JourneyPlan(name: "look", weight: 1, steps: [0, 1])],
    workload: .users([.init(duration: .seconds(600), target: 9, isStep: true)]))

  private static let selectors = ["response_time", "response_time{step:home}", "service_time{step:list}"]
  private static let conditions = [
    "p(50) < 40ms", "p(95) < 400ms", "p(99.9) < 3s", "mean < 2s", "max < 50s", "min < 3ms", "p(0) > 1ms",
  ]
  private static let texts = [1, 2, 3, 7].flatMap { length in
    selectors.flatMap { selector in conditions.map { "\(selector): \($0) over \(length)s" } }
      + ["failed: rate < 20% over \(length)s", "requests{step:list}: rate > 3/s over \(length)s"]
      + ["users: max < 9 over \(length)s"]
  }

  /// One budget by itself, every window recorded anew.
  private struct Naive {
    let budget: Budget
    var slices: [(start: Double, end: Double, samples: MetricSamples)] = []
    var deciding: BudgetVerdict?

    mutating func add(_ samples: MetricSamples, at time: Double) {
      let length = budget.window?.seconds ?? 0
      slices.append((slices.last?.end ?? 0, time, samples))
      let inside = slices.filter { $0.end > time - length + 0.5 }
      guard let first = inside.first, time >= length - 0.5, deciding?.outcome != .notMet else { return }
      var verdict = budget.judge(Self.sum(inside.map(\.samples), seconds: time - first.start))
      verdict.window = Duration.seconds(first.start)...Duration.seconds(time)
      if deciding?.outcome != .noData || verdict.outcome == .notMet { deciding = verdict }
    }

    private static func sum(_ all: [MetricSamples], seconds: Double) -> MetricSamples {
      var histogram = Histogram()
      var (hits, total) = (UInt64(0), UInt64(0))
      var users = ActiveUsers()
      for samples in all {
        switch samples {
        case .times(let times):
          for entry in times.entries {
            let value = HistogramLayout.highestValue(at: entry.slot)
            histogram.record(min(value, HistogramLayout.highestTrackable), times: entry.count)
          }
          histogram.recordUnanswered(times: times.unanswered + times.beyondRange)
        case .share(let some, let of): (hits, total) = (hits + some, total + of)
        case .events(let count, _): total += count
        case .users(let added): users.add(added)
        case .time: break
        }
      }
      return switch all.first {
      case .share?: .share(hits: hits, total: total)
      case .events?: .events(total, seconds: seconds)
      case .users?: .users(users)
      default: .times(histogram)
      }
    }
  }

  @Test("budgets on shared windows are judged as each by itself", arguments: UInt64(1)...4)
  func sharing(seed: UInt64) throws {
    let budgets = try Self.texts.map { try Budget.parse($0) }
    var state = seed
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    var watch = BudgetWatch(budgets: budgets, plan: Self.plan)
    var naive = budgets.map { Naive(budget: $0) }
    var total = LoadResult(Self.plan)
    var end: UInt64 = 0
    for _ in 0..<20 {
      var span = LoadSpan(checks: [0, 0], start: end)
      end += 700_000_000 + random(600_000_000)
      span.end = end
      span.active = Int(random(10))
      for step in 0..<2 where random(5) > 0 {
        // A second has a spread of its own, so that the extremes leave too.
        let widest = random(36)
        for _ in 0..<random(60) {
          span.steps[step].attempts += 1
          if random(40) == 0 {
            span.steps[step].failures[.timeout, default: 0] += 1
            span.steps[step].response.recordUnanswered()
          } else {
            span.steps[step].answered += 1
            span.steps[step].response.record((random(1 << 31) << 5) >> (36 - widest))
            span.steps[step].service.record(1 + random(1 << 20), times: 1 + random(3))
          }
        }
      }
      total.add(span)
      let progress = LoadProgress(spans: [span], total: total, plannedNanoseconds: 600_000_000_000)
      #expect(watch.observe(progress) == nil)
      var second = LoadResult(Self.plan)
      second.add(span)
      var active = UserLevels()
      active.observe(progress, plan: Self.plan)
      let view = MetricsView(plan: Self.plan, result: second, users: active)
      for index in naive.indices {
        naive[index].add(view.samples(for: budgets[index].selector), at: Double(total.elapsedNanoseconds) / 1e9)
      }
      let verdicts = watch.verdicts(for: total)
      for index in naive.indices where naive[index].deciding != nil {
        #expect(verdicts[index] == naive[index].deciding)
      }
    }
    #expect(Set(watch.verdicts(for: total).map(\.outcome)).isSuperset(of: [.met, .notMet]))
  }

  @Test("a mean is right after sums that no double holds")
  func hugeSums() {
    var large = Histogram()
    large.record(3_599_999_999_999, times: 1_000_003)
    var small = Histogram()
    small.record(3, times: 7)
    var sum = Histogram()
    sum.add(.init(small))
    sum.add(.init(large))
    sum.remove(.init(large))
    #expect(sum.mean == 3 && sum.minimum == 3 && sum.maximum == 3 && sum.count == 7)
    sum.remove(.init(small))
    #expect(sum.isEmpty && sum == Histogram())
  }
}
