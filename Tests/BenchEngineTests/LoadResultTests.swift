import Measures
import Testing

@testable import BenchEngine

/// A run's result is the sum of its spans.
struct LoadResultTests {
  @Test("what a failure looked like is kept although the span that tells of it had no request")
  func samples() {
    var failing = LoadSpan(checks: [0])
    failing.steps[0].attempts = 3
    failing.steps[0].failures = [.protocol: 3]
    var last = LoadSpan(checks: [0], start: 1_000_000_000)
    last.isLast = true
    last.steps[0].failureSamples = [.protocol: "no status line"]
    var result = LoadResult(steps: [StepMeasure()])
    result.add(failing)
    result.add(last)
    #expect(result.steps[0].failures == [.protocol: 3])
    #expect(result.steps[0].failureSamples == [.protocol: "no status line"])
  }
}
