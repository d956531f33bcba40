import Histograms
import Testing

@testable import BenchEngine

/// What holds of every run, whatever the target did.
func expectConserved(_ result: LoadResult, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(result.iterations.isConserved, "\(result.iterations)", sourceLocation: sourceLocation)
  for step in result.steps + result.warmUpSteps { expectConserved(step, sourceLocation: sourceLocation) }
}

func expectConserved(_ step: StepTally, sourceLocation: SourceLocation = #_sourceLocation) {
  let unanswered = step.failures.filter { $0.key != .status }.values.reduce(0, +)
  let timed = step.answered + unanswered
  #expect(step.attempts == timed + step.interrupted, sourceLocation: sourceLocation)
  #expect(step.response.count == timed && step.service.count == timed, sourceLocation: sourceLocation)
  #expect(step.statuses.values.reduce(0, +) == step.answered, sourceLocation: sourceLocation)
  #expect(step.failures[.status] ?? 0 <= step.answered, sourceLocation: sourceLocation)
}
