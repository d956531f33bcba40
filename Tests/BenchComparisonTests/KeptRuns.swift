import Evidence
import Foundation
import Measures

@testable import BenchComparison

/// Reports as runs leave them, with the figures that matter here.
enum KeptRuns {
  static func report(
    p95: Double?, failed: UInt64 = 0, budget: String? = nil, steps: [String: Double] = [:], startedAt: Double = 0,
    cores: Int = 2, scenario: String = "shop", users: Double = 10, digest: Character = "a"
  ) -> BenchReport {
    func figures(_ name: String, _ p95: Double?) -> StepFigures {
      var figures = StepFigures(name: name)
      figures.responseTime.count = 1_000
      figures.responseTime.p95 = p95
      if p95 == nil { figures.responseTime.unansweredQuantiles = [.p95] }
      figures.requests.attempts = 1_000
      figures.requests.failed = failed
      return figures
    }
    var model = ScenarioSummary.Model(
      kind: .users, stages: [.init(durationSeconds: 30, target: users, isStep: true)])
    model.maxInFlight = nil
    let budgets = budget.map { text in
      BudgetFigures(
        text: text, metric: text.hasPrefix("requests") ? "requests" : "response_time",
        statistic: text.hasPrefix("requests") ? "rate" : "p(95)", observed: p95.map { Quantity($0, .milliseconds) },
        isUnanswered: p95 == nil, limit: Quantity(300, .milliseconds), verdict: .met, samples: 1_000)
    }
    return BenchReport(
      origin: .live, timeScale: 1, startedAt: UTCInstant(seconds: 1_780_000_000 + startedAt), durationSeconds: 30,
      measuredSeconds: 30, outgrown: .init(version: "1", commit: nil), machine: Machine(cores: cores), plan: nil,
      scenario: ScenarioSummary(
        name: scenario, fileSHA256: String(repeating: digest, count: 64), target: "http://127.0.0.1", model: model,
        seed: 1, warmUpSeconds: 0, gracefulStopSeconds: 0),
      ending: .completed, totals: figures("", p95),
      steps: steps.isEmpty
        ? [figures("only", p95)] : steps.sorted { $0.key < $1.key }.map { figures($0.key, $0.value) },
      warmUp: [], iterations: IterationCounts(), connections: ConnectionCounts(), timeline: [],
      generator: GeneratorFigures(
        workers: 1, workerCPUSeconds: 1, peakWorkerBusy: 0.1, controlLag: LatencySummary(),
        resourceFailures: 0),
      budgets: budgets.map { [$0] } ?? [], verdict: VerdictFigures(outcome: .pass, exitCode: 0))
  }

  static func set(_ source: String, _ reports: [BenchReport]) -> ReportSet {
    // Each at a minute of its own, and each side's before the other's.
    let first = source == "head" ? 86_400.0 : 0
    return ReportSet(
      source: source,
      reports: reports.enumerated().map { place, report in
        var report = report
        report.startedAt = UTCInstant(seconds: report.startedAt.seconds + first + Double(place) * 60)
        return ("\(place)", report)
      })
  }

  static func set(_ source: String, p95s: [Double]) -> ReportSet { set(source, p95s.map { report(p95: $0) }) }
}
