package import BenchVerdict
package import Evidence
package import Foundation

/// What a report says besides what the engine planned and counted.
package struct ReportContext: Sendable {
  package var scenarioName: String
  /// SHA-256 of the scenario's file in lower-case hexadecimal.
  package var scenarioSHA256: String?
  /// The target's URL; a user and password in it are left out of the report.
  package var target: String
  /// The wall clock when the run's monotonic clock was zero.
  package var startedAt: Date
  package var origin: Origin
  package var timeScale: Double
  package var plan: String?
  package var machine: Machine
  package var budgets: [BudgetFigures]
  package var verdict: VerdictFigures
  package var generatorIsBound: Bool
  package var generatorWarnings: [String]
  package var setup: SideFigures?
  package var teardown: SideFigures?
  package var egress: EgressFigures?
  package var wake: WakeFigures?
  package var silences: [Silence] = []
  /// Of this host, when there is one.
  package var calibration: Calibration?

  package init(
    scenarioName: String, scenarioSHA256: String? = nil, target: String, startedAt: Date, origin: Origin = .live,
    timeScale: Double = 1, plan: String? = nil, machine: Machine = .current, budgets: [BudgetFigures],
    verdict: VerdictFigures, generatorIsBound: Bool = false, generatorWarnings: [String] = []
  ) {
    self.scenarioName = scenarioName
    self.scenarioSHA256 = scenarioSHA256
    self.target = target
    self.startedAt = startedAt
    self.origin = origin
    self.timeScale = timeScale
    self.plan = plan
    self.machine = machine
    self.budgets = budgets
    self.verdict = verdict
    self.generatorIsBound = generatorIsBound
    self.generatorWarnings = generatorWarnings
  }
}
