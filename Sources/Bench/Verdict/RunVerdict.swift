package import BenchEngine
import Histograms
package import Measures
package import Terminal

/// Everything that was decided about a run, and the exit code that says it.
package struct RunVerdict: Sendable {
  package var budgets: [BudgetVerdict]
  package var generator: GeneratorVerdict
  /// Requests were made, and not one got a complete answer.
  package var neverAnswered: Bool
  package var ending: RunEnding
  /// Those of the service and those of this host.
  package var silences: [Silence] = []

  package init(
    budgets: [BudgetVerdict], generator: GeneratorVerdict, neverAnswered: Bool = false,
    ending: RunEnding = .completed
  ) {
    self.budgets = budgets
    self.generator = generator
    self.neverAnswered = neverAnswered
    self.ending = ending
  }

  /// - Parameters:
  ///   - result: as `watch.completing` gave it.
  ///   - watch: the one that observed the run.
  package init(result: LoadResult, watch: BudgetWatch) {
    let verdicts = watch.verdicts(for: result)
    var lag = Histogram()
    var response = Histogram()
    for step in result.steps {
      lag.merge(step.lag)
      response.merge(step.response)
    }
    let all = result.steps + result.warmUpSteps
    self.init(
      budgets: verdicts,
      generator: .judge(
        lag: lag, controlLag: result.generator.controlLag, peakWorkerBusy: result.generator.peakWorkerBusy,
        resourceFailures: result.generator.resourceFailures, tightest: .tightest(of: verdicts), response: response),
      neverAnswered: all.contains { $0.attempts > 0 } && !all.contains { $0.answered > 0 },
      ending: result.ending)
    silences = watch.silences
    if let fault = HostFault.cause(of: verdicts, result: result, watch: watch) { generator = .generatorBound(fault) }
  }

  package var exitCode: ExitStatus {
    var codes: Set<ExitStatus> = []
    if ending == .interrupted { codes.insert(.interrupted) }
    if ending == .aborted { codes.insert(.notMet) }
    if neverAnswered { codes.insert(.targetNeverAnswered) }
    if case .generatorBound = generator { codes.insert(.generatorBound) }
    for verdict in budgets where verdict.budget.level == .fail {
      switch verdict.outcome {
      case .met, .unsure: break
      case .notMet: codes.insert(.notMet)
      case .noData: codes.insert(.noData)
      }
    }
    return .first(of: codes)
  }
}
