import BenchEngine
import Evidence
import Foundation
import Histograms
import Measures

@testable import BenchReporting

/// Runs with figures that are the same every time.
struct SampleRun {
  var plan: LoadPlan
  var result: LoadResult
  var seconds: [Second]
  var context: ReportContext

  func report() throws -> BenchReport {
    try ReportBuilder.report(plan: plan, result: result, timeline: timeline().figures(), context: context)
  }

  func timeline() throws -> Timeline {
    let timeline = try Timeline(folder: NSTemporaryDirectory())
    for second in seconds { timeline.add(second) }
    return timeline
  }

  static let all: [(name: String, run: SampleRun)] = [
    ("pass", pass), ("fail", fail), ("never-answered", neverAnswered), ("no-data", noData),
    ("interrupted", interrupted), ("generator-bound", generatorBound), ("default-budget", defaultBudget),
    ("phased", phased),
    ("near-floor", nearFloor),
  ]

  static let machine = Machine(
    cores: 2, cpuModel: "Example CPU @ 2.00GHz", memoryBytes: 4_294_967_296, kernel: "6.1.0-example")

  /// 120 users for a minute over four steps.
  static var pass: SampleRun {
    let names = ["health", "today", "schedules", "schedules by date"]
    let steps = names.map {
      StepPlan(
        name: $0, request: [],
        checks: [
          CheckPlan(label: "status is 200", subject: .status([StatusRange(200, 200)])),
          CheckPlan(label: "$.count > 0", subject: .bodyContains([])),
        ])
    }
    let plan = LoadPlan(
      endpoint: Endpoint(host: "127.0.0.1", port: 8000), steps: steps,
      journeys: [JourneyPlan(name: "morning", weight: 1, steps: [0, 1, 2, 3])],
      workload: .users([.init(duration: .seconds(10), target: 120), .init(duration: .seconds(60), target: 120)]),
      warmUp: .seconds(10), seed: 7, workers: 2)
    let tallies = names.indices.map { tally(count: 12_041 - $0 * 1_500, milliseconds: 3 + Double($0) * 4) }
    var result = LoadResult(
      steps: tallies, warmUpSteps: names.map { _ in tally(count: 480, milliseconds: 9) },
      elapsedNanoseconds: 70_213_000_000)
    let seconds = (1...70).map { number in
      let tally = tally(count: 100, milliseconds: 4)
      var second = Second()
      second.elapsedNanoseconds = UInt64(number) * 1_000_000_000
      second.isWarmUp = number <= 10
      second.active = min(120, number * 12)
      second.completed = 100
      second.response = tally.response
      second.lag = tally.lag
      return second
    }
    let total = tallies.reduce(0) { $0 + $1.attempts } + 4 * 480
    result.iterations.scheduled = total / 4
    result.iterations.started = total / 4
    result.iterations.completed = total / 4
    result.connections.opened = 120
    result.generator.workers = 2
    result.generator.workerCPUNanoseconds = 2_400_000_000
    result.generator.peakWorkerBusy = 0.0712
    for index in 0..<1_000 { result.generator.controlLag.record(60_000 + UInt64(index) * 50) }
    let context = ReportContext(
      scenarioName: "campus-morning", scenarioSHA256: String(repeating: "0a", count: 32),
      target: "http://admin:secret@127.0.0.1:8000", startedAt: Date(timeIntervalSince1970: 1_795_478_400.007),
      machine: machine,
      budgets: [
        BudgetFigures(
          text: "response_time: p(95) < 300 ms", metric: "response_time", statistic: "p(95)",
          observed: Quantity(21.4, .milliseconds), limit: Quantity(300, .milliseconds), verdict: .met, samples: 39_164),
        BudgetFigures(
          text: "response_time{step:schedules}: p(99) < 300 ms", metric: "response_time", statistic: "p(99)",
          step: "schedules", observed: Quantity(26.3, .milliseconds), limit: Quantity(300, .milliseconds),
          verdict: .met, samples: 9_041),
        BudgetFigures(
          text: "failed: rate < 1 %", metric: "failed", statistic: "rate", observed: Quantity(0, .ratio),
          limit: Quantity(0.01, .ratio), verdict: .met, samples: 39_164),
      ],
      verdict: VerdictFigures(outcome: .pass, exitCode: 0))
    return SampleRun(plan: plan, result: result, seconds: seconds, context: context)
  }

  static var fail: SampleRun {
    var run = pass
    run.result.steps[2] = tally(count: 1_204, milliseconds: 350)
    run.result.steps[2].checksPassed = [1_192, 1_204]
    run.result.steps[2].checksFailed = [12, 0]
    run.result.steps[2].statuses = [200: 1_180, 503: 12]
    run.result.steps[2].answered = 1_192
    run.result.steps[2].failures = [.status: 12, .timeout: 12]
    run.result.steps[2].failureSamples = [
      .timeout: "no end of the response within 2 s", .status: "503 Service Unavailable \u{1B}[31m<html>\n<b>",
    ]
    run.result.steps[0].statuses[404] = 3
    run.context.budgets[1].verdict = .notMet
    run.context.budgets[1].text = "response_time{step:schedules}: p(95) < 300 ms"
    run.context.budgets[1].statistic = "p(95)"
    run.context.budgets[1].observed = Quantity(512, .milliseconds)
    run.context.budgets[1].samples = 1_204
    run.context.budgets[0].verdict = .notMet
    run.context.budgets[0].text = "response_time: p(95) < 300 ms over 30 s"
    run.context.budgets[0].observed = Quantity(341, .milliseconds)
    run.context.budgets[2].observed = Quantity(24 / 31_327, .ratio)
    run.context.budgets.append(
      BudgetFigures(
        text: "response_time{step:today}: p(99.9) < 1 s", metric: "response_time", statistic: "p(99.9)", step: "today",
        observed: Quantity(31, .milliseconds), limit: Quantity(1_000, .milliseconds), verdict: .met, samples: 400,
        warning: "0.4 samples beyond the quantile: at least 10,000 samples are needed"))
    run.context.budgets[3].observedInterval = .init(lower: 29.4, upper: nil)
    run.context.budgets.append(
      BudgetFigures(
        text: "response_time{step:today}: p(95) < 20 ms", metric: "response_time", statistic: "p(95)", step: "today",
        observed: Quantity(21.3, .milliseconds), limit: Quantity(20, .milliseconds), verdict: .unsure, samples: 400,
        observedInterval: .init(lower: 19.8, upper: 24.1)))
    run.context.budgets.append(
      BudgetFigures(
        text: "schedule_lag: max < 10 ms warn", metric: "schedule_lag", statistic: "max",
        observed: Quantity(14, .milliseconds), limit: Quantity(10, .milliseconds), verdict: .notMet, samples: 31_327,
        level: .warn))
    run.context.budgets.append(
      BudgetFigures(
        text: "response_time{step:health}: p(95) < 1 s warn", metric: "response_time", statistic: "p(95)",
        step: "health", observed: nil, limit: Quantity(1_000, .milliseconds), verdict: .noData, samples: 0,
        level: .warn))
    run.context.verdict = VerdictFigures(
      outcome: .fail, exitCode: 99, reasons: ["response_time{step:schedules}: p(95) was 512 ms, limit 300 ms"])
    return run
  }

  static var neverAnswered: SampleRun {
    var run = pass
    run.result.steps = run.plan.steps.indices.map { index in
      var tally = StepMeasure(checks: 2)
      guard index == 0 else { return tally }
      tally.attempts = 2_400
      tally.failures = [.connect: 2_400]
      tally.failureSamples = [.connect: "connection refused by 127.0.0.1:8000"]
      tally.response.recordUnanswered(times: 2_400)
      for lag in 0..<2_400 { tally.lag.record(UInt64(40_000 + lag)) }
      return tally
    }
    run.result.warmUpSteps = run.plan.steps.map { _ in StepMeasure(checks: 2) }
    run.context.budgets[0].observed = nil
    run.context.budgets[0].isUnanswered = true
    run.context.budgets[0].samples = 2_400
    run.context.budgets[0].verdict = .notMet
    run.context.budgets[1].observed = nil
    run.context.budgets[1].samples = 0
    run.context.budgets[1].verdict = .noData
    run.context.budgets[2].observed = Quantity(1, .ratio)
    run.context.budgets[2].samples = 2_400
    run.context.budgets[2].verdict = .notMet
    run.context.verdict = VerdictFigures(
      outcome: .neverAnswered, exitCode: 96,
      reasons: ["http://127.0.0.1:8000 never gave one complete HTTP answer: is it running, and at that port?"])
    return run
  }

  static var noData: SampleRun {
    var run = pass
    run.result.steps[3] = StepMeasure(checks: 2)
    run.context.budgets[1].text = "response_time{step:schedules by date}: p(95) < 300 ms"
    run.context.budgets[1].observed = nil
    run.context.budgets[1].samples = 0
    run.context.budgets[1].verdict = .noData
    run.context.verdict = VerdictFigures(
      outcome: .noData, exitCode: 98,
      reasons: ["response_time{step:schedules by date}: p(95) < 300 ms had no samples to judge"])
    return run
  }

  static var interrupted: SampleRun {
    var run = pass
    run.result.ending = .interrupted
    run.result.elapsedNanoseconds = 23_400_000_000
    run.seconds.removeLast(47)
    run.result.steps[0].attempts += 31
    run.result.steps[0].interrupted = 31
    run.context.verdict = VerdictFigures(
      outcome: .interrupted, exitCode: 105, reasons: ["interrupted after 23.4 s of 70.0 s: judged on what there is"])
    return run
  }

  static var generatorBound: SampleRun {
    var run = pass
    run.plan.workload = .rate([.init(duration: .seconds(70), target: 20_000, isStep: true)], maxInFlight: 1_000)
    run.result.generator.peakWorkerBusy = 0.998
    run.result.generator.resourceFailures = 1_250
    run.seconds[30].waiting = 812
    for index in run.result.steps.indices {
      run.result.steps[index].lag = tally(count: 9_000, milliseconds: 40).response
    }
    run.context.generatorIsBound = true
    run.context.generatorWarnings = [
      "schedule lag p99 79.6 ms is more than 10 % of the 279 ms that the tightest budget has left, with a worker 100 % "
        + "busy: use fewer arrivals, more workers or another machine"
    ]
    run.context.verdict = VerdictFigures(
      outcome: .generatorBound, exitCode: 97, reasons: ["the generator's own lag could have flipped a verdict"])
    return run
  }

  /// One step, no budget of the user's, and no answer to one in thirty.
  static var defaultBudget: SampleRun {
    var run = pass
    run.plan.steps = [StepPlan(name: "GET /", request: [])]
    run.plan.warmUp = .zero
    run.result.steps = [tally(count: 900, milliseconds: 12)]
    run.result.steps[0].checksPassed = []
    run.result.steps[0].checksFailed = []
    run.result.steps[0].attempts += 30
    run.result.steps[0].failures = [.reset: 30]
    run.result.steps[0].failureSamples = [.reset: "connection closed by the peer before a response"]
    run.result.steps[0].response.recordUnanswered(times: 30)
    run.result.warmUpSteps = [StepMeasure()]
    run.seconds = []
    run.context.budgets = [
      BudgetFigures(
        text: "failed: rate < 1 %", isDefault: true, metric: "failed", statistic: "rate",
        observed: Quantity(30 / 930, .ratio), limit: Quantity(0.01, .ratio), verdict: .notMet, samples: 930)
    ]
    run.context.scenarioName = "127.0.0.1"
    run.context.scenarioSHA256 = nil
    run.context.verdict = VerdictFigures(
      outcome: .fail, exitCode: 99, reasons: ["failed: rate was 3.2 %, limit 1 %"])
    return run
  }

  /// A visit that wakes the service, a herd with it, and a phase that the end came before; setup and teardown.
  static var phased: SampleRun {
    var run = pass
    run.plan.steps[0].tags = ["kind": "poll"]
    run.plan.steps[2].tags = ["kind": "read"]
    run.plan.steps[1].thinkTime = .uniform(.seconds(1), .seconds(3))
    run.plan.workload = .users([])
    run.plan.warmUp = .zero
    run.plan.journeys.append(JourneyPlan(name: "visit", weight: 1, steps: [0]))
    run.plan.phases = [
      PhasePlan(
        name: "visit", start: .at(.seconds(20)), journeys: [1],
        workload: .users([.init(duration: .seconds(60), target: 1, isStep: true)]), pacing: .constant(.seconds(5)),
        iterationLimit: .shared(1)),
      PhasePlan(
        name: "herd", start: .with(0), journeys: [0],
        workload: .rate(
          [
            .init(duration: .zero, target: 1, isStep: true), .init(duration: .seconds(20), target: 10),
            .init(duration: .seconds(40), target: 10, isStep: true),
          ], maxInFlight: 2_000), warmUp: .seconds(2), seed: 3, arrivals: .poisson, overflow: .drop),
      PhasePlan(name: "after", start: .after(1), journeys: [0, 1], workload: .users([])),
    ]
    var visit = PhaseResult(steps: run.plan.steps.map { _ in StepMeasure(checks: 2) })
    var herd = visit
    let never = visit
    visit.startNanoseconds = 20_000_000_000
    visit.elapsedNanoseconds = 9_300_000_000
    visit.firstByteNanoseconds = 9_214_000_000
    visit.steps[0] = tally(count: 1, milliseconds: 18_400)
    visit.iterations.scheduled = 1
    visit.iterations.started = 1
    visit.iterations.completed = 1
    herd.startNanoseconds = 20_000_000_000
    herd.elapsedNanoseconds = 50_213_000_000
    herd.firstByteNanoseconds = 9_220_000_000
    herd.steps = (0..<4).map { tally(count: 400 - $0 * 100, milliseconds: 40) }
    herd.steps[1].failures = [.timeout: 12]
    herd.iterations.scheduled = 410
    herd.iterations.dropped = 10
    herd.iterations.droppedByOverflow = 10
    herd.iterations.started = 400
    herd.iterations.completed = 388
    herd.iterations.failed = 12
    run.result.phases = [visit, herd, never]
    run.result.steps = zip(visit.steps, herd.steps).map { first, second in
      var sum = first
      sum.add(second)
      return sum
    }
    run.result.warmUpSteps = run.plan.steps.map { _ in StepMeasure(checks: 2) }
    run.result.iterations = visit.iterations
    run.result.iterations.add(herd.iterations)
    run.result.ending = .interrupted
    run.context.budgets[1].text = "response_time{kind:poll,phase:herd}: p(99) < 300 ms"
    run.context.budgets[1].step = nil
    run.context.budgets[1].phase = "herd"
    run.context.budgets[1].tags = ["kind": "poll"]
    run.context.verdict = VerdictFigures(outcome: .interrupted, exitCode: 105, reasons: ["the run was interrupted"])
    run.context.setup = SideFigures()
    run.context.setup?.requests = 2
    run.context.setup?.seconds = 0.41
    run.context.teardown = SideFigures()
    run.context.teardown?.requests = 1
    run.context.teardown?.failed = 1
    run.context.teardown?.seconds = 0.02
    run.context.teardown?.failure = "step 'remove the ward' was answered with HTTP status 500"
    run.context.egress = EgressFigures(
      requests: 1_000, bytesSent: 120_000, bytesReceived: 4_096_000, basis: "stated", agreed: false)
    run.context.wake = WakeFigures(
      phase: "visit", startSeconds: 20, firstByteSeconds: 9.214, budget: "p(95) < 500ms", budgetMetSeconds: 14,
      attempts: 1_001, failed: 12)
    return run
  }

  /// A service that answers about as fast as this host can ask, over TLS, on a host that has been calibrated.
  static var nearFloor: SampleRun {
    var run = pass
    run.plan.steps = [StepPlan(name: "health", request: [])]
    run.result.steps = [tally(count: 20_000, milliseconds: 0.2)]
    run.result.steps[0].checksPassed = []
    run.result.steps[0].checksFailed = []
    run.result.warmUpSteps = [StepMeasure()]
    for index in 0..<120 {
      run.result.steps[0].phases.connect.record(40_000 + UInt64(index) * 500)
      run.result.steps[0].phases.tls.record(900_000 + UInt64(index) * 9_000)
    }
    run.result.connections.resumed = 17
    run.result.lookUps.record(1_200_000)
    run.result.connections.failedLookUps = 1
    run.result.connections.moves = 1
    run.context.budgets.removeAll { $0.step != nil }
    var floor = Calibration.Floor(
      requestsPerSecond: 1_000, connections: 10, durationSeconds: 4.5, responseTime: LatencySummary(),
      controlLag: LatencySummary())
    floor.responseTime.count = 4_500
    floor.responseTime.p50 = 0.19
    floor.responseTime.p95 = 0.2
    floor.responseTime.p99 = 0.21
    run.context.calibration = Calibration(
      measuredAt: UTCInstant(Date(timeIntervalSince1970: 1_795_392_000)), outgrown: .init(version: "0", commit: nil),
      machine: machine, floor: floor,
      ceiling: .init(
        connections: 100, workers: 1, durationSeconds: 4.5, requestsPerSecond: 61_204, cpuSecondsPerMillion: 11.2))
    return run
  }

  /// Answers spread evenly from the half to the double of `milliseconds`.
  static func tally(count: Int, milliseconds: Double) -> StepMeasure {
    var tally = StepMeasure(checks: 2)
    tally.attempts = UInt64(count)
    tally.answered = UInt64(count)
    tally.statuses = [200: UInt64(count)]
    tally.checksPassed = [UInt64(count), UInt64(count)]
    tally.bytesSent = UInt64(count) * 120
    tally.bytesReceived = UInt64(count) * 4_096
    for index in 0..<count {
      let service = UInt64(milliseconds * (0.5 + 1.5 * Double(index) / Double(count)) * 1e6)
      let lag = UInt64(50_000 + index % 1_000 * 100)
      tally.service.record(service)
      tally.response.record(service + lag)
    }
    // What is alike at once: recording one by one is most of what the tests of reports would take.
    for index in 0..<min(count, 1_000) {
      tally.lag.record(UInt64(50_000 + index * 100), times: UInt64((count - index + 999) / 1_000))
    }
    tally.phases.wait = tally.service
    tally.phases.send.record(0, times: UInt64(count))
    tally.phases.receive.record(0, times: UInt64(count))
    return tally
  }
}
