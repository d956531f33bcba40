package import BenchEngine
package import BenchVerdict
import Foundation
import Histograms
import Measures
import Statistics

/// A run of one step in virtual time, as an observer of the engine would see it.
package struct SimulatedRun: Sendable {
  package var load: Load
  package var service: SimulatedService
  /// Seconds.
  package var duration: Double
  package var grace = 10.0
  package var warmUp = 0.0
  package var seed: UInt64

  package init(load: Load, service: SimulatedService, duration: Double, seed: UInt64) {
    self.load = load
    self.service = service
    self.duration = duration
    self.seed = seed
  }

  package enum Load: Sendable, Equatable {
    /// Closed: so many users, who pause for so many seconds.
    case users(Int, think: Double)
    /// Open: so many a second, in a Poisson stream.
    case rate(Double, maxInFlight: Int)
  }

  /// Seconds since the run's start; an end beyond the run's is an answer that never came.
  private struct Request {
    var intended: Double
    var begun: Double
    var ended: Double
  }

  package var plan: LoadPlan {
    let time = Duration.seconds(duration)
    let workload: Workload =
      switch load {
      case .users(let count, _): .users([.init(duration: time, target: Double(count), isStep: true)])
      case .rate(let rate, let limit):
        .rate([.init(duration: time, target: rate, isStep: true)], maxInFlight: limit)
      }
    return LoadPlan(
      endpoint: Endpoint(host: "h", port: 1), steps: [StepPlan(name: "request", request: [])],
      journeys: [JourneyPlan(name: "request", weight: 1, steps: [0])], workload: workload,
      warmUp: .seconds(warmUp), gracefulStop: .seconds(grace))
  }

  /// The budgets' verdicts, the defaults among them.
  package func verdicts(_ budgets: [Budget] = []) -> [BudgetVerdict] { outcome(budgets).verdicts }

  package func outcome(_ budgets: [Budget] = []) -> (verdicts: [BudgetVerdict], silences: [Silence], result: LoadResult)
  {
    var generator = SeededGenerator(seed: seed)
    let requests = requests(&generator)
    let plan = plan
    var watch = BudgetWatch(budgets: Budget.complete(budgets, with: Budget.defaults(for: plan)), plan: plan)
    let end = requests.reduce(duration) { max($0, min($1.ended, duration + grace)) }
    var total = LoadResult(plan)
    let byEnd = requests.sorted { $0.ended < $1.ended }
    let byBegin = requests.sorted { $0.begun < $1.begun }
    var next = 0
    var open: [Request] = []
    var begun = 0
    var at = 0.0
    var slowest = 0.0
    while at < end {
      // Observations come once a second, a little late.
      let to = min(at + 1 + 0.02 * generator.unit(), end)
      var tally = StepMeasure()
      var activity = StepActivity()
      var slow: [SlowAttempt] = []
      while begun < byBegin.count, byBegin[begun].begun <= to {
        open.append(byBegin[begun])
        begun += 1
      }
      while next < byEnd.count, byEnd[next].ended <= to {
        let request = byEnd[next]
        next += 1
        let time = Self.nanoseconds(request.ended)
        activity.firstAnswer = activity.firstAnswer ?? time
        activity.lastAnswer = time
        activity.answers += 1
        tally.attempts += 1
        tally.answered += 1
        if request.ended <= duration { slowest = max(slowest, request.ended - request.intended) }
        tally.response.record(Self.nanoseconds(request.ended - request.intended))
        if case .users = load, request.ended - request.intended > 0.5 {
          slow.append(
            SlowAttempt(step: 0, intended: Self.nanoseconds(request.intended), ended: time, hasTime: true))
        }
      }
      open.removeAll { $0.ended <= to }
      let isLast = to >= end
      if isLast {
        for request in open
        where OpenRequest.isUnanswered(
          age: Self.nanoseconds(to - request.begun), grace: Self.nanoseconds(grace), slowest: Self.nanoseconds(slowest),
          among: open.count)
        {
          tally.attempts += 1
          tally.failures[.unanswered, default: 0] += 1
          tally.response.recordUnanswered()
          if case .users = load {
            slow.append(
              SlowAttempt(
                step: 0, intended: Self.nanoseconds(request.intended), ended: Self.nanoseconds(to), hasTime: false))
          }
        }
      }
      activity.open = open.count
      activity.oldestOpen = open.map(\.begun).min().map(Self.nanoseconds)
      var span = LoadSpan(
        start: Self.nanoseconds(at), end: Self.nanoseconds(to), active: users(open.count), steps: [tally],
        activity: [activity], slow: slow)
      if isLast {
        span.iterations.scheduled = UInt64(requests.count)
        span.iterations.started = UInt64(requests.count)
      }
      total.add(span)
      _ = watch.observe(
        LoadProgress(spans: [span], total: total, plannedNanoseconds: Self.nanoseconds(duration)))
      at = to
    }
    let result = watch.completing(total)
    return (watch.verdicts(for: result), watch.silences, result)
  }

  private func users(_ open: Int) -> Int {
    if case .users(let count, _) = load { count } else { open }
  }

  private func requests(_ generator: inout SeededGenerator) -> [Request] {
    var requests: [Request] = []
    switch load {
    case .users(let count, let think):
      for _ in 0..<count {
        var time = 0.0
        while time < duration {
          let ended = service.end(of: time, &generator)
          requests.append(Request(intended: time, begun: time, ended: ended))
          time = ended + (think > 0 ? -think * log(1 - generator.unit()) : 0)
        }
      }
    case .rate(let rate, _):
      var time = 0.0
      while true {
        time += -log(1 - generator.unit()) / rate
        guard time < duration else { break }
        requests.append(Request(intended: time, begun: time, ended: service.end(of: time, &generator)))
      }
    }
    return requests
  }

  private static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(max(0, min(seconds, 1e9)) * 1e9) }
}
