import Evidence
import Foundation
import Statistics

/// A report of three plans: measured, killed for memory, never started.
enum SamplePlans {
  static var report: PlansReport {
    PlansReport(
      origin: .emulated, startedAt: UTCInstant(Date(timeIntervalSince1970: 1_764_086_400)), durationSeconds: 141.5,
      outgrown: .init(version: "0.1.0", commit: nil),
      machine: Machine(cores: 2, cpuModel: "Example CPU", memoryBytes: 8 << 30, kernel: "6.1.0"),
      command: ["python3", "app.py"],
      scenario: ScenarioSummary(
        name: "campus-morning", fileSHA256: nil, target: "http://127.0.0.1:8000",
        model: .init(
          kind: .rate, stages: [.init(durationSeconds: 7, target: 1_700, isStep: true)], maxInFlight: 1_000),
        seed: 1, warmUpSeconds: 1, gracefulStopSeconds: 2),
      catalogue: "render-2026-10", limiter: .cgroupV1, timeScale: 900, plans: [free, starter, standard],
      warnings: ["standard: this machine had no CPU left"])
  }

  private static var free: PlanFigures {
    PlanFigures(
      plan: "free", cpu: 0.1, memoryMegabytes: 512, outcome: .measured, constraint: .latency,
      explanation: "at 207/s response_time: p(95) < 300ms was 311 ms, with all of its 0.1 CPU in use",
      capacity: Estimate(190, lower: 190, upper: 207, basis: .measured),
      start: Estimate(0.492, lower: 0.489, upper: 0.594, basis: .measured),
      platformWake: Estimate(20, lower: 5, upper: 60, basis: .assumed),
      coldVisit: Estimate(20.48, lower: 5.48, upper: 60.56, basis: .assumed), cpuShare: 0.99,
      peakMemoryBytes: 53 << 20, memoryKills: 0,
      trials: [
        .init(
          ratePerSecond: 190, isWithinBudgets: true, p95Milliseconds: 91, failedShare: 0, measuredSeconds: 6,
          cpuShare: 0.99),
        .init(
          ratePerSecond: 207, isWithinBudgets: false, p95Milliseconds: nil, failedShare: 0.5, measuredSeconds: 2.1,
          cpuShare: 1.01, isDeciding: true),
      ])
  }

  private static var starter: PlanFigures {
    PlanFigures(
      plan: "starter", cpu: 0.5, memoryMegabytes: 512, outcome: .crashLoop, constraint: .memory,
      explanation: "it died 5 times under load (signal 9, above the memory limit)", peakMemoryBytes: 512 << 20,
      memoryKills: 5)
  }

  private static var standard: PlanFigures {
    PlanFigures(
      plan: "standard", cpu: 1, memoryMegabytes: 2_048, outcome: .measured, constraint: .none,
      explanation: "the highest rate that was asked for, 2,000/s, held: raise --max-rate to find its end",
      capacity: Estimate(exactly: 2_000, basis: .measured),
      start: Estimate(0.08, lower: 0.07, upper: 0.1, basis: .measured))
  }
}
